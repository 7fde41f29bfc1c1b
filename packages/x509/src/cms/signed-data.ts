import { type DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { maximumSignedDataBytes, maximumSignedDataElements } from "../limits.ts";
import { describeOid } from "../oids.ts";
import { readContentInfo } from "./content-info.ts";
import { CmsOid } from "./oids.ts";

/** The certificates and CRLs that come in a SignedData, each in DER and in the order in which they stand there. */
export interface SignedDataContents {
  /** For `Certificate.fromDer`. */
  readonly certificates: readonly Uint8Array[];
  /** For `CertificateRevocationList.fromDer`. */
  readonly crls: readonly Uint8Array[];
}

/**
 * The certificates and CRLs of a SignedData (RFC 5652 §5.1, the same in RFC 2315 §9.1): what `.p7b` and `.p7c` files are,
 * mostly with nothing else in them ("certs-only"). Whoever signed them, or what else is in there, isn't looked at, and
 * nothing is to be trusted for having come this way. DER alone; `berToDer` of `@tlskit/x509/ber` makes it of files that
 * aren't.
 * ```
 * SignedData ::= SEQUENCE { version INTEGER, digestAlgorithms SET, encapContentInfo SEQUENCE,
 *   certificates [0] IMPLICIT SET OF CertificateChoices OPTIONAL, crls [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
 *   signerInfos SET }
 * ```
 * Certificates and revocation information of other kinds, which have tags of their own (§10.2), are passed over.
 * @throws {X509Error} `invalid_der`, `too_large`
 */
export function decodeSignedData(der: Uint8Array): SignedDataContents {
  if (der.length > maximumSignedDataBytes) {
    throw x509Error("too_large", `a SignedData has at most ${maximumSignedDataBytes} bytes, got ${der.length}`);
  }
  const { type, content } = decodeDer(new Uint8Array(der), "the PKCS#7 file", readContentInfo);
  if (type !== CmsOid.idSignedData) {
    throw x509Error("invalid_der", `certificates come in SignedData, not in contents of the type ${describeOid(type)}`);
  }
  const what = "the SignedData";
  const parts = content.sequence(what);
  content.finish(what);
  // RFC 5652 §5.1: 1 to 5, by what it holds
  parts.smallInteger(5, "the version of the SignedData");
  parts.whole(Tag.set, "the digest algorithms");
  parts.whole(Tag.sequence, "the signed contents");
  const certificates = sequencesOf(parts, 0, "the certificates");
  const crls = sequencesOf(parts, 1, "the CRLs");
  parts.whole(Tag.set, "the signers");
  parts.finish(what);
  return { certificates, crls };
}

/** The elements that are a SEQUENCE, out of the set with this tag: a certificate as X.509 has it, or a CRL. */
function sequencesOf(parts: DerReader, number: number, what: string): readonly Uint8Array[] {
  const tag = contextConstructed(number);
  if (parts.nextTag !== tag) return [];
  const list = parts.open(tag, what);
  const found: Uint8Array[] = [];
  for (let count = 1; !list.done; count += 1) {
    if (count > maximumSignedDataElements) {
      throw x509Error("too_large", `a SignedData has at most ${maximumSignedDataElements} of ${what}`);
    }
    const { tag: kind, der } = list.element(what);
    if (kind === Tag.sequence) found.push(der);
  }
  return found;
}
