import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Duplex } from "node:stream";
import { implementations } from "../implementations.ts";
import { listen } from "../listen.ts";
import { memoryPairs } from "../memory-pair.ts";
import { makeCertificates } from "../pki.ts";
import { preparedWith, providers } from "../providers.ts";
import type { Contender, Measure, Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";

const message = Buffer.alloc(64, 7);

const echo = (socket: Duplex): unknown => socket.on("data", (data) => socket.write(data));

function roundTripsOn(client: Duplex, milliseconds: number): Measure {
  const roundTrip = async (): Promise<void> => {
    client.write(message);
    for (let received = 0; received < message.length; ) {
      const [data] = await once(client, "data");
      received += data.length;
    }
  };
  return () => perSecond(roundTrip, milliseconds);
}

const tcpAlone: Contender = {
  name: "node:net",
  async prepare({ milliseconds }) {
    const { port } = await listen(createServer({ noDelay: true }, echo));
    const client = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(client, "connect");
    return roundTripsOn(client, milliseconds);
  },
};

const inMemory = providers.map(
  (provider): Contender => ({
    name: `in memory, ${provider.name}`,
    prepare: preparedWith(provider, (made, { milliseconds }) => {
      let left = 0;
      const { client } = memoryPairs(
        made,
        makeCertificates(),
      )((data) => {
        left -= data.length;
      });
      const roundTrip = (): void => {
        left = message.length;
        client.send(message);
        if (left !== 0) throw new Error("the answer wasn't there at once");
      };
      return () => perSecond(roundTrip, milliseconds);
    }),
  }),
);

export const roundTrips: Row = {
  about: "A request of 64 bytes and its answer of 64, one after the other on one connection.",
  comparisons: [
    {
      what: "over loopback, both ends in one process",
      unit: "1/s",
      contenders: implementations(
        { openssl: { atLeast: 1 }, node: { atLeast: 0.7 } },
        async (implementation, { milliseconds }) => {
          const server = await implementation.serve(echo);
          return roundTripsOn(await implementation.connect(server.port), milliseconds);
        },
      ),
    },
    {
      what: "what of that is TCP's, and what is TLS's: TCP alone, and TLS without it",
      unit: "1/s",
      contenders: [tcpAlone, ...inMemory],
    },
  ],
};
