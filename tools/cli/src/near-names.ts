/** How many are named where there is none of a name. */
const shown = 5;

/** Those of some names that look most like another one, whatever the case: what was meant, perhaps. */
export function nearNames(names: readonly string[], wanted: string): readonly string[] {
  return names
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), wanted.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, shown)
    .map(({ name }) => name);
}

/** How many characters have to be put in, taken out or replaced to make one text of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, character] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
