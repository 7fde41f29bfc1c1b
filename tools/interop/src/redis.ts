import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { onFreePort } from "./free-port.ts";
import { Program } from "./program.ts";
import { identityFiles, scratchFolder } from "./scratch.ts";

/** What keeps `redis-server` from being started with TLS; nothing if it can be. */
export const noRedis: string | undefined = reasonAgainstRedis();

function reasonAgainstRedis(): string | undefined {
  // Of settings that make no sense it names the first.
  const output = commandOutput("redis-server", "--tls-auth-clients", "yes", "--port", "none");
  if (output === undefined) return "the command redis-server is not on this machine";
  return output.includes("tls-auth-clients") ? "redis-server was built without TLS" : undefined;
}

/** What may differ from a server that speaks TLS 1.3 and 1.2. */
export interface RedisSettings {
  /** The one version of TLS that it speaks. */
  readonly version?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** A Redis, which asks of clients what it asks unless told otherwise: a certificate. */
export class RedisServer {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  /** @param clients whose clients it takes. */
  static async start(identity: Identity, clients: Identity, { version }: RedisSettings = {}): Promise<RedisServer> {
    const { chain, key } = identityFiles(identity);
    const settings = {
      port: "0",
      bind: "127.0.0.1",
      dir: scratchFolder("redis"),
      save: "",
      "tls-cert-file": chain,
      "tls-key-file": key,
      "tls-ca-cert-file": identityFiles(clients).root,
      "tls-protocols": version ?? "TLSv1.2 TLSv1.3",
    };
    return await onFreePort(async (port) => {
      const all = Object.entries({ ...settings, "tls-port": String(port) });
      const program = new Program(
        "redis-server",
        all.flatMap(([name, value]) => [`--${name}`, value]),
      );
      const [, taken] = await program.waitForLine(/[Rr]eady to accept connections|(Address already in use)/);
      if (taken === undefined) return new RedisServer(program, port);
      await program.stop();
      return undefined;
    });
  }
}
