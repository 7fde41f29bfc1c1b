import { Alert, callerError, peerError, type TlsError } from "@tlskit/wire";
import { maxPlaintextLength } from "./limits.ts";

/** RFC 9846 §5.1, §5.2: a record that is too long. */
export function recordOverflow(message: string): TlsError {
  return peerError("record_overflow", Alert.recordOverflow, message);
}

/** RFC 9846 §5#types-checked: a record of a type that has no place where it came. */
export function unexpectedRecord(what: string): TlsError {
  return peerError("unexpected_record", Alert.unexpectedMessage, `the peer sent ${what}`);
}

/** RFC 9846 §5.1#length-sent, §5.2#length-sent */
export function checkContentLength(length: number): void {
  if (length > maxPlaintextLength) {
    throw callerError("out_of_range", `a record holds at most ${maxPlaintextLength} bytes, got ${length}`);
  }
}
