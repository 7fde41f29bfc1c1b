/** Named factors, each with the values that it may take. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One value of each factor. */
export type Row<F extends Factors> = { readonly [Name in keyof F]: F[Name][number] };

/**
 * Few rows in which every pair of values of every two factors occurs at least once. Greedy: each row begins with a pair
 * that is still missing and takes, for every other factor, the value that covers most of what is missing. The same
 * factors give the same rows.
 */
export function pairwise<const F extends Factors>(factors: F): readonly Row<F>[] {
  const sizes = Object.values(factors).map((values) => values.length);
  const missing = allPairs(sizes);
  const rows: number[][] = [];
  for (;;) {
    const first = missing.values().next();
    if (first.done === true) break;
    const row = completed(sizes, first.value, missing);
    for (const pair of pairsOf(row)) missing.delete(pairKey(pair));
    rows.push(row);
  }
  const names = Object.keys(factors);
  return rows.map(
    (row) => Object.fromEntries(names.map((name, at) => [name, factors[name]?.[row[at] ?? 0]])) as Row<F>,
  );
}

/** Two factors, by position, each with the index of one of its values. */
interface Pair {
  readonly factors: readonly [number, number];
  readonly values: readonly [number, number];
}

type MissingPairs = Map<string, Pair>;

function pairKey({ factors, values }: Pair): string {
  return `${factors[0]}:${values[0]} ${factors[1]}:${values[1]}`;
}

function allPairs(sizes: readonly number[]): MissingPairs {
  const pairs: MissingPairs = new Map();
  for (const [a, sizeA] of sizes.entries()) {
    for (const [b, sizeB] of sizes.entries()) {
      for (let x = 0; a < b && x < sizeA; x += 1) {
        for (let y = 0; y < sizeB; y += 1) {
          const pair: Pair = { factors: [a, b], values: [x, y] };
          pairs.set(pairKey(pair), pair);
        }
      }
    }
  }
  return pairs;
}

function completed(sizes: readonly number[], { factors, values }: Pair, missing: MissingPairs): number[] {
  const row: (number | undefined)[] = sizes.map(() => undefined);
  row[factors[0]] = values[0];
  row[factors[1]] = values[1];
  for (const [factor, size] of sizes.entries()) {
    if (row[factor] !== undefined) continue;
    let best = 0;
    let bestCovered = -1;
    for (let value = 0; value < size; value += 1) {
      row[factor] = value;
      const covered = pairsOf(row).filter((pair) => missing.has(pairKey(pair))).length;
      if (covered > bestCovered) [best, bestCovered] = [value, covered];
    }
    row[factor] = best;
  }
  return row.map((value) => value ?? 0);
}

/** The pairs in a row, of which some values may not be chosen yet. */
function pairsOf(row: readonly (number | undefined)[]): readonly Pair[] {
  const chosen = [...row.entries()].filter((entry): entry is [number, number] => entry[1] !== undefined);
  return chosen.flatMap(([a, x], at) =>
    chosen.slice(at + 1).map(([b, y]): Pair => ({ factors: [a, b], values: [x, y] })),
  );
}
