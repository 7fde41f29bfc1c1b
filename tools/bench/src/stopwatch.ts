/** Runs something for about so many milliseconds, after a warm-up a quarter as long, and gives how often a second. */
export async function perSecond(run: () => unknown, milliseconds: number): Promise<number> {
  await repeat(run, milliseconds / 4);
  const { times, elapsed } = await repeat(run, milliseconds);
  return (times * 1000) / elapsed;
}

async function repeat(
  run: () => unknown,
  milliseconds: number,
): Promise<{ readonly times: number; readonly elapsed: number }> {
  const start = performance.now();
  let times = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    const result = run();
    if (result instanceof Promise) await result;
    times += 1;
    elapsed = performance.now() - start;
  }
  return { times, elapsed };
}

/**
 * Measures several things in turns, A B A B …, so that a machine whose speed drifts treats them alike; gives each
 * one's median.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) samples[name].push(await measures[name]());
  }
  const medians = names.map((name) => [name, median(samples[name])] as const);
  return Object.fromEntries(medians) as Record<Name, number>;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
