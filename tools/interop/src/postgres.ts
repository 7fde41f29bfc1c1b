import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Identity } from "./certificates.ts";
import { DaemonFolder, daemonOwner, findProgram } from "./daemon.ts";
import { onFreePort } from "./free-port.ts";
import { type Owner, Program } from "./program.ts";

/** Where its programs are, and who is to run them: it refuses to be root's. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly owner: Owner | undefined;
}

/** The PostgreSQL of this machine, or the sentence that says why there is none. */
export const postgres: PostgresPrograms | string = detect();

function detect(): PostgresPrograms | string {
  // Debian has each version's programs in a folder of their own, outside of PATH.
  const debian = "/usr/lib/postgresql";
  const versions = entriesOf(debian).toSorted((a, b) => Number(b) - Number(a));
  const program = findProgram(
    "postgres",
    versions.map((version) => join(debian, version, "bin")),
  );
  if (program === undefined) return "the programs postgres and initdb are not on this machine";
  const user = daemonOwner("postgres");
  return typeof user === "string" ? user : { folder: dirname(program), ...user };
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The database's superuser. */
export const postgresUser = "alice";

/** What may differ from a server that speaks TLS 1.3 and 1.2 and lets everybody in. */
export interface PostgresSettings {
  /**
   * Whose clients it takes: it demands certificates that name the user (`clientcert=verify-full`). A chain that it can't
   * verify is refused in the handshake, everything else behind it.
   */
  readonly clients?: Pick<Identity, "rootPem"> | undefined;
  /** How it lets users in, line by line of its `pg_hba.conf`. */
  readonly access?: readonly string[] | undefined;
  /** The one version of TLS that it speaks. */
  readonly version?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** A PostgreSQL with a database of its own. */
export class PostgresServer {
  readonly program: Program;
  readonly port: number;
  readonly #folder: DaemonFolder;

  private constructor(program: Program, port: number, folder: DaemonFolder) {
    this.program = program;
    this.port = port;
    this.#folder = folder;
  }

  static async start(
    { folder: programs, owner }: PostgresPrograms,
    identity: Pick<Identity, "chainPem" | "keyPem">,
    { clients, access, version }: PostgresSettings = {},
  ): Promise<PostgresServer> {
    const folder = new DaemonFolder("postgres", owner);
    const data = join(folder.path, "data");
    const initdb = ["-D", data, "-U", postgresUser, "-A", "trust", "--no-sync"];
    execFileSync(join(programs, "initdb"), initdb, { ...owner, cwd: folder.path, stdio: "ignore" });
    const everybody = `hostssl all all 127.0.0.1/32 trust${clients === undefined ? "" : " clientcert=verify-full"}`;
    const files = {
      ssl_cert_file: folder.file("server.crt", identity.chainPem),
      ssl_key_file: folder.file("server.key", identity.keyPem),
      ssl_ca_file: clients === undefined ? "" : folder.file("clients.crt", clients.rootPem),
      hba_file: folder.file("pg_hba.conf", (access ?? [everybody]).map((line) => `${line}\n`).join("")),
    };
    return await onFreePort(async (port) => {
      const settings = {
        ...files,
        port: String(port),
        listen_addresses: "127.0.0.1",
        unix_socket_directories: "",
        ssl: "on",
        ssl_min_protocol_version: version ?? "TLSv1.2",
        ssl_max_protocol_version: version ?? "",
        fsync: "off",
      };
      const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
      const program = new Program(join(programs, "postgres"), ["-D", data, ...options], { owner });
      const ready = /ready to accept connections|(could not bind|Address already in use)/;
      const [, taken] = await program.waitForLine(ready);
      if (taken === undefined) return new PostgresServer(program, port, folder);
      await program.stop();
      return undefined;
    });
  }

  /** Ends it, in its fast way, which leaves nothing behind. */
  async stop(): Promise<void> {
    await this.program.stop("SIGINT");
    this.#folder.remove();
  }

  /** A connection on which TLS may begin: PostgreSQL is asked whether it would, and says S. */
  async readyForTls(): Promise<Socket> {
    const socket = connectTcp({ host: "127.0.0.1", port: this.port, noDelay: true });
    socket.write(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
    const [answer] = await once(socket, "data");
    if (String(answer) !== "S") throw new Error(`PostgreSQL answered ${answer} to the request for TLS`);
    socket.pause();
    return socket;
  }
}

/** A stream as the driver `pg` takes one, which it connects itself: this one is there already. */
export function forPg(stream: Duplex): Duplex {
  return Object.assign(stream, { connect: () => process.nextTick(() => stream.emit("connect")) });
}
