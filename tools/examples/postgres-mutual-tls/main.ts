/**
 * Asks a PostgreSQL who it takes us for. The program knows nothing of tlskit, which is put in place of `node:tls`:
 * `node --import @tlskit/node/register main.ts HOST PORT USER CA-FILE CERT-FILE KEY-FILE`.
 */
import { readFileSync } from "node:fs";
import { TLSSocket } from "node:tls";
import { TlsSocket } from "@tlskit/node";
import pg from "pg";

const [host = "", port, user = "", ca = "", cert = "", key = ""] = process.argv.slice(2);
const client = new pg.Client({
  host,
  port: Number(port),
  user,
  database: "postgres",
  // As sslmode=verify-full: our own authority alone, and the server's name.
  ssl: { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) },
});
await client.connect();
const { rows } = await client.query(
  "SELECT version, cipher, client_dn, issuer_dn, current_user FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
);
// Whose TLS it was: `node:tls` is what has been put in its place.
console.log(JSON.stringify({ ...rows[0], tlskit: TLSSocket.prototype instanceof TlsSocket }));
await client.end();
