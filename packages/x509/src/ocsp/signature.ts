import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { Certificate } from "../certificate.ts";
import type { DerReader } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derExplicit, derSequence } from "../der-writer.ts";

/** What stands behind what is signed, in requests and in responses (RFC 6960 §4.1.1, §4.2.1). */
export interface OcspSignature {
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** The DER of each. */
  readonly certificates: readonly Uint8Array[];
}

/** `signatureAlgorithm AlgorithmIdentifier, signature BIT STRING, certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL` */
export function readOcspSignature(parts: DerReader): OcspSignature {
  const algorithm = readAlgorithmIdentifier(parts, "the signature algorithm");
  const signature = parts.bitStringOctets("the signature");
  const certificates =
    parts.explicit(0, "the certificates", (reader) => {
      const list = reader.sequence("the certificates");
      const ders: Uint8Array[] = [];
      while (!list.done) ders.push(list.whole(Tag.sequence, "a certificate"));
      return ders;
    }) ?? [];
  return { algorithm, signature, certificates };
}

/** Nothing if there are none. */
export function encodeOcspCertificates(certificates: readonly Certificate[]): readonly Uint8Array[] {
  return certificates.length === 0 ? [] : [derExplicit(0, derSequence(...certificates.map(({ der }) => der)))];
}
