/** Milliseconds that something of ours may take, much more than it should. */
export const patience = 20_000;

/** What has come at one end of a connection, for whoever waits for it. */
export class Arrivals {
  #received = "";
  #watch: () => void = () => undefined;
  #error: Error | undefined;
  #over = false;

  add(data: Uint8Array): void {
    this.#received += Buffer.from(data).toString("latin1");
    this.changed();
  }

  /** Something is otherwise than it was: whoever waits looks again. */
  changed(): void {
    this.#watch();
  }

  /** Nothing comes any more. */
  end(error: Error | undefined): void {
    this.#error = error;
    this.#over = true;
    this.changed();
  }

  /** As many characters as `text` has, which must be those of it. */
  async receive(text: string): Promise<void> {
    await this.until(`${text.length} bytes`, () => this.#received.length >= text.length);
    const got = this.#received.slice(0, text.length);
    this.#received = this.#received.slice(text.length);
    if (got !== text) throw new Error("other data came than was sent");
  }

  async until(what: string, reached: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${patience} ms for ${what}`)), patience);
      this.#watch = () => {
        if (reached()) resolve();
        else if (this.#over) reject(this.#error ?? new Error(`closed before ${what}`));
        else return;
        clearTimeout(timer);
        this.#watch = () => undefined;
      };
      this.#watch();
    });
  }
}
