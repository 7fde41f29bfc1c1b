/**
 * When callbacks run: when the step that caused them has settled, never inside it. A callback may take steps itself; what
 * is to be told of them comes behind what was to be told already.
 */
export class Events {
  readonly #settling: () => void;
  #calls: (() => void)[] = [];
  #depth = 0;
  #delivering = false;
  /** Where the one is that is told next. */
  #next = 0;

  /** @param settling called at the end of each outermost step, still inside it. */
  constructor(settling: () => void) {
    this.#settling = settling;
  }

  tell(call: () => void): void {
    this.#calls.push(call);
  }

  /** What waits to be told never will be. */
  forget(): void {
    this.#calls = [];
    this.#next = 0;
  }

  /** Whether this is what will be told last, as it looks now. */
  isLast(call: () => void): boolean {
    return this.#calls.at(-1) === call;
  }

  /** Whether everything has been told; what is being told counts as told. */
  get areTold(): boolean {
    return this.#next === this.#calls.length;
  }

  step(step: () => void): void {
    this.begin();
    try {
      step();
    } finally {
      this.end();
    }
  }

  begin(): void {
    this.#depth += 1;
  }

  end(): void {
    if (this.#depth === 1) this.#settling();
    this.#depth -= 1;
    if (this.#depth === 0) this.#deliver();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let call = this.#calls[this.#next]; call !== undefined; call = this.#calls[this.#next]) {
        this.#next += 1;
        call();
      }
    } finally {
      // A handler that throws takes nothing from the ones behind it.
      this.#calls = this.#calls.slice(this.#next);
      this.#next = 0;
      this.#delivering = false;
    }
  }
}
