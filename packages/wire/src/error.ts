import { type AlertDescription, alertName } from "./alert.ts";

/** Whose fault a failure is, or what else ended a connection. */
export type TlsErrorKind =
  /** The peer broke the protocol or did not prove who it is; it is sent `alert`, which only {@link notTls} lacks. */
  | "peer"
  /** The caller passed what cannot be used, or called at a time when it makes no sense. */
  | "caller"
  /** The peer sent a fatal alert: `alert`. */
  | "alert"
  /** The stream ended, or failed, without a `close_notify`: what came before may have been cut short. */
  | "truncation"
  /** The time for the handshake ran out. */
  | "timeout"
  /** Something of our own failed, such as a remote signer; the peer is sent `alert`. */
  | "internal";

/** A failure of TLS: of what kind, under which stable code, and in a sentence. Its message never holds a secret. */
export class TlsError extends Error {
  override readonly name = "TlsError";
  readonly kind: TlsErrorKind;
  /** A stable word for programs: `second_hello_retry_request`. */
  readonly code: string;
  /** The alert that the peer is sent for it, or that it sent: its code, named by {@link alertName}. */
  readonly alert: number | undefined;

  constructor(
    kind: TlsErrorKind,
    code: string,
    message: string,
    options: { readonly alert?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.alert = options.alert;
  }

  /** The same failure, its sentence beginning with the place where it happened. */
  within(place: string): TlsError {
    return new TlsError(this.kind, this.code, `${place}: ${this.message}`, {
      ...(this.alert === undefined ? {} : { alert: this.alert }),
      cause: this.cause,
    });
  }
}

/** The peer's fault: code, alert and sentence can't be had singly. */
export function peerError(code: string, alert: AlertDescription, message: string, cause?: unknown): TlsError {
  return new TlsError("peer", code, message, { alert, cause });
}

/** The peer's fault that it doesn't speak TLS at all: an alert would be data for it, so that it is sent none. */
export function notTls(code: string, message: string): TlsError {
  return new TlsError("peer", code, message);
}

/** The caller's fault. */
export function callerError(code: string, message: string, cause?: unknown): TlsError {
  return new TlsError("caller", code, message, { cause });
}

/** A fatal alert from the peer. */
export function alertReceived(alert: number): TlsError {
  const name = alertName(alert);
  // One that nobody registered has a number for a name.
  return new TlsError("alert", `alert_${name.replace(/^alert\((\d+)\)$/, "$1")}`, `the peer sent the alert ${name}`, {
    alert,
  });
}
