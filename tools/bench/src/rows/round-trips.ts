import { once } from "node:events";
import { implementations } from "../implementations.ts";
import type { Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";

const size = 64;

export const roundTrips: Row = {
  about: "A request of 64 bytes and its answer of 64, one after the other on one connection.",
  comparisons: [
    {
      what: "over loopback, both ends in one process",
      unit: "1/s",
      contenders: implementations(
        { openssl: { atLeast: 1 }, node: { atLeast: 0.7 } },
        async (implementation, { milliseconds }) => {
          const message = Buffer.alloc(size, 7);
          const server = await implementation.serve((socket) => socket.on("data", (data) => socket.write(data)));
          const client = await implementation.connect(server.port);
          const roundTrip = async (): Promise<void> => {
            client.write(message);
            for (let received = 0; received < size; ) {
              const [data] = await once(client, "data");
              received += data.length;
            }
          };
          return () => perSecond(roundTrip, milliseconds);
        },
      ),
    },
  ],
};
