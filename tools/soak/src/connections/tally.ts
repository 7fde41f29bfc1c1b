/** How many connections of which kind ended how. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  add(kind: string, ended: string): void {
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts.set(ended, (counts.get(ended) ?? 0) + 1));
  }

  get counts(): Counts {
    return Object.fromEntries([...this.#counts].map(([kind, counts]) => [kind, Object.fromEntries(counts)]));
  }
}

/** How many there were of a kind. */
export function total(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
