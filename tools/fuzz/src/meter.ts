/** More than an input may cost: what it was, and where it was noticed. */
export class LimitExceeded extends Error {
  override readonly name = "LimitExceeded";
  readonly what: "hang" | "memory";

  constructor(what: "hang" | "memory", message: string) {
    super(message);
    this.what = what;
  }
}

/** What one input may cost. */
export interface Budget {
  /** Functions entered and turns of loops taken. */
  readonly steps: number;
  /** Bytes of buffers and strings that were asked for in one piece each, all together. */
  readonly bytes: number;
}

const boundless: Budget = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** Places in the code at most. */
const maxProbes = 65_536;
/** Pairs of different numbers that are kept of one input. */
const maxComparisons = 256;

/**
 * What instrumented code reports to: which of its places were reached and how often, what it cost, and which numbers it
 * compared. Costs are counted, not timed, so that a limit is exceeded in every run or in none.
 */
export class Meter {
  /** How often each place was reached, up to 255. */
  readonly counters: Uint8ClampedArray = new Uint8ClampedArray(maxProbes);
  /** Places that exist. */
  probes = 0;
  readonly comparisons: (readonly [number, number])[] = [];
  recordsComparisons = false;
  steps = 0;
  bytes = 0;
  exceeded: LimitExceeded | undefined;
  #budget: Budget = boundless;

  /** A number for a new place. */
  newProbe(): number {
    if (this.probes === maxProbes) throw new RangeError(`there are more than ${maxProbes} places to watch`);
    this.probes += 1;
    return this.probes - 1;
  }

  /** Forgets the last input. */
  restart(budget: Budget): void {
    this.counters.fill(0, 0, this.probes);
    this.comparisons.length = 0;
    this.steps = 0;
    this.bytes = 0;
    this.exceeded = undefined;
    this.#budget = budget;
  }

  /** Limits nothing any more: the input has been dealt with, and what follows is not on its account. */
  release(): void {
    this.#budget = boundless;
  }

  step(): void {
    this.steps += 1;
    if (this.steps > this.#budget.steps) this.#exceed("hang", `more than ${this.#budget.steps} steps`);
  }

  allocate(size: unknown): void {
    this.bytes += sizeOf(size);
    if (this.bytes > this.#budget.bytes) this.#exceed("memory", `more than ${this.#budget.bytes} bytes asked for`);
  }

  compare(a: unknown, b: unknown): void {
    if (typeof a !== "number" || typeof b !== "number" || a === b || this.comparisons.length >= maxComparisons) return;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && a >= 0 && b >= 0 && a < 2 ** 32 && b < 2 ** 32) {
      this.comparisons.push([a, b]);
    }
  }

  /** Thrown each time from then on, whatever catches it, so that the input ends. */
  #exceed(what: "hang" | "memory", message: string): never {
    this.exceeded ??= new LimitExceeded(what, message);
    throw this.exceeded;
  }
}

function sizeOf(size: unknown): number {
  if (typeof size === "number") return size;
  if (typeof size === "object" && size !== null && "length" in size && typeof size.length === "number") {
    return size.length;
  }
  return 0;
}
