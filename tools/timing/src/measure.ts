import type { Experiment } from "./experiment.ts";

/** Nanoseconds, from any instant on. */
export type Clock = () => number;

/** Rounds that are done before anything is measured, so that everything has been compiled. */
const warmUp = 200;

/**
 * Measures each class once a round, in another order each time, so that none profits from its place.
 * @param shuffled gives its argument in another order
 * @returns for each class, in their order, nanoseconds of one repetition, round by round
 */
export function measure(
  { classes, repetitions, work }: Experiment,
  tries: number,
  clock: Clock,
  shuffled: (order: readonly number[]) => readonly number[],
): readonly (readonly number[])[] {
  const order = classes.map((_, index) => index);
  const times = classes.map((): number[] => []);
  const place = new Uint8Array(classes[0]?.inputs[0]?.length ?? 0);
  for (let round = -Math.min(warmUp, tries); round < tries; round += 1) {
    for (const index of shuffled(order)) {
      const own = classes[index];
      const input = own?.inputs[(round + warmUp) % own.inputs.length];
      if (own === undefined || input === undefined) throw new RangeError("a class without inputs");
      const run = own.work ?? work;
      place.set(input);
      const before = clock();
      for (let repetition = 0; repetition < repetitions; repetition += 1) run(place);
      const after = clock();
      if (round >= 0) times[index]?.push((after - before) / repetitions);
    }
  }
  return times;
}
