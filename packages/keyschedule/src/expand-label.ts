import { type HashFunction, hkdfExpand } from "@tlskit/crypto";
import { asciiBytes, encode, opaqueVector, struct, uint16 } from "@tlskit/wire";

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

/** RFC 9846 §7.1: HKDF-Expand-Label. The label is given without its "tls13 ". */
export function expandLabel(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = encode(HkdfLabel, { length, label: asciiBytes(`tls13 ${label}`), context });
  return hkdfExpand(hash, secret, info, length);
}

/** RFC 9846 §7.1: Derive-Secret, the messages given by their transcript hash. */
export function deriveSecret(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  return expandLabel(hash, secret, label, transcriptHash, hash.length);
}
