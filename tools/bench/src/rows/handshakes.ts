import { once } from "node:events";
import type { Duplex } from "node:stream";
import { implementations } from "../implementations.ts";
import type { Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";
import { discard } from "../traffic.ts";

export const handshakes: Row = {
  about: "Full handshakes, one after the other: X25519, a P-256 leaf under a P-256 CA, verified; nothing cached.",
  comparisons: [
    {
      what: "over loopback, both ends in one process",
      unit: "1/s",
      warmUps: 8,
      contenders: implementations(
        { openssl: { atLeast: 1.3 }, node: { atLeast: 1 } },
        async (implementation, { milliseconds }) => {
          let accepted = Promise.withResolvers<Duplex>();
          const server = await implementation.serve((socket) => accepted.resolve(socket));
          const handshake = async (): Promise<void> => {
            accepted = Promise.withResolvers();
            // Both ends are done: a client may be before its Finished has been looked at.
            const ends = await Promise.all([implementation.connect(server.port), accepted.promise]);
            const closed = ends.map((socket) => once(socket, "close"));
            for (const socket of ends) discard(socket);
            for (const socket of ends) socket.destroy();
            await Promise.all(closed);
          };
          return () => perSecond(handshake, milliseconds);
        },
      ),
    },
  ],
};
