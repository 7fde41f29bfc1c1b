import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Identity } from "./certificates.ts";
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
  const folder = folderOfPrograms();
  if (folder === undefined) return "the programs postgres and initdb are not on this machine";
  if (process.getuid?.() !== 0) return { folder, owner: undefined };
  try {
    const id = (what: string): number => Number(execFileSync("id", [what, "postgres"], { stdio: "pipe" }));
    return { folder, owner: { uid: id("-u"), gid: id("-g") } };
  } catch {
    return "PostgreSQL doesn't run as root, and there is no user postgres";
  }
}

/** Debian has each version's programs in a folder of their own, outside of PATH. */
function folderOfPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const inPath = (process.env["PATH"] ?? "").split(delimiter);
  const versions = entriesOf(debian).toSorted((a, b) => Number(b) - Number(a));
  for (const folder of [...inPath, ...versions.map((version) => join(debian, version, "bin"))]) {
    try {
      return dirname(realpathSync(join(folder, "postgres")));
    } catch {
      // not here
    }
  }
  return undefined;
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

/**
 * A PostgreSQL with a database of its own, which speaks TLS 1.3 and 1.2 and asks for no passwords. If it is told whose
 * clients to take it demands certificates that name the user (`clientcert=verify-full`): a chain that it can't verify is
 * refused in the handshake, everything else behind it.
 */
export class PostgresServer {
  readonly program: Program;
  readonly port: number;
  readonly #folder: string;

  private constructor(program: Program, port: number, folder: string) {
    this.program = program;
    this.port = port;
    this.#folder = folder;
  }

  static async start(
    { folder: programs, owner }: PostgresPrograms,
    identity: Pick<Identity, "chainPem" | "keyPem">,
    clients?: Pick<Identity, "rootPem">,
  ): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "tlskit-postgres-"));
    if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
    const data = join(folder, "data");
    const initdb = ["-D", data, "-U", postgresUser, "-A", "trust", "--no-sync"];
    execFileSync(join(programs, "initdb"), initdb, { ...owner, cwd: folder, stdio: "ignore" });
    const files = {
      "server.crt": identity.chainPem,
      "server.key": identity.keyPem,
      ...(clients === undefined ? {} : { "clients.crt": clients.rootPem }),
      "pg_hba.conf": `hostssl all all 127.0.0.1/32 trust${clients === undefined ? "" : " clientcert=verify-full"}\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      const path = join(data, name);
      writeFileSync(path, text);
      chmodSync(path, 0o600);
      if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
    }
    return await onFreePort(async (port) => {
      const settings = {
        port: String(port),
        listen_addresses: "127.0.0.1",
        unix_socket_directories: "",
        ssl: "on",
        ssl_ca_file: clients === undefined ? "" : "clients.crt",
        ssl_min_protocol_version: "TLSv1.2",
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
    rmSync(this.#folder, { recursive: true, force: true });
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
