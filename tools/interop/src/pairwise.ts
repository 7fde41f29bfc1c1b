/** Named factors, each with the values that it may take. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One value of each factor. */
export type Row<F extends Factors> = { readonly [Name in keyof F]: F[Name][number] };

/**
 * Few rows in which every pair of values of every two factors occurs at least once. Greedy: each row begins with a pair
 * that is still missing and takes, for every other factor, the value that covers most of what is missing. The same
 * factors give the same rows.
 * @param possible whether values can go together, some of them not chosen yet; all can unless told otherwise. What can't
 * is in no row, and its pairs aren't missed.
 * @throws {RangeError} if values that can go together leave another factor without one
 */
export function pairwise<const F extends Factors>(
  factors: F,
  possible: (row: Partial<Row<F>>) => boolean = () => true,
): readonly Row<F>[] {
  const names = Object.keys(factors);
  const sizes = Object.values(factors).map((values) => values.length);
  const rowOf = (chosen: Chosen): Partial<Row<F>> =>
    Object.fromEntries(
      names.flatMap((name, at) => (chosen[at] === undefined ? [] : [[name, factors[name]?.[chosen[at]]]])),
    ) as Partial<Row<F>>; // each value is one of its factor's
  const mayBe = (chosen: Chosen): boolean => possible(rowOf(chosen));
  const missing = allPairs(sizes, mayBe);
  const rows: Row<F>[] = [];
  for (;;) {
    const first = missing.values().next();
    if (first.done === true) return rows;
    const chosen = completed(sizes, first.value, missing, mayBe);
    for (const pair of pairsOf(chosen)) missing.delete(pairKey(pair));
    rows.push(rowOf(chosen) as Row<F>); // every factor has its value now
  }
}

/** The index of a value for each factor, by position, as far as it is chosen. */
type Chosen = readonly (number | undefined)[];

/** Two factors, by position, each with the index of one of its values. */
interface Pair {
  readonly factors: readonly [number, number];
  readonly values: readonly [number, number];
}

type MissingPairs = Map<string, Pair>;

function pairKey({ factors, values }: Pair): string {
  return `${factors[0]}:${values[0]} ${factors[1]}:${values[1]}`;
}

function allPairs(sizes: readonly number[], mayBe: (chosen: Chosen) => boolean): MissingPairs {
  const pairs: MissingPairs = new Map();
  for (const [a, sizeA] of sizes.entries()) {
    for (const [b, sizeB] of sizes.entries()) {
      for (let x = 0; a < b && x < sizeA; x += 1) {
        for (let y = 0; y < sizeB; y += 1) {
          const pair: Pair = { factors: [a, b], values: [x, y] };
          if (mayBe(chosenBy(sizes, pair))) pairs.set(pairKey(pair), pair);
        }
      }
    }
  }
  return pairs;
}

function chosenBy(sizes: readonly number[], { factors, values }: Pair): (number | undefined)[] {
  const chosen: (number | undefined)[] = sizes.map(() => undefined);
  chosen[factors[0]] = values[0];
  chosen[factors[1]] = values[1];
  return chosen;
}

function completed(
  sizes: readonly number[],
  first: Pair,
  missing: MissingPairs,
  mayBe: (chosen: Chosen) => boolean,
): Chosen {
  const row = chosenBy(sizes, first);
  for (const [factor, size] of sizes.entries()) {
    if (row[factor] !== undefined) continue;
    let best: number | undefined;
    let bestCovered = -1;
    for (let value = 0; value < size; value += 1) {
      row[factor] = value;
      if (!mayBe(row)) continue;
      const covered = pairsOf(row).filter((pair) => missing.has(pairKey(pair))).length;
      if (covered > bestCovered) [best, bestCovered] = [value, covered];
    }
    if (best === undefined) throw new RangeError(`factor ${factor} has no value for ${first.values.join(" with ")}`);
    row[factor] = best;
  }
  return row;
}

/** The pairs in a row, of which some values may not be chosen yet. */
function pairsOf(row: Chosen): readonly Pair[] {
  const chosen = [...row.entries()].filter((entry): entry is [number, number] => entry[1] !== undefined);
  return chosen.flatMap(([a, x], at) =>
    chosen.slice(at + 1).map(([b, y]): Pair => ({ factors: [a, b], values: [x, y] })),
  );
}
