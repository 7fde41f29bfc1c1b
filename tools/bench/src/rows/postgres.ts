import type { Duplex } from "node:stream";
import { Client } from "pg";
import { whenMeasured } from "../closing.ts";
import { implementations } from "../implementations.ts";
import { readyForTls, startPostgres } from "../postgres.ts";
import type { Row } from "../row.ts";
import { perSecond, wallTime } from "../stopwatch.ts";

export const postgres: Row = {
  about: "Queries through pg to a PostgreSQL on this machine, one after the other.",
  comparisons: [
    {
      what: "queries with a parameter",
      unit: "1/s",
      contenders: implementations({ openssl: { atLeast: 0.95 } }, async (implementation, { milliseconds }, pki) => {
        const server = await startPostgres(pki);
        if ("absent" in server) return server;
        const socket = await implementation.connectOver(await readyForTls(server));
        const client = new Client({ user: server.user, database: "postgres", stream: () => connected(socket) });
        await client.connect();
        whenMeasured(() => client.end());
        const query = () => client.query("SELECT $1::int AS answer", [42]);
        const { rows } = await query();
        if (rows[0]?.answer !== 42) throw new Error("PostgreSQL gave another answer");
        return () => perSecond(query, milliseconds, wallTime);
      }),
    },
  ],
};

/** A stream as pg takes one, which it connects itself: this one is there already. */
function connected(stream: Duplex): Duplex {
  return Object.assign(stream, { connect: () => process.nextTick(() => stream.emit("connect")) });
}
