/**
 * When callbacks run: when the step that caused them has settled, never inside it. A callback may take steps itself; what
 * is to be told of them comes behind what was to be told already.
 */
export class Events {
  readonly #settling: () => void;
  #calls: (() => void)[] = [];
  #depth = 0;
  #delivering = false;

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
  }

  /** Whether this is what will be told last, as it looks now. */
  isLast(call: () => void): boolean {
    return this.#calls.at(-1) === call;
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
    let next = 0;
    try {
      for (let call = this.#calls[next]; call !== undefined; call = this.#calls[next]) {
        next += 1;
        call();
      }
    } finally {
      // A handler that throws takes nothing from the ones behind it.
      this.#calls = this.#calls.slice(next);
      this.#delivering = false;
    }
  }
}
