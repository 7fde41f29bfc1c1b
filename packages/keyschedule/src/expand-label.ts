import { type HashFunction, hkdfExpand } from "@tlskit/crypto";
import { asciiBytes, encode, opaqueVector, struct, uint16 } from "@tlskit/wire";
import { aNumber, aString, bytes, check, checkArguments } from "@tlskit/wire/arguments";
import { aHash, checkTranscriptHash } from "./expectations.ts";

interface HkdfLabel {
  readonly length: number;
  readonly label: Uint8Array;
  readonly context: Uint8Array;
}

const HkdfLabel = struct<HkdfLabel>("HkdfLabel", {
  length: uint16,
  label: opaqueVector(7, 255),
  context: opaqueVector(0, 255),
});

/**
 * RFC 9846 §7.1: HKDF-Expand-Label. The label is given without its "tls13 ".
 * @throws {TlsError} `invalid_argument`, `out_of_range`, `not_ascii` (the caller's fault)
 */
export function expandLabel(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  checkArguments({ hash, secret, label, context, length }, expected);
  return expanded(hash, secret, label, context, length);
}

const expected = { hash: aHash, secret: bytes, label: aString, context: bytes, length: aNumber };

/** The same behind the door, where a handshake asks for some twenty. */
export function expanded(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  return hkdfExpand(hash, secret, encode(HkdfLabel, { length, label: asciiBytes(`tls13 ${label}`), context }), length);
}

/**
 * RFC 9846 §7.1: Derive-Secret, the messages given by their transcript hash.
 * @throws {TlsError} `invalid_argument`, `out_of_range`, `not_ascii` (the caller's fault)
 */
export function deriveSecret(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  check(hash, "hash", aHash);
  checkTranscriptHash(transcriptHash);
  return expandLabel(hash, secret, label, transcriptHash, hash.length);
}

/** RFC 9846 §4.5.3: verify_data of a Finished, and a binder (§4.3.11.2), which is computed in the same way. */
export function finishedMac(hash: HashFunction, baseKey: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
  return hash.hmac(expanded(hash, baseKey, "finished", new Uint8Array(0), hash.length), transcriptHash);
}
