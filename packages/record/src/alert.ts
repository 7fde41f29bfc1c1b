import { Alert, alertName, type Codec, decode, encode, enumeration, struct } from "@tlskit/wire";
import { aNumber, bytes, check } from "@tlskit/wire/arguments";

/** RFC 9846 §6: what an alert record holds. */
export interface AlertMessage {
  /** 1 warning, 2 fatal. In TLS 1.3 the description alone counts. */
  readonly level: number;
  readonly description: number;
}

/** RFC 9846 §6: `struct { AlertLevel level; AlertDescription description; } Alert;` */
export const alertMessage: Codec<AlertMessage> = struct<AlertMessage>("Alert", {
  level: enumeration("AlertLevel", 1, (code) => [undefined, "warning", "fatal"][code]),
  description: enumeration("AlertDescription", 1, alertName),
});

/** RFC 5246 §7.2.2: no_renegotiation is always a warning, and TLS 1.3 has none. */
const warnings: readonly number[] = [Alert.closeNotify, Alert.userCanceled, Alert.noRenegotiation];

/**
 * RFC 9846 §6.1#close-level, §6#levels, RFC 5246 §7.2.2#alert-fatal: closure alerts are warnings, all others fatal.
 * @param description such as a `TlsError`'s `alert`; `internal_error` for an error that has none.
 * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault) if it isn't one byte
 */
export function encodeAlert(description: number = Alert.internalError): Uint8Array {
  check(description, "description", aNumber);
  const level = warnings.includes(description) ? 1 : 2;
  return encode(alertMessage, { level, description });
}

/**
 * The one alert that a record holds (RFC 9846 §5.1#one-alert-a-record).
 * @throws {TlsError} `decode_error`
 */
export function decodeAlert(content: Uint8Array): AlertMessage {
  check(content, "content", bytes);
  return decode(alertMessage, content);
}
