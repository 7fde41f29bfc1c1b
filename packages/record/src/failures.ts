import { CryptoError } from "@tlskit/crypto";
import { Alert, callerError, peerError, type TlsError } from "@tlskit/wire";
import { contentTypeName } from "./content-type.ts";
import { maxPlaintextLength } from "./limits.ts";

/** RFC 9846 §5.1, §5.2: a record that is too long. */
export function recordOverflow(message: string): TlsError {
  return peerError("record_overflow", Alert.recordOverflow, message);
}

/** RFC 9846 §5#types-checked: a record of a type that has no place where it came. */
export function unexpectedRecord(what: string): TlsError {
  return peerError("unexpected_record", Alert.unexpectedMessage, `the peer sent ${what}`);
}

/** What begins like no record at all, which mostly isn't TLS. */
export function unknownRecordType(type: number): TlsError {
  return peerError(
    "unknown_record_type",
    Alert.unexpectedMessage,
    `the peer sent a record of type ${contentTypeName(type)}`,
  );
}

/** RFC 9846 §5.2#authenticated, RFC 5246 §6.2.3.3#not-authentic, RFC 5288 §3#bad-record-mac: one alert for all that can be wrong. Other failures are nobody's forgery. */
export function asBadRecordMac(error: unknown): unknown {
  return error instanceof CryptoError && error.code === "authentication_failed" ? badRecordMac() : error;
}

export function badRecordMac(): TlsError {
  return peerError("bad_record_mac", Alert.badRecordMac, "a record could not be decrypted");
}

/** RFC 5246 §6.2.1: in TLS 1.2 and earlier a record's version is the connection's, and is authenticated. */
export function checkRecordVersion(header: Uint8Array, version: number): void {
  const found = ((header[1] ?? 0) << 8) | (header[2] ?? 0);
  if (found !== version) {
    throw peerError(
      "record_version",
      Alert.protocolVersion,
      `a record's version is 0x${found.toString(16)}, the connection's is 0x${version.toString(16)}`,
    );
  }
}

/** RFC 9846 §5.1#length-sent, §5.2#length-sent, RFC 5246 §6.2.1#length */
export function checkContentLength(length: number): void {
  if (length > maxPlaintextLength) {
    throw callerError("out_of_range", `a record holds at most ${maxPlaintextLength} bytes, got ${length}`);
  }
}
