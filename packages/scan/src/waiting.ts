import type { TlsError } from "@tlskit/wire";

/**
 * Waits so many milliseconds.
 * @returns fails with the signal's reason, at once
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What is promised, unless the signal comes before it.
 * @returns fails with the signal's reason, at once
 */
export async function abortable<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  // What comes too late is of no interest, nor is its failure.
  promised.catch(() => {});
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promised, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}

/** A signal that comes with another one, when a time is over that may be set anew, or when it is told. */
export class Lifetime {
  readonly #controller = new AbortController();
  readonly #above: AbortSignal;
  readonly #abort: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(above: AbortSignal) {
    this.#above = above;
    this.#abort = () => this.end(above.reason);
    if (above.aborted) this.#abort();
    else above.addEventListener("abort", this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * It ends in so many milliseconds, whatever was said before.
   * @param late makes the signal's reason
   */
  limit(milliseconds: number, late: () => TlsError): void {
    clearTimeout(this.#timer);
    if (!this.signal.aborted) this.#timer = setTimeout(() => this.end(late()), milliseconds);
  }

  /** It is over, and what hangs on the signal with it. */
  end(reason?: unknown): void {
    clearTimeout(this.#timer);
    this.#above.removeEventListener("abort", this.#abort);
    this.#controller.abort(reason);
  }
}
