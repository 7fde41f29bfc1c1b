import { forPg, PostgresServer, postgres as postgresHere, postgresUser as user } from "@tlskit/interop/postgres";
import { Client } from "pg";
import { whenMeasured } from "../closing.ts";
import { implementations } from "../implementations.ts";
import type { Row } from "../row.ts";
import { perSecond, wallTime } from "../stopwatch.ts";

export const postgres: Row = {
  about: "Queries through pg to a PostgreSQL on this machine, one after the other.",
  comparisons: [
    {
      what: "queries with a parameter",
      unit: "1/s",
      contenders: implementations({ openssl: { atLeast: 0.95 } }, async (implementation, { milliseconds }, pki) => {
        if (typeof postgresHere === "string") return { absent: postgresHere };
        const server = await PostgresServer.start(postgresHere, { chainPem: pki.cert, keyPem: pki.key });
        whenMeasured(() => server.stop());
        const socket = await implementation.connectOver(await server.readyForTls());
        const client = new Client({ user, database: "postgres", stream: () => forPg(socket) });
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
