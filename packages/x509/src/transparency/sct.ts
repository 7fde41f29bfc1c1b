import {
  type Codec,
  decode,
  encode,
  enumeration,
  mapped,
  opaque,
  opaqueVector,
  struct,
  TlsError,
  uint64,
  vector,
} from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { splitSctList } from "../extensions/sct-list.ts";

/**
 * A log's promise to publish a certificate (RFC 6962 §3.2).
 * ```
 * struct {
 *     Version sct_version; LogID id; uint64 timestamp; CtExtensions extensions;
 *     digitally-signed struct { … };
 * } SignedCertificateTimestamp;
 * ```
 */
export interface SignedCertificateTimestamp {
  /** SHA-256 of the log's SubjectPublicKeyInfo: 32 bytes. */
  readonly logId: Uint8Array;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
  /** RFC 6962 defines none. */
  readonly extensions: Uint8Array;
  /** The TLS 1.2 code points (RFC 5246 §7.4.1.4.1) of the hash and the algorithm, such as 4 and 3. */
  readonly hashAlgorithm: number;
  readonly signatureAlgorithm: number;
  readonly signature: Uint8Array;
}

/** `enum { v1(0), (255) } Version` */
const v1 = 0;

interface SerializedTimestamp extends SignedCertificateTimestamp {
  readonly version: number;
}

const serializedTimestamp: Codec<SerializedTimestamp> = struct<SerializedTimestamp>("SignedCertificateTimestamp", {
  version: enumeration("Version", 1, (value) => (value === v1 ? "v1" : undefined)),
  logId: opaque(32),
  timestamp: uint64,
  extensions: opaqueVector(0, 0xffff),
  hashAlgorithm: enumeration("HashAlgorithm", 1, (value) => (value === 4 ? "sha256" : undefined)),
  signatureAlgorithm: enumeration("SignatureAlgorithm", 1, (value) =>
    value === 1 ? "rsa" : value === 3 ? "ecdsa" : undefined,
  ),
  signature: opaqueVector(0, 0xffff),
});

/** The codec of one timestamp, for whoever explains bytes. */
export const signedCertificateTimestamp: Codec<SignedCertificateTimestamp> = mapped(serializedTimestamp, {
  read: (serialized): SignedCertificateTimestamp => {
    if (serialized.version !== v1) {
      throw x509Error("invalid_sct", `version ${serialized.version} of signed certificate timestamps is not known`);
    }
    const { version: _, ...timestamp } = serialized;
    return timestamp;
  },
  write: (timestamp) => ({ version: v1, ...timestamp }),
});

/** `opaque SerializedSCT<1..2^16-1>; struct { SerializedSCT sct_list <1..2^16-1>; } SignedCertificateTimestampList` */
const serializedList: Codec<readonly Uint8Array[]> = vector(opaqueVector(1, 0xffff), 1, 0xffff);

/**
 * Reads one timestamp of version 1.
 * @throws {X509Error} `invalid_sct`
 */
export function decodeSct(bytes: Uint8Array): SignedCertificateTimestamp {
  return reading(() => decode(signedCertificateTimestamp, bytes));
}

/** @throws {X509Error} `invalid_argument` for what doesn't fit its length */
export function encodeSct(sct: SignedCertificateTimestamp): Uint8Array {
  return writing(() => encode(signedCertificateTimestamp, sct));
}

/**
 * Reads a list as TLS carries it (RFC 6962 §3.3.1). Timestamps of other versions are passed over, as §3.3 wants it.
 * @throws {X509Error} `invalid_sct`
 */
export function decodeSctList(bytes: Uint8Array): readonly SignedCertificateTimestamp[] {
  return splitSctList(bytes).filter(isOfVersion1).map(decodeSct);
}

/** Whether a serialized timestamp is of the version that is known here. */
export function isOfVersion1(serialized: Uint8Array): boolean {
  return serialized[0] === v1;
}

/** @throws {X509Error} `invalid_argument` for an empty list, and for what doesn't fit its length */
export function encodeSctList(scts: readonly SignedCertificateTimestamp[]): Uint8Array {
  return writing(() => encode(serializedList, scts.map(encodeSct)));
}

/** The presentation language's errors are TLS's; here nobody speaks TLS. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    throw x509Error("invalid_sct", `a signed certificate timestamp is malformed: ${error.message}`, error);
  }
}

function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    throw x509Error("invalid_argument", `not a signed certificate timestamp: ${error.message}`, error);
  }
}
