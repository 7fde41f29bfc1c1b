/** What programs do with mysql2. */
import mysql, { type Connection, type ConnectionOptions } from "mysql2/promise";
import { type Cases, input, runCases } from "./cases.ts";
import { cutOff, untilItSucceeds } from "./cut-off.ts";

const { versions, cutPort, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, ConnectionOptions>>;
  /** Where everybody is cut off who is connected to these. */
  readonly cutPort: number;
  /** Of connections of which the server is asked alone. */
  readonly connections: Readonly<Record<string, ConnectionOptions>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, options]) => [
      name,
      async () => {
        await using connection = await connected(options);
        const [rows] = await connection.query<mysql.RowDataPacket[]>(
          "SELECT user() AS user, variable_value AS version FROM information_schema.session_status " +
            "WHERE variable_name = 'Ssl_version'",
        );
        return rows[0];
      },
    ]),
  ),
);

function everything(usual: ConnectionOptions): Cases {
  return {
    async "large results"() {
      await using connection = await connected(usual);
      const [rows] = await connection.query<mysql.RowDataPacket[]>(
        "SELECT seq, repeat('x', 10000) AS text FROM test.seq_1_to_300",
      );
      return { rows: rows.length, whole: rows.every(({ text }) => text === "x".repeat(10_000)) };
    },

    async "large parameters"() {
      await using connection = await connected(usual);
      const [rows] = await connection.execute("SELECT char_length(?) AS length", ["ä".repeat(1_000_000)]);
      return rows;
    },

    async "a pool"() {
      const pool = mysql.createPool({ ...usual, connectionLimit: 4 });
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const [rows] = await pool.execute<mysql.RowDataPacket[]>("SELECT ? AS n", [n]);
          return rows[0]?.["n"];
        }),
      );
      await pool.end();
      return answers;
    },

    async "one connection after another"() {
      const reused: boolean[] = [];
      for (let count = 0; count < 3; count += 1) {
        await using connection = await connected(usual);
        await connection.query("SELECT 1");
        // mysql2 keeps sessions of connections with the same settings.
        reused.push(Reflect.get(connection, "connection").stream.isSessionReused());
      }
      return reused;
    },

    async "connections that are cut off"() {
      const pool = mysql.createPool({ ...usual, connectionLimit: 2 });
      const waiting = pool.query("SELECT sleep(60)").then(
        () => "an answer",
        () => "an error",
      );
      await pool.query("SELECT 1");
      await cutOff(cutPort);
      const [rows] = await untilItSucceeds(() => pool.query("SELECT 1 AS one"));
      const query = await waiting;
      await pool.end();
      return { query, afterwards: rows };
    },
  };
}

async function connected(options: ConnectionOptions): Promise<Connection & AsyncDisposable> {
  const connection = await mysql.createConnection(options);
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.end() });
}
