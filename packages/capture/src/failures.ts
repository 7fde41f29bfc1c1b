import { cipherSuiteName } from "@tlskit/ciphersuites/names";
import { callerError, type TlsError } from "@tlskit/wire";

/** There is no secret to read something with: the caller's fault, if anybody's. */
export function noSecret(message: string): TlsError {
  return callerError("no_secret", message);
}

export function cipherSuiteText(code: number): string {
  const hex = `0x${code.toString(16).padStart(4, "0")}`;
  const name = cipherSuiteName(code);
  return name === undefined ? `the cipher suite ${hex}` : `the cipher suite ${name} (${hex})`;
}
