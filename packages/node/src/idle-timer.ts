import { maxTimerDelay } from "./limits.ts";

/** Calls when nothing has happened for a while. It keeps no process alive. */
export class IdleTimer {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** @param milliseconds 0: never. */
  set(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer =
      milliseconds === 0 ? undefined : setTimeout(this.#expired, Math.min(milliseconds, maxTimerDelay)).unref();
  }

  /** Something happened. */
  restart(): void {
    this.#timer?.refresh();
  }
}
