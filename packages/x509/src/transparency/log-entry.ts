import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { DerReader } from "../der-reader.ts";
import { contextConstructed, Tag } from "../der-tag.ts";
import { derExplicit, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { encodeExtension } from "../extensions/extension.ts";
import { Oid } from "../oids.ts";
import type { Issuer } from "../verification/candidate-path.ts";

/** What a log signed the timestamp of (RFC 6962 §3.2). */
export type LogEntry =
  | { readonly type: "x509_entry"; readonly certificate: Uint8Array }
  | { readonly type: "precert_entry"; readonly issuerKeyHash: Uint8Array; readonly tbsCertificate: Uint8Array };

/** The entry of a certificate whose timestamps come from elsewhere: a TLS extension or an OCSP response. */
export function certificateEntry(certificate: Certificate): LogEntry {
  return { type: "x509_entry", certificate: certificate.der };
}

/**
 * The entry of the precertificate that a certificate with embedded timestamps was made from, or that it itself is: the
 * TBSCertificate without its SCT list or poison (RFC 6962 §3.2), and whose key is to sign it.
 * @param issuer the CA, by its certificate or as an anchor; for a precertificate that a Precertificate Signing
 *   Certificate signed, the CA that issued that
 * @param precertificateSigner that certificate, where there is one: its CA's name and key identifier take the place
 *   of its own
 * @throws {X509Error} `invalid_argument` for a certificate that has neither, or both
 */
export function precertificateEntry(
  provider: CryptoProvider,
  certificate: Certificate,
  issuer: Pick<Issuer, "subjectPublicKeyInfo">,
  precertificateSigner?: Certificate,
): LogEntry {
  const list = certificate.extension(Oid.signedCertificateTimestampList);
  const poison = certificate.extension(Oid.certificateTransparencyPoison);
  const left = list ?? poison;
  if (left === undefined || (list !== undefined && poison !== undefined)) {
    throw x509Error(
      "invalid_argument",
      "a precertificate's entry comes from a certificate with an SCT list or a poison",
    );
  }
  return {
    type: "precert_entry",
    issuerKeyHash: hashOf(provider, "SHA-256").digest(issuer.subjectPublicKeyInfo.der),
    tbsCertificate: rewriteTbs(certificate, left.oid, precertificateSigner),
  };
}

/**
 * Every field and extension as it stands, octet for octet, but for the one that is left out. RFC 6962 §3.2: of a
 * Precertificate Signing Certificate the issuer and the AuthorityKeyIdentifier take the place of the certificate's.
 */
function rewriteTbs(certificate: Certificate, leftOut: string, signer: Certificate | undefined): Uint8Array {
  const what = "the TBSCertificate";
  const fields = new DerReader(certificate.tbs).sequence(what);
  const rewritten: Uint8Array[] = [];
  while (!fields.done) {
    const field = fields.element(what);
    if (field.tag !== contextConstructed(3)) {
      rewritten.push(field.der);
      continue;
    }
    const extensions = rewriteExtensions(field.open().sequence(what), leftOut, signer);
    if (extensions.length > 0) rewritten.push(derExplicit(3, derSequence(...extensions)));
  }
  // the version comes first, since there are extensions: then serial number, algorithm, issuer
  if (signer !== undefined) rewritten[3] = signer.issuer.der;
  return derSequence(...rewritten);
}

function rewriteExtensions(list: DerReader, leftOut: string, signer: Certificate | undefined): readonly Uint8Array[] {
  const what = "an extension";
  const identifier = signer?.extension(Oid.authorityKeyIdentifier);
  const rewritten: Uint8Array[] = [];
  while (!list.done) {
    const { der } = list.element(what);
    const oid = new DerReader(der).sequence(what).oid(what);
    if (oid === leftOut) continue;
    if (signer === undefined || oid !== Oid.authorityKeyIdentifier) rewritten.push(der);
    else if (identifier !== undefined) rewritten.push(encodeExtension({ ...identifier, critical: isCritical(der) }));
  }
  return rewritten;
}

function isCritical(der: Uint8Array): boolean {
  const parts = new DerReader(der).sequence("an extension");
  parts.oid("an extension");
  return parts.nextTag === Tag.boolean && parts.boolean("an extension");
}
