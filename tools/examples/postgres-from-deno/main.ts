/// <reference types="deno" />
/**
 * Asks a PostgreSQL who it takes us for, from Deno, with the driver pg over a connection of ours:
 * `deno run --allow-net --allow-env --allow-read main.ts HOST PORT USER CA-FILE CERT-FILE KEY-FILE`.
 */
import { Duplex } from "node:stream";
import { startTls } from "@tlskit/deno";
import { trustAnchorsFromPem } from "@tlskit/tls";
import pg from "pg";

const [hostname = "", port, user = "", ca = "", cert = "", key = ""] = Deno.args;
const read = (path: string): string => Deno.readTextFileSync(path);

const raw = await Deno.connect({ hostname, port: Number(port) });
// PostgreSQL is asked in the clear whether it would begin TLS (SSLRequest), and says S.
await raw.write(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
const answer = new Uint8Array(1);
await raw.read(answer);
if (answer[0] !== "S".charCodeAt(0)) throw new Error("PostgreSQL speaks no TLS");

// As sslmode=verify-full: our own authority alone, and the server's name.
const anchors = trustAnchorsFromPem(read(ca));
const conn = await startTls(raw, { hostname, anchors, cert: read(cert), key: read(key) });
await conn.handshake();

/** What pg takes for a socket, which it would connect itself: this one is there already. */
function socket(stream: Duplex): Duplex {
  const connect = (): void => void queueMicrotask(() => stream.emit("connect"));
  return Object.assign(stream, { connect, setNoDelay: () => stream });
}

// Node's declarations know nothing of connections of Deno's.
const stream = socket(Duplex.fromWeb(conn as unknown as Parameters<typeof Duplex.fromWeb>[0]));
const client = new pg.Client({ user, database: "postgres", stream: () => stream });
await client.connect();
const { rows } = await client.query(
  "SELECT version, cipher, client_dn, current_user, repeat('x', 100000) AS long FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
);
const [{ long, ...shown }] = rows;
console.log(JSON.stringify({ ...shown, long: long.length }));
await client.end();
