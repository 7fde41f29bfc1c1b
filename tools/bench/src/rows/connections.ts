import { residentBytes } from "../memory.ts";
import { type MemoryPair, memoryPairs } from "../memory-pair.ts";
import { makeCertificates } from "../pki.ts";
import { type NamedProvider, preparedWith, providers } from "../providers.ts";
import type { Comparison, Contender, Goal, Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";

/** In portable JavaScript ten thousand handshakes take minutes, and the connections behind them are no others. */
const quickEnough = providers.filter(({ name }) => name !== "noble");

const goal: Goal = { atMost: 1.1 };

/**
 * What one more connection costs, on the average of a thousand, where so many are open already. In memory: as many
 * sockets are more than most systems allow a process.
 */
function oneMore(open: number, provider: NamedProvider, of: "time" | "memory", aimed?: Goal): Contender {
  return {
    name: `with ${open} open`,
    goal: aimed,
    prepare: preparedWith(provider, (made, { amount }) => {
      const connect = memoryPairs(made, makeCertificates());
      for (let i = 0; i < amount(500); i += 1) connect();
      const held: MemoryPair[] = [];
      return async () => {
        for (let i = 0; i < amount(open); i += 1) held.push(connect());
        const bytes = await residentBytes();
        const start = ownTime();
        const more = amount(1000);
        for (let i = 0; i < more; i += 1) held.push(connect());
        const milliseconds = ownTime() - start;
        return of === "time" ? milliseconds / more : ((await residentBytes()) - bytes) / more / 1000;
      };
    }),
  };
}

export const connections: Row = {
  about: "What one more connection costs where ten thousand are open, beside one where a thousand are.",
  comparisons: quickEnough.flatMap((provider) =>
    (["time", "memory"] as const).map(
      (of): Comparison => ({
        what: `one more in memory, both ends: ${of}, ${provider.name}`,
        unit: of === "time" ? "ms" : "kB",
        processes: "new",
        rounds: 2,
        contenders: [oneMore(1000, provider, of), oneMore(10_000, provider, of, goal)],
      }),
    ),
  ),
};
