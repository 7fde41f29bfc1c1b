import { type ChildOptions, ContenderChild } from "./contender-child.ts";
import { type Compared, figures, type Samples } from "./report.ts";
import { type Comparison, quick, thorough } from "./row.ts";

/**
 * Measures a comparison: all contenders in turns, A B C A B C …, so that a machine whose speed drifts treats them alike.
 * Contenders' first turns warm them up and aren't counted, unless each turn has a process of its own.
 */
export async function runComparison(comparison: Comparison, options: ChildOptions): Promise<Compared> {
  const { contenders, processes = "each", what, unit } = comparison;
  const effort = options.effort === "quick" ? quick : thorough;
  const rounds = Math.min(effort.rounds, comparison.rounds ?? effort.rounds);
  const warmUps = processes === "new" ? 0 : options.effort === "quick" ? 1 : (comparison.warmUps ?? 1);
  const all = new Map<string, number[] | string>(contenders.map(({ name }) => [name, []]));
  const children = new Map<string, ContenderChild>();
  const childOf = (name: string): ContenderChild => {
    const key = processes === "one" ? "all" : name;
    const child = children.get(key) ?? new ContenderChild(options, key);
    children.set(key, child);
    return child;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all([...children.values()].map((child) => child.close()));
    children.clear();
  };
  try {
    for (let round = -warmUps; round < rounds; round += 1) {
      for (const { name } of contenders) {
        const samples = all.get(name);
        if (typeof samples === "string") continue;
        const reply = await childOf(name).measure(name);
        if ("absent" in reply) all.set(name, reply.absent);
        else if (round >= 0) samples?.push(reply.value);
        if (processes === "new") await closeAll();
      }
    }
  } finally {
    await closeAll();
  }
  const samples = contenders.map(({ name, goal }): Samples => {
    const got = all.get(name) ?? [];
    return { name, goal, ...(typeof got === "string" ? { absent: got } : { samples: got }) };
  });
  const baseline = comparison.withoutRatios === true ? undefined : contenders[0].name;
  return { what, unit, figures: figures(samples, baseline) };
}
