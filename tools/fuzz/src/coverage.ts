import type { Meter } from "./meter.ts";

/** Which places were reached how often: 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127 or more times, a bit for each. */
const bucketOf: Uint8Array = Uint8Array.from({ length: 256 }, (_, times) => {
  if (times === 0) return 0;
  const bucket = [2, 3, 4, 8, 16, 32, 128].findIndex((limit) => times < limit);
  return 1 << (bucket < 0 ? 7 : bucket);
});

/** What all inputs together have reached. */
export class Coverage {
  readonly #meter: Meter;
  readonly #words: Uint32Array;
  readonly #seen: Uint8Array;
  #places = 0;

  constructor(meter: Meter) {
    const { counters } = meter;
    this.#meter = meter;
    this.#words = new Uint32Array(counters.buffer);
    this.#seen = new Uint8Array(counters.length);
  }

  /** Places that were reached. */
  get places(): number {
    return this.#places;
  }

  /** The places that the last input reached and none before it. */
  newPlaces(): readonly number[] {
    const { counters, probes } = this.#meter;
    const places: number[] = [];
    for (let i = 0; i < probes; i += 1) if (counters[i] !== 0 && this.#seen[i] === 0) places.push(i);
    return places;
  }

  /** Adds what the last input reached; tells whether that is a new place, an old one another number of times, or nothing new. */
  add(): "place" | "times" | undefined {
    const { counters, probes } = this.#meter;
    const before = this.#places;
    let more = false;
    for (let word = 0; word * 4 < probes; word += 1) {
      if (this.#words[word] === 0) continue;
      for (let i = word * 4; i < word * 4 + 4; i += 1) {
        const bucket = bucketOf[counters[i] ?? 0] ?? 0;
        const seen = this.#seen[i] ?? 0;
        if ((bucket & ~seen) === 0) continue;
        if (seen === 0) this.#places += 1;
        this.#seen[i] = seen | bucket;
        more = true;
      }
    }
    return this.#places > before ? "place" : more ? "times" : undefined;
  }
}
