import type { AlertDescription } from "@tlskit/wire";

/** How a connection has to end that must not go on. */
export interface Refusal {
  /** The alert that has to be sent (RFC 9846 §6.2); none where the connection just ends. */
  readonly alert: AlertDescription | undefined;
  /** The `code` of the `TlsError` that it is at the end of `@tlskit/tls`. Others have errors of their own. */
  readonly code: string;
}

/** Refused with an alert. */
export function refused(alert: AlertDescription, code: string): Refusal {
  return { alert, code };
}

/** Ended without an alert of one's own: by the peer's alert, the end of its stream, or since it has no TLS that an alert could be read in. */
export function ended(code: string): Refusal {
  return { alert: undefined, code };
}
