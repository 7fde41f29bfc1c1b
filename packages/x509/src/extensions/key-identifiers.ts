import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import { canonicalInteger, decodeDer } from "../der-reader.ts";
import { contextConstructed, contextPrimitive } from "../der-tag.ts";
import { derElement, derOctetString, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type GeneralNames, readGeneralNames } from "../general-name.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";

/** RFC 5280 §4.2.1.1: which key signed a certificate: a hint to find it by, never a proof. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  /** The names of whoever issued the issuer's certificate, and that certificate's serial number: both or none. */
  readonly authorityCertIssuer: GeneralNames | undefined;
  /** Two's complement, as encoded. */
  readonly authorityCertSerialNumber: Uint8Array | undefined;
}

/** `AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0], authorityCertIssuer [1], authorityCertSerialNumber [2] }` */
export function decodeAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const what = "the authority key identifier";
  return decodeDer(value, what, (reader) => {
    const parts = reader.sequence(what);
    const optional = (tag: number): Uint8Array | undefined =>
      parts.nextTag === tag ? parts.content(tag, what) : undefined;
    const keyIdentifier = optional(contextPrimitive(0));
    const issuerTag = contextConstructed(1);
    const authorityCertIssuer = parts.nextTag === issuerTag ? readGeneralNames(parts, what, issuerTag) : undefined;
    const authorityCertSerialNumber = optional(contextPrimitive(2));
    parts.finish(what);
    if ((authorityCertIssuer === undefined) !== (authorityCertSerialNumber === undefined)) {
      throw x509Error("invalid_certificate", `${what} has an issuer without a serial number, or the reverse`);
    }
    if (authorityCertSerialNumber !== undefined) canonicalInteger(authorityCertSerialNumber, what);
    return { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber };
  });
}

/** The identifier of a key whose certificate doesn't give one: 160 bits of its SHA-256 (RFC 7093 §2 (1)). */
export function keyIdentifierOf(provider: CryptoProvider, key: SubjectPublicKeyInfo): Uint8Array {
  return hashOf(provider, "SHA-256").digest(key.subjectPublicKey).subarray(0, 20);
}

export function encodeAuthorityKeyIdentifier(keyIdentifier: Uint8Array): Uint8Array {
  return derSequence(derElement(contextPrimitive(0), keyIdentifier));
}

/** RFC 5280 §4.2.1.2: `SubjectKeyIdentifier ::= OCTET STRING` */
export function decodeSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  const what = "the subject key identifier";
  return decodeDer(value, what, (reader) => reader.octetString(what));
}

export function encodeSubjectKeyIdentifier(keyIdentifier: Uint8Array): Uint8Array {
  return derOctetString(keyIdentifier);
}
