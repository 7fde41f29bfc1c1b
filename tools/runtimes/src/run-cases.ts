/** Bundled with a suite: runs its cases, one after the other. */
import type { Case, Cases, Result } from "./suite.ts";

/** Milliseconds that a case may take: much more than it should on a busy machine. */
const patience = 60_000;

/** @param tell is told of each case as soon as it is over. */
export async function runCases(cases: Cases<unknown>, given: unknown, tell: (result: Result) => void): Promise<void> {
  const unhandled = watchRejections();
  for (const one of await cases(given)) tell(await outcome(one));
  // What is rejected now is told of in a later turn.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setTimeout(done, 0));
  for (const why of unhandled)
    tell({ name: "no rejection is left unhandled", outcome: "failed", why, milliseconds: 0 });
}

async function outcome({ name, cannot, run }: Case): Promise<Result> {
  if (cannot !== undefined) return { name, outcome: "cannot", why: cannot, milliseconds: 0 };
  const begun = Date.now();
  try {
    await withinPatience(run);
    return { name, outcome: "passed", milliseconds: Date.now() - begun };
  } catch (error) {
    return { name, outcome: "failed", why: described(error), milliseconds: Date.now() - begun };
  }
}

async function withinPatience(run: () => void | Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${patience} ms`)), patience);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Node and Bun end a process that leaves a rejection unhandled; the others tell of it, and some go on. */
function watchRejections(): readonly string[] {
  const unhandled: string[] = [];
  globalThis.addEventListener?.("unhandledrejection", (event) => {
    event.preventDefault();
    unhandled.push(described(event.reason));
  });
  return unhandled;
}

/** An error with its code, where it comes from, and what caused it. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  const own = `${error.name}${code === undefined ? "" : ` ${String(code)}`}: ${error.message}`;
  const where =
    error.stack
      ?.split("\n")
      .find((line) => /^\s+at |@/.test(line))
      ?.trim() ?? "";
  const cause = error.cause === undefined ? "" : `; caused by ${described(error.cause)}`;
  return `${own} ${where}${cause}`;
}
