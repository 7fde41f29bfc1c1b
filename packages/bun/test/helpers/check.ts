import { callerError } from "@tlskit/tls";

/** Fails unless both are the same, told apart by their JSON. */
export function expectSame(what: string, got: unknown, expected: unknown): void {
  const [here, there] = [JSON.stringify(got), JSON.stringify(expected)];
  if (here !== there) throw callerError("unexpected", `${what}: expected ${there}, got ${here}`);
}

/** The code of what a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
  return "no failure";
}
