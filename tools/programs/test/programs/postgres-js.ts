/** What programs do with postgres.js. */
import postgres, { type Options } from "postgres";
import { type Cases, input, runCases } from "./cases.ts";

type Settings = Options<Record<string, never>>;

const { versions, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, Settings>>;
  /** Of connections of which the server is asked alone. */
  readonly connections: Readonly<Record<string, Settings>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, settings]) => [
      name,
      async () => {
        await using sql = connecting(settings);
        const [row] = await sql`
          SELECT current_user AS user, version, client_dn AS certificate
          FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
        return row;
      },
    ]),
  ),
);

function everything(usual: Settings): Cases {
  return {
    async "large results"() {
      await using sql = connecting(usual);
      const rows = await sql`SELECT n, repeat('x', 10000) AS text FROM generate_series(1, 300) AS n`;
      return { rows: rows.length, whole: rows.every(({ text }) => text === "x".repeat(10_000)) };
    },

    async "a result by a cursor"() {
      await using sql = connecting(usual);
      const counts: number[] = [];
      for await (const rows of sql`SELECT n FROM generate_series(1, 250) AS n`.cursor(100)) counts.push(rows.length);
      return counts;
    },

    async NOTIFY() {
      await using sql = connecting(usual);
      const heard = Promise.withResolvers<string>();
      await sql.listen("news", heard.resolve);
      await sql.notify("news", "something happened");
      return await heard.promise;
    },

    async "a query cancelled"() {
      await using sql = connecting({ ...usual, max: 1 });
      const sleeping = sql`SELECT pg_sleep(60)`;
      const code = sleeping.execute().catch(({ code }) => code);
      await using other = connecting(usual);
      // It is cancelled where it sleeps.
      while ((await other`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`).length === 0);
      sleeping.cancel();
      const cancelled = await code;
      const ask = (): PromiseLike<Iterable<unknown>> => sql`SELECT 1 AS one`;
      // PostgreSQL 15 signals the process and then its group: the second signal may come when the next query runs.
      const afterwards = await ask().then(undefined, (error: { code?: unknown }) => {
        if (error.code !== cancelled) throw error;
        return ask();
      });
      return { code: cancelled, afterwards: [...afterwards] };
    },

    async "many queries at once"() {
      await using sql = connecting({ ...usual, max: 4 });
      return await Promise.all(
        Array.from({ length: 20 }, (_, n) => sql`SELECT ${n}::int AS n`.then(([row]) => row?.["n"])),
      );
    },
  };
}

function connecting(settings: Settings): postgres.Sql & AsyncDisposable {
  const sql = postgres(settings);
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}
