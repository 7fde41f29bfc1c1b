import { createHook } from "node:async_hooks";

/** What came of a case: what it returned, or what it threw. */
export type Outcome = { readonly value: unknown } | { readonly error: Failure };

/** What a program sees of an error, and of its cause. */
export interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly cause?: Failure;
}

/** A line that a program prints. */
export type Report =
  | { readonly case: string; readonly outcome: Outcome }
  /** How many connections it had over Node's own TLS. */
  | { readonly nodesOwn: number };

let nodesOwn = 0;

// Node's TLS is an object of its native part, of a type of its own, whoever makes it: the bundled `fetch`, too.
createHook({
  init(_id, type) {
    if (type === "TLSWRAP") nodesOwn += 1;
  },
}).enable();

process.once("exit", () => print({ nodesOwn }));

/** What the test gave the program. */
export function input<T>(): T {
  // The test that starts it vouches for its shape.
  return JSON.parse(process.argv[2] ?? "null") as T;
}

/** What a program does, each under a name. */
export type Cases = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Runs cases one after another and prints what came of each.
 *
 * @param version what the names of cases that are run for more than one version of TLS end with.
 */
export async function runCases(cases: Cases, version?: string): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    print({ case: version === undefined ? name : `${name}, ${version}`, outcome: await outcomeOf(run) });
  }
}

function print(report: Report): void {
  console.log(JSON.stringify(report));
}

async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, cause } = error;
  return {
    message,
    ...("code" in error ? { code: String(error.code) } : {}),
    ...(cause === undefined ? {} : { cause: failureOf(cause) }),
  };
}
