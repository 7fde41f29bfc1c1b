import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { whenMeasured } from "./closing.ts";
import type { BenchPki } from "./pki.ts";
import type { Absence } from "./row.ts";

/** A PostgreSQL that was started for a measurement, with a database of its own in a temporary folder. */
export interface Postgres {
  readonly port: number;
  /** The user, whom it trusts without a password. */
  readonly user: string;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const user = "bench";

/** Starts the one that the machine has, with TLS. */
export async function startPostgres(pki: BenchPki): Promise<Postgres | Absence> {
  const programs = folderOfPrograms();
  if (programs === undefined) return { absent: "there is no program postgres" };
  // It refuses to run as root.
  const owner = process.getuid?.() === 0 ? userOfServer() : undefined;
  if (owner !== undefined && "absent" in owner) return owner;
  const folder = mkdtempSync(join(tmpdir(), "tlskit-bench-"));
  whenMeasured(() => rmSync(folder, { recursive: true, force: true }));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const quietly = { ...owner, cwd: folder, stdio: "ignore" } as const;
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", user, "-A", "trust", "--no-sync"], quietly);
  for (const [name, text] of [
    ["server.crt", pki.cert],
    ["server.key", pki.key],
  ] as const) {
    const path = join(data, name);
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
  }
  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ssl: "on",
    ssl_min_protocol_version: "TLSv1.3",
    fsync: "off",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(programs, "postgres"), ["-D", data, ...options], quietly);
  whenMeasured(() => stop(server));
  while (!isReady(programs, port)) await setTimeout(50);
  return { port, user };
}

/** PostgreSQL's way to TLS: it is asked whether it would, and says S. */
export async function readyForTls({ port }: Postgres): Promise<Socket> {
  const socket = connectTcp({ host: "127.0.0.1", port, noDelay: true });
  socket.write(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
  const [answer] = await once(socket, "data");
  if (String(answer) !== "S") throw new Error(`PostgreSQL answered ${answer} to the request for TLS`);
  socket.pause();
  return socket;
}

/** Where `initdb` and others are, which aren't in everybody's PATH as `postgres` is. */
function folderOfPrograms(): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      return dirname(realpathSync(join(folder, "postgres")));
    } catch {
      // not here
    }
  }
  return undefined;
}

function userOfServer(): Owner | Absence {
  try {
    const id = (what: string): number => Number(execFileSync("id", [what, "postgres"], { stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return { absent: "PostgreSQL doesn't run as root, and there is no user postgres" };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server listens on no port");
  return address.port;
}

/** Whether it takes connections: that it listens says little, since it also does while it is starting up. */
function isReady(programs: string, port: number): boolean {
  try {
    execFileSync(join(programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const over = once(server, "exit");
  server.kill("SIGINT"); // its fast way to end
  await over;
}
