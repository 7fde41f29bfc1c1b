import { alertName, TlsError } from "@tlskit/tls";

/** A failure in one line: which alert went which way, and why. */
export function describeFailure(error: unknown): string {
  if (error instanceof TlsError) {
    if (error.kind === "alert") return `the peer's alert: ${alertName(error.alert ?? 0)}: ${error.message}`;
    if (error.alert !== undefined) return `our alert: ${alertName(error.alert)}: ${error.message}`;
    return error.message;
  }
  // Node tries several addresses, and fails with all of their errors.
  if (error instanceof AggregateError && error.message === "") return error.errors.map(describeFailure).join("; ");
  return error instanceof Error ? error.message : String(error);
}
