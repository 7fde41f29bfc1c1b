/**
 * One colour of function: a computation that may have to wait is a generator that yields what it waits for.
 * With a provider that answers at once it runs to its end without ever suspending; with one that answers later
 * the same code waits.
 */

import { cryptoError } from "./error.ts";

/**
 * Something that will be there: calls one of the two functions, once, now or later.
 * A promise is one; so is an inbox that has, or will have, a message.
 */
export interface Waitable<T> {
  then(done: (value: T) => void, failed: (error: unknown) => void): unknown;
}

/** A value that is there already, or something to wait for. */
export type Awaitable<T> = T | Waitable<T>;

/**
 * All answers to what was asked for side by side: there when the last one is, failed with the first one that does, and
 * not before the others have come: who asked gave each of them a place to write to.
 */
export function allOf(answers: readonly Waitable<void>[]): Waitable<void> {
  let [left, failure]: [number, { readonly error: unknown } | undefined] = [answers.length, undefined];
  return {
    // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
    then: (done, failed) => {
      const settle = (): void => {
        left -= 1;
        if (left > 0) return;
        if (failure === undefined) done();
        else failed(failure.error);
      };
      for (const answer of answers) {
        answer.then(settle, (error) => {
          failure ??= { error };
          settle();
        });
      }
    },
  };
}

/** A computation that may have to wait: a generator that yields what it waits for and returns its result. */
export type Steps<T> = Generator<Waitable<unknown>, T, unknown>;

/** Whether a value is still to come. A function or an object with a `then` method counts, as for `await`. */
export function isWaitable<T>(value: Awaitable<T>): value is Waitable<T> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/**
 * Waits inside steps: `const tag = yield* wait(aead.seal(…))`. A value that is there already costs no suspension.
 */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  if (!isWaitable(value)) return value;
  // The driver resumes with what this very waitable was fulfilled with.
  return (yield value) as T;
}

/** How a {@link Driver} tells the outcome of its steps. */
export interface Outcome<T> {
  done(value: T): void;
  failed(error: unknown): void;
  /** The steps are about to run. */
  resumed?(): void;
  /** The steps run no more for now: they wait, or have ended. */
  settled?(): void;
}

/**
 * Resumes steps whenever what they wait for has come: a loop, never recursion, so that a thousand answers that are
 * there at once need no stack. A generator that is resumed from inside itself throws; a driver never does that: an
 * answer that comes in while a step runs is taken up when the step has suspended.
 */
export class Driver<T> {
  #steps: Steps<T>;
  readonly #outcome: Outcome<T>;
  #finished = false;

  constructor(steps: Steps<T>, outcome: Outcome<T>) {
    this.#steps = steps;
    this.#outcome = outcome;
  }

  /** Runs until the steps end or wait for something that is not there yet. Call it once. */
  start(): void {
    this.#loop(() => this.#steps.next());
  }

  /**
   * Resumes the steps no more, whatever they wait for: what they would have answered is of no interest any longer. Nor
   * does it keep them, and what they know.
   */
  stop(): void {
    this.#finished = true;
    this.#steps = nothing();
  }

  /** Whether the steps have returned or thrown, or were stopped. */
  get finished(): boolean {
    return this.#finished;
  }

  #loop(first: () => IteratorResult<Waitable<unknown>, T>): void {
    if (this.#finished) return;
    this.#outcome.resumed?.();
    let resume: (() => IteratorResult<Waitable<unknown>, T>) | undefined = first;
    while (resume !== undefined && !this.#finished) resume = this.#step(resume);
    this.#outcome.settled?.();
  }

  /** Resumes the steps once; returns the next resumption if it can follow at once. */
  #step(resume: () => IteratorResult<Waitable<unknown>, T>): (() => IteratorResult<Waitable<unknown>, T>) | undefined {
    let result: IteratorResult<Waitable<unknown>, T>;
    try {
      result = resume();
    } catch (error) {
      this.#end(() => this.#outcome.failed(error));
      return undefined;
    }
    if (result.done !== true) return this.#await(result.value);
    const { value } = result;
    this.#end(() => this.#outcome.done(value));
    return undefined;
  }

  #end(tell: () => void): void {
    if (this.#finished) return;
    this.#finished = true;
    tell();
  }

  /** The resumption, if the answer came in the very call; otherwise it is resumed when the answer comes. */
  #await(waitable: Waitable<unknown>): (() => IteratorResult<Waitable<unknown>, T>) | undefined {
    let settled: (() => IteratorResult<Waitable<unknown>, T>) | undefined;
    let subscribing = true;
    let answered = false;
    const settle = (resume: () => IteratorResult<Waitable<unknown>, T>): void => {
      if (answered) return;
      answered = true;
      if (subscribing) settled = resume;
      else this.#loop(resume);
    };
    try {
      waitable.then(
        (value) => settle(() => this.#steps.next(value)),
        (error) => settle(() => this.#steps.throw(error)),
      );
    } catch (error) {
      settle(() => this.#steps.throw(error));
    }
    subscribing = false;
    return settled;
  }
}

/** Steps that are never taken. */
// biome-ignore lint/correctness/useYield: there is nothing to wait for
function* nothing(): Steps<never> {
  throw cryptoError("would_wait", "a driver that was stopped takes no more steps");
}

/**
 * Runs steps that never have to wait.
 * @throws {CryptoError} `would_wait` if they do.
 */
export function runSync<T>(steps: Steps<T>): T {
  const outcome = run(steps);
  if (outcome instanceof Promise) {
    // Its failure, if there is one, is of no interest: the caller is told that nothing was awaited.
    outcome.catch(() => undefined);
    throw cryptoError(
      "would_wait",
      "a synchronous call reached a provider that answers later; use the asynchronous form",
    );
  }
  return outcome;
}

/** Runs steps; answers with a promise only if they had to wait. */
export function run<T>(steps: Steps<T>): T | Promise<T> {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  let later: Outcome<T> | undefined;
  new Driver(steps, {
    done: (value) => {
      if (later === undefined) outcome = { value };
      else later.done(value);
    },
    failed: (error) => {
      if (later === undefined) outcome = { error };
      else later.failed(error);
    },
  }).start();
  if (outcome === undefined) {
    return new Promise((done, failed) => {
      later = { done, failed };
    });
  }
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}
