/** What programs do with pg. */
import { once } from "node:events";
import { Client, type ClientConfig, Pool } from "pg";
import { type Cases, input, runCases } from "./cases.ts";
import { cutOff, untilItSucceeds } from "./cut-off.ts";

/** What the server says of a connection. */
const statement = `
  SELECT current_user AS user, version, client_dn AS certificate
  FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;

const { versions, cutPort, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, ClientConfig>>;
  /** Where everybody is cut off who is connected to these. */
  readonly cutPort: number;
  /** Of connections of which the server is asked alone. */
  readonly connections: Readonly<Record<string, ClientConfig>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, config]) => [
      name,
      async () => {
        await using client = await connected(config);
        return (await client.query(statement)).rows[0];
      },
    ]),
  ),
);

function everything(usual: ClientConfig): Cases {
  return {
    async "large results"() {
      await using client = await connected(usual);
      const { rows } = await client.query("SELECT n, repeat('x', 10000) AS text FROM generate_series(1, 300) AS n");
      return { rows: rows.length, whole: rows.every(({ text }) => text === "x".repeat(10_000)) };
    },

    async "large parameters"() {
      await using client = await connected(usual);
      const { rows } = await client.query("SELECT length($1) AS length", ["ä".repeat(1_000_000)]);
      return rows;
    },

    async NOTIFY() {
      await using listener = await connected(usual);
      await using notifier = await connected(usual);
      await listener.query("LISTEN news");
      const heard = once(listener, "notification");
      await notifier.query("NOTIFY news, 'something happened'");
      const [{ channel, payload }] = await heard;
      return { channel, payload };
    },

    async "a query cancelled"() {
      await using client = await connected(usual);
      await using other = await connected(usual);
      const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
      const sleeping = client.query("SELECT pg_sleep(60)").catch(({ code }) => code);
      // It may not have begun to sleep.
      let cancelled = false;
      void sleeping.then(() => {
        cancelled = true;
      });
      while (!cancelled) await other.query("SELECT pg_cancel_backend($1)", [rows[0].pid]);
      return { code: await sleeping, afterwards: (await client.query("SELECT 1 AS one")).rows };
    },

    async "a pool"() {
      const pool = new Pool({ ...usual, max: 4 });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => pool.query("SELECT $1::int AS n", [n]).then(({ rows }) => rows[0].n)),
      );
      await pool.end();
      return answers;
    },

    async "a pool that lets the program end"() {
      const pool = new Pool({ ...usual, allowExitOnIdle: true, idleTimeoutMillis: 0 });
      pool.on("error", () => undefined); // when others are cut off
      return (await pool.query("SELECT 1 AS one")).rows;
    },

    async "connections that are cut off"() {
      const pool = new Pool({ ...usual, max: 2 });
      pool.on("error", () => undefined); // of those that are idle
      const waiting = pool.query("SELECT pg_sleep(60)").then(
        () => "an answer",
        () => "an error",
      );
      await pool.query("SELECT 1");
      await cutOff(cutPort);
      const { rows } = await untilItSucceeds(() => pool.query("SELECT 1 AS one"));
      const query = await waiting;
      await pool.end();
      return { query, afterwards: rows };
    },
  };
}

async function connected(config: ClientConfig): Promise<Client & AsyncDisposable> {
  const client = new Client(config);
  client.on("error", () => undefined);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
