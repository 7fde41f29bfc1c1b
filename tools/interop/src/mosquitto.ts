import type { Identity } from "./certificates.ts";
import { findProgram } from "./daemon.ts";
import { onFreePort } from "./free-port.ts";
import { Program } from "./program.ts";
import { identityFiles, scratchFile } from "./scratch.ts";

/** The program mosquitto, or nothing. */
export const mosquitto: string | undefined = findProgram("mosquitto");

/** What may differ from a broker that speaks TLS 1.3 and 1.2 and takes everybody. */
export interface MosquittoSettings {
  /** Whose clients it takes: it demands certificates. */
  readonly clients?: Identity | undefined;
  /** The one version of TLS that it speaks. */
  readonly version?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** A broker of MQTT. */
export class MosquittoServer {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  static async start(
    command: string,
    identity: Identity,
    { clients, version }: MosquittoSettings = {},
  ): Promise<MosquittoServer> {
    const { chain, key } = identityFiles(identity);
    return await onFreePort(async (port) => {
      const lines = [
        "allow_anonymous true",
        "log_dest stderr",
        "log_type all",
        // It would become another user's, who may read nothing here.
        ...(process.getuid?.() === 0 ? ["user root"] : []),
        `listener ${port} 127.0.0.1`,
        `certfile ${chain}`,
        `keyfile ${key}`,
        ...(clients === undefined ? [] : [`cafile ${identityFiles(clients).root}`, "require_certificate true"]),
        ...(version === undefined ? [] : [`tls_version ${version.toLowerCase()}`]),
      ];
      const program = new Program(command, ["-c", scratchFile("mosquitto.conf", lines.join("\n"))]);
      const [, taken] = await program.waitForLine(/mosquitto version .* running|(Address already in use)/);
      if (taken === undefined) return new MosquittoServer(program, port);
      await program.stop();
      return undefined;
    });
  }
}
