import { implementations } from "../implementations.ts";
import { residentBytes } from "../memory.ts";
import type { Row } from "../row.ts";

export const idleMemory: Row = {
  about: "What an established connection on which nothing happens costs, of a thousand.",
  comparisons: [
    {
      what: "resident memory of an idle connection, both ends",
      unit: "kB",
      processes: "new",
      rounds: 3,
      contenders: implementations({ node: { atMost: 0.4 } }, async (implementation, { amount }) => {
        const held: unknown[] = [];
        const server = await implementation.serve((socket) => held.push(socket));
        const open = async (count: number): Promise<void> => {
          for (let i = 0; i < count; i += 1) held.push(await implementation.connect(server.port));
        };
        return async () => {
          // The first ones load what all have in common.
          await open(50);
          const [before, count] = [await residentBytes(), amount(1000)];
          await open(count);
          return ((await residentBytes()) - before) / count / 1000;
        };
      }),
    },
  ],
};
