import { maxCreditedMessage } from "@tlskit/web/relay-protocol";

/** What a page may send: a window, of which what the target has taken is granted anew. */
export class PageCredit {
  /** Bytes that the page may send. */
  #left: number;
  /** Bytes that the target has taken, and that aren't granted anew yet. */
  #taken = 0;
  readonly #window: number;

  /** @param window what the page is granted to begin with. */
  constructor(window: number) {
    this.#window = window;
    this.#left = window;
  }

  /** Takes note of a message. @returns whether it may be */
  spend(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0 && bytes <= maxCreditedMessage;
  }

  /**
   * So many bytes have gone to the target.
   * @returns how many are to be granted; none until it is half of the window, since each grant is a message
   */
  taken(bytes: number): number {
    this.#taken += bytes;
    if (this.#taken < this.#window / 2) return 0;
    const grant = this.#taken;
    this.#left += grant;
    this.#taken = 0;
    return grant;
  }
}
