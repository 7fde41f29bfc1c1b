import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { DerReader } from "../der-reader.ts";
import { contextConstructed } from "../der-tag.ts";
import { derExplicit, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type Extension, encodeExtensions } from "../extensions/extension.ts";
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
  let extensions = certificate.extensions.filter((extension) => extension !== left);
  if (precertificateSigner !== undefined) extensions = withKeyIdentifierOf(precertificateSigner, extensions);
  return {
    type: "precert_entry",
    issuerKeyHash: hashOf(provider, "SHA-256").digest(issuer.subjectPublicKeyInfo.der),
    tbsCertificate: rewriteTbs(certificate, extensions, precertificateSigner?.issuer.der ?? certificate.issuer.der),
  };
}

/** The AuthorityKeyIdentifier is made to fit the CA that is to issue the certificate (RFC 6962 §3.2). */
function withKeyIdentifierOf(signer: Certificate, extensions: readonly Extension[]): Extension[] {
  const identifier = signer.extension(Oid.authorityKeyIdentifier);
  return extensions.flatMap((extension) => {
    if (extension.oid !== Oid.authorityKeyIdentifier) return [extension];
    return identifier === undefined ? [] : [{ ...extension, value: identifier.value }];
  });
}

/** Every field as it stands, byte for byte: DER has one encoding for the extensions that are left. */
function rewriteTbs(certificate: Certificate, extensions: readonly Extension[], issuer: Uint8Array): Uint8Array {
  const what = "the TBSCertificate";
  const fields = new DerReader(certificate.tbs).sequence(what);
  const rewritten: Uint8Array[] = [];
  while (!fields.done) {
    const { tag, der } = fields.element(what);
    if (tag !== contextConstructed(3)) rewritten.push(der);
    else if (extensions.length > 0) rewritten.push(derExplicit(3, encodeExtensions(extensions)));
  }
  // the version comes first, since there are extensions: then serial number, algorithm, issuer
  rewritten[3] = issuer;
  return derSequence(...rewritten);
}
