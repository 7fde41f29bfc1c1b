import { once } from "node:events";
import type { Duplex } from "node:stream";
import { residentBytes } from "../memory.ts";
import { makePki } from "../pki.ts";
import { type NamedProvider, preparedWith, providers } from "../providers.ts";
import type { Comparison, Contender, Goal, Row } from "../row.ts";
import { tlskit } from "../tlskit.ts";
import { discard, pour } from "../traffic.ts";

/** In portable JavaScript a gigabyte takes a minute, and its memory is no other. */
const quickEnough = providers.filter(({ name }) => name !== "noble");

function after(megabytes: number, provider: NamedProvider, goal?: Goal): Contender {
  return {
    name: `after ${megabytes} MB`,
    goal,
    prepare: preparedWith(provider, async (made, { amount }) => {
      const implementation = tlskit(makePki(), made);
      const accepted = Promise.withResolvers<Duplex>();
      const { port } = await implementation.serve(accepted.resolve);
      const client = await implementation.connect(port);
      const socket = await accepted.promise;
      discard(socket);
      let received = 0;
      client.on("data", (data: Uint8Array) => {
        received += data.length;
      });
      return async () => {
        let left = amount(megabytes) * 10;
        const sent = await pour(socket, Buffer.alloc(100_000, 7), () => left-- > 0);
        while (received < sent) await once(client, "data");
        return (await residentBytes()) / 1e6;
      };
    }),
  };
}

export const longStream: Row = {
  about: "The memory of a process that has sent and received much over one connection.",
  comparisons: quickEnough.map(
    (provider): Comparison => ({
      what: `resident memory after much data, ${provider.name}`,
      unit: "MB",
      processes: "new",
      rounds: 3,
      contenders: [after(250, provider), after(1000, provider, { atMost: 1.1 })],
    }),
  ),
};
