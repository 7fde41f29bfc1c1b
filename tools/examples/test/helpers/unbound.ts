import type { Identity } from "@tlskit/interop/certificates";
import { commandOutput } from "@tlskit/interop/command-output";
import { onFreePorts } from "@tlskit/interop/free-port";
import { Program } from "@tlskit/interop/program";
import { identityFiles, scratchFile, scratchFolder } from "@tlskit/interop/scratch";

const command = "unbound";
const inDebian = "/usr/sbin/unbound";

/** What keeps unbound from being used; nothing if it can be. */
export const noUnbound: string | undefined = reasonAgainstUnbound();

function found(): readonly [string, string] | undefined {
  for (const path of [command, inDebian]) {
    const output = commandOutput(path, "-V");
    if (output !== undefined) return [path, output];
  }
  return undefined;
}

function reasonAgainstUnbound(): string | undefined {
  const [, output] = found() ?? [];
  if (output === undefined) return "the program unbound is not on this machine";
  return output.includes("--with-libnghttp2") ? undefined : "unbound was built without HTTP/2";
}

/** A resolver that knows one zone, and asks nobody about others. */
export class Unbound {
  readonly program: Program;
  readonly tlsPort: number;
  readonly httpsPort: number;

  private constructor(program: Program, tlsPort: number, httpsPort: number) {
    this.program = program;
    this.tlsPort = tlsPort;
    this.httpsPort = httpsPort;
  }

  /** @param records of the zone, as zone files have them: `host.test. A 192.0.2.1` */
  static async start(identity: Identity, zone: string, records: readonly string[]): Promise<Unbound> {
    const { chain, key } = identityFiles(identity);
    const [path = command] = found() ?? [];
    return await onFreePorts(2, async ([tlsPort = 0, httpsPort = 0]) => {
      const configuration = `
server:
  interface: 127.0.0.1@${tlsPort}
  interface: 127.0.0.1@${httpsPort}
  tls-port: ${tlsPort}
  https-port: ${httpsPort}
  tls-service-pem: "${chain}"
  tls-service-key: "${key}"
  do-daemonize: no
  do-udp: no
  username: ""
  chroot: ""
  directory: "${scratchFolder("unbound")}"
  pidfile: ""
  use-syslog: no
  module-config: "iterator"
  local-zone: "." refuse
  local-zone: "${zone}" static
${records.map((record) => `  local-data: "${record}"`).join("\n")}
remote-control:
  control-enable: no
`;
      const program = new Program(path, ["-d", "-v", "-c", scratchFile("unbound.conf", configuration)]);
      const [, taken] = await program.waitForLine(/start of service|(can't bind|could not open ports)/);
      if (taken === undefined) return new Unbound(program, tlsPort, httpsPort);
      await program.stop();
      return undefined;
    });
  }
}
