import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { onFreePort } from "./free-port.ts";
import { Program } from "./program.ts";
import { identityFiles, scratchFile, scratchFolder } from "./scratch.ts";

/** The command, which isn't in everybody's PATH; nothing if there is none that speaks TLS. */
export const nginx: string | undefined = ["nginx", "/usr/sbin/nginx"].find((command) =>
  commandOutput(command, "-V")?.includes("TLS SNI support enabled"),
);

/** What it asks of clients. */
export interface NginxSettings {
  /** Whose clients it knows. */
  readonly clients: Identity;
  /** nginx's `ssl_verify_client`: it judges a certificate when the handshake is done, by its answers. */
  readonly verifyClient: "on" | "optional" | "off";
}

/** An nginx: unless told otherwise it answers each request with what it found: `SUCCESS CN=alice`, `NONE`, `FAILED:…`. */
export class Nginx {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  static async start(command: string, identity: Identity, settings: NginxSettings): Promise<Nginx> {
    return await Nginx.startWith(command, (port) => asking(port, identity, settings));
  }

  /** One with servers of its own, in the lines of its configuration. */
  static async startWith(command: string, servers: (port: number) => string): Promise<Nginx> {
    const folder = scratchFolder("nginx");
    return await onFreePort(async (port) => {
      const file = scratchFile("nginx.conf", configuration(folder, servers(port)));
      const program = new Program(command, ["-p", folder, "-c", file, "-e", "stderr"]);
      const [, taken] = await program.waitForLine(/using the ".*" event method|(Address already in use)/);
      if (taken === undefined) return new Nginx(program, port);
      await program.stop();
      return undefined;
    });
  }
}

function asking(port: number, identity: Identity, settings: NginxSettings): string {
  const { chain, key } = identityFiles(identity);
  return `
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};
    ssl_client_certificate ${identityFiles(settings.clients).root};
    ssl_verify_client ${settings.verifyClient};
    location / { return 200 "$ssl_client_verify $ssl_client_s_dn"; }
  }`;
}

function configuration(folder: string, servers: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
${servers}
}
`;
}
