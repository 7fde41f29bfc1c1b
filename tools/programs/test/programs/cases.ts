/** What came of a case: what it returned, or what it threw. */
export type Outcome = { readonly value: unknown } | { readonly error: Failure };

/** What a program sees of an error, the innermost cause last. */
export interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly cause?: Failure;
}

/** What the test gave the program. */
export function input<T>(): T {
  // The test that starts it vouches for its shape.
  return JSON.parse(process.argv[2] ?? "null") as T;
}

/** Runs the cases one after another and prints what came of each, as a line of JSON. */
export async function runCases(cases: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    console.log(JSON.stringify({ [name]: await outcomeOf(run) }));
  }
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
