/** What Deno's `setTimeout` gives: a number, or, to a package that came from npm, an object as in Node. */
export type Timer = number | { unref(): unknown };

/** A timer that doesn't keep the process alive unless told: whoever waits for the connection does. */
export function timer(call: () => void, milliseconds: number, keepsAlive: boolean = false): Timer {
  const started: Timer = setTimeout(call, milliseconds);
  if (keepsAlive) return started;
  if (typeof started === "number") Deno.unrefTimer(started);
  else started.unref();
  return started;
}

export function clearTimer(timer: Timer | undefined): void {
  // Either is taken back in the form in which it was given, which types know nothing of.
  if (timer !== undefined) clearTimeout(timer as number);
}
