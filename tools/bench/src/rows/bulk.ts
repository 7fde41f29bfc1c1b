import { once } from "node:events";
import type { Duplex } from "node:stream";
import { implementations } from "../implementations.ts";
import type { Comparison, Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";
import { discard, pour } from "../traffic.ts";

const goals = { openssl: { atLeast: 0.85 }, node: { atLeast: 0.4 } } as const;

/** From the server to the client, over one connection. */
function writesOf(size: number, what: string): Comparison {
  return {
    what: `data over loopback, both ends in one process, ${what}`,
    unit: "MB/s",
    contenders: implementations(goals, async (implementation, { milliseconds }) => {
      const accepted = Promise.withResolvers<Duplex>();
      const server = await implementation.serve(accepted.resolve);
      const client = await implementation.connect(server.port);
      const socket = await accepted.promise;
      discard(socket);
      let received = 0;
      client.on("data", (data: Uint8Array) => {
        received += data.length;
      });
      return async () => {
        const [start, before] = [ownTime(), received];
        const sent = await pour(socket, Buffer.alloc(size, 7), () => ownTime() - start < milliseconds);
        while (received - before < sent) await once(client, "data");
        return sent / 1000 / (ownTime() - start);
      };
    }),
  };
}

export const bulk: Row = {
  about: "Much data over one connection.",
  comparisons: [writesOf(1_000_000, "writes of 1 MB"), writesOf(65_536, "writes of 64 kB")],
};
