import { CryptoError, type CryptoErrorCode } from "../error.ts";
import { check } from "./case.ts";

/** @throws {ConformanceFailure} unless the call fails with a CryptoError of this code, at once or later */
export async function checkRefusal(call: () => unknown, code: CryptoErrorCode, what: string): Promise<void> {
  let failure: unknown;
  try {
    await call();
  } catch (error) {
    failure = error;
  }
  const got = failure instanceof CryptoError ? failure.code : failure === undefined ? "an answer" : `${failure}`;
  check(got === code, `${what}: expected a CryptoError ${code}, got ${got}`);
}
