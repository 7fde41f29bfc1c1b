import type { HashFunction } from "@tlskit/crypto";
import { equalBytes, toHex } from "@tlskit/wire";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "./algorithm-identifier.ts";
import { bitStringContent, DerReader, decodeDer } from "./der-reader.ts";
import { contextPrimitive, Tag } from "./der-tag.ts";
import { x509Error } from "./error.ts";
import { type AccessDescription, decodeAccessDescriptions } from "./extensions/access-descriptions.ts";
import { type BasicConstraints, decodeBasicConstraints } from "./extensions/basic-constraints.ts";
import { decodeCertificatePolicies, type PolicyInformation } from "./extensions/certificate-policies.ts";
import { type DistributionPoint, decodeDistributionPoints } from "./extensions/distribution-points.ts";
import { decodeExtendedKeyUsage } from "./extensions/extended-key-usage.ts";
import { type Extension, readExtensions } from "./extensions/extension.ts";
import {
  type AuthorityKeyIdentifier,
  decodeAuthorityKeyIdentifier,
  decodeSubjectKeyIdentifier,
} from "./extensions/key-identifiers.ts";
import { decodeKeyUsage, type KeyUsage } from "./extensions/key-usage.ts";
import { decodeNameConstraints, type NameConstraints } from "./extensions/name-constraints.ts";
import {
  decodeInhibitAnyPolicy,
  decodePolicyConstraints,
  decodePolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from "./extensions/policy-restrictions.ts";
import { decodeSctList } from "./extensions/sct-list.ts";
import { decodeTlsFeature } from "./extensions/tls-feature.ts";
import { decodeGeneralNames, type GeneralNames } from "./general-name.ts";
import { maximumCertificateBytes, maximumSerialNumberOctets } from "./limits.ts";
import { describeName, Name } from "./name.ts";
import { Oid } from "./oids.ts";
import { SubjectPublicKeyInfo } from "./spki.ts";
import { readTime } from "./time.ts";

/** From when until when a certificate is good; both ends belong to it. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * A certificate (RFC 5280 §4.1). One that exists is well-formed: strict DER, all rules on versions, serial numbers and
 * duplicates kept, and every extension that has typed access below decoded. Nothing is said about whether to trust it.
 * ```
 * Certificate ::= SEQUENCE { tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
 * ```
 */
export class Certificate {
  /** The whole certificate. */
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Two's complement, as encoded: at most 20 octets and not negative. */
  readonly serialNumber: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** All extensions in their order, decoded or not. */
  readonly extensions: readonly Extension[];
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  /** Purposes, as object identifiers. */
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly subjectAlternativeName: GeneralNames | undefined;
  readonly issuerAlternativeName: GeneralNames | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  readonly certificatePolicies: readonly PolicyInformation[] | undefined;
  readonly policyMappings: readonly PolicyMapping[] | undefined;
  readonly policyConstraints: PolicyConstraints | undefined;
  /** After how many more certificates anyPolicy stands for no others. */
  readonly inhibitAnyPolicy: number | undefined;
  readonly cRLDistributionPoints: readonly DistributionPoint[] | undefined;
  readonly freshestCRL: readonly DistributionPoint[] | undefined;
  readonly authorityInfoAccess: readonly AccessDescription[] | undefined;
  readonly subjectInfoAccess: readonly AccessDescription[] | undefined;
  /** Signed certificate timestamps (RFC 6962 §3.3), each undecoded. */
  readonly signedCertificateTimestamps: readonly Uint8Array[] | undefined;
  /** Numbers of TLS extensions that the server promises (RFC 7633): 5, status_request, is "must staple". */
  readonly tlsFeature: ReadonlySet<number> | undefined;
  /** RFC 6962 §3.1: whether it is a precertificate, which isn't to be used. */
  readonly isPrecertificate: boolean;
  /** RFC 6960 §4.2.2.2.1: whether an OCSP responder's certificate says that its own revocation needn't be checked. */
  readonly ocspNoCheck: boolean;
  readonly #notBefore: number;
  readonly #notAfter: number;
  #selfIssued: boolean | undefined;

  private constructor(der: Uint8Array) {
    const outer = decodeDer(der, "the certificate", (reader) => reader.sequence("the certificate"));
    this.der = der;
    this.tbs = outer.whole(Tag.sequence, "the TBSCertificate");
    this.signatureAlgorithm = readAlgorithmIdentifier(outer, "the signature algorithm");
    this.signature = outer.bitStringOctets("the signature");
    outer.finish("the certificate");

    const tbs = new DerReader(this.tbs).sequence("the TBSCertificate");
    this.version = readVersion(tbs);
    this.serialNumber = readSerialNumber(tbs);
    // RFC 5280 §4.1.1.2: the same inside as outside
    if (!equalBytes(tbs.whole(Tag.sequence, "the inner signature algorithm"), this.signatureAlgorithm.der)) {
      throw x509Error("invalid_certificate", "the signature algorithm inside the certificate is not the one outside");
    }
    this.issuer = Name.read(tbs, "the issuer");
    // RFC 5280 §4.1.2.4
    if (this.issuer.isEmpty) throw x509Error("invalid_certificate", "the issuer has no name");
    const validity = tbs.sequence("the validity");
    this.#notBefore = readTime(validity, "notBefore");
    this.#notAfter = readTime(validity, "notAfter");
    validity.finish("the validity");
    this.subject = Name.read(tbs, "the subject");
    this.subjectPublicKeyInfo = SubjectPublicKeyInfo.read(tbs);
    skipUniqueIdentifier(tbs, 1, this.version);
    skipUniqueIdentifier(tbs, 2, this.version);
    this.extensions = tbs.explicit(3, "the extensions", readExtensions) ?? [];
    tbs.finish("the TBSCertificate");
    // RFC 5280 §4.1.2.9
    if (this.extensions.length > 0 && this.version !== 3) {
      throw x509Error("invalid_certificate", `a certificate of version ${this.version} has extensions`);
    }

    this.basicConstraints = decoded(this, Oid.basicConstraints, decodeBasicConstraints);
    this.keyUsage = decoded(this, Oid.keyUsage, decodeKeyUsage);
    this.extendedKeyUsage = decoded(this, Oid.extKeyUsage, decodeExtendedKeyUsage);
    this.subjectAlternativeName = decoded(this, Oid.subjectAltName, decodeGeneralNames, "the subject alternative name");
    this.issuerAlternativeName = decoded(this, Oid.issuerAltName, decodeGeneralNames, "the issuer alternative name");
    this.subjectKeyIdentifier = decoded(this, Oid.subjectKeyIdentifier, decodeSubjectKeyIdentifier);
    this.authorityKeyIdentifier = decoded(this, Oid.authorityKeyIdentifier, decodeAuthorityKeyIdentifier);
    this.nameConstraints = decoded(this, Oid.nameConstraints, decodeNameConstraints);
    this.certificatePolicies = decoded(this, Oid.certificatePolicies, decodeCertificatePolicies);
    this.policyMappings = decoded(this, Oid.policyMappings, decodePolicyMappings);
    this.policyConstraints = decoded(this, Oid.policyConstraints, decodePolicyConstraints);
    this.inhibitAnyPolicy = decoded(this, Oid.inhibitAnyPolicy, decodeInhibitAnyPolicy);
    this.cRLDistributionPoints = decoded(
      this,
      Oid.cRLDistributionPoints,
      decodeDistributionPoints,
      "the CRL distribution points",
    );
    this.freshestCRL = decoded(
      this,
      Oid.freshestCRL,
      decodeDistributionPoints,
      "the freshest CRL's distribution points",
    );
    this.authorityInfoAccess = decoded(
      this,
      Oid.authorityInfoAccess,
      decodeAccessDescriptions,
      "the authority information access",
    );
    this.subjectInfoAccess = decoded(
      this,
      Oid.subjectInfoAccess,
      decodeAccessDescriptions,
      "the subject information access",
    );
    this.signedCertificateTimestamps = decoded(this, Oid.signedCertificateTimestampList, decodeSctList);
    this.tlsFeature = decoded(this, Oid.tlsFeature, decodeTlsFeature);
    this.isPrecertificate = decoded(this, Oid.certificateTransparencyPoison, decodeFlag, "the poison") ?? false;
    this.ocspNoCheck = decoded(this, Oid.ocspNoCheck, decodeFlag, "the OCSP no-check extension") ?? false;
  }

  /**
   * Reads a certificate. The bytes are copied.
   * @throws {X509Error} `invalid_der`, `invalid_certificate`, `too_large`
   */
  static fromDer(der: Uint8Array): Certificate {
    if (der.length > maximumCertificateBytes) {
      throw x509Error("too_large", `a certificate has at most ${maximumCertificateBytes} bytes, got ${der.length}`);
    }
    // not slice: a Buffer's slice is a view
    return new Certificate(new Uint8Array(der));
  }

  get validity(): Validity {
    return { notBefore: new Date(this.#notBefore), notAfter: new Date(this.#notAfter) };
  }

  /** Whether subject and issuer are the same name (RFC 5280 §3.2). That the key is the same too isn't said. */
  get selfIssued(): boolean {
    this.#selfIssued ??= this.subject.equals(this.issuer);
    return this.#selfIssued;
  }

  /** The extension of this kind, undecoded. */
  extension(oid: string): Extension | undefined {
    for (const extension of this.extensions) if (extension.oid === oid) return extension;
    return undefined;
  }

  /** Whether it is the same certificate, byte for byte. */
  equals(other: Certificate): boolean {
    return this === other || equalBytes(this.der, other.der);
  }

  /** Which certificate it is, in a line. `certificateText` of `@tlskit/x509/text` tells all that it says. */
  toString(): string {
    const { notBefore, notAfter } = this.validity;
    const days = [notBefore, notAfter].map((date) => date.toISOString().slice(0, 10)).join(" to ");
    return `certificate of ${describeName(this.subject)} by ${describeName(this.issuer)}, ${days}, serial number ${toHex(this.serialNumber)}`;
  }

  /** The hash of the whole certificate, in lower-case hexadecimal digits: with SHA-256, what people compare. */
  fingerprint(hash: HashFunction): string {
    return toHex(hash.digest(this.der));
  }
}

function readVersion(tbs: DerReader): 1 | 2 | 3 {
  const version = tbs.explicit(0, "the version", (reader) => reader.smallInteger(0x7f, "the version"));
  if (version === undefined) return 1;
  // X.690 §11.5: version 1 is the default, which is not encoded
  if (version !== 1 && version !== 2) {
    throw x509Error("invalid_certificate", `a certificate's version field is 1 or 2, or left out; got ${version}`);
  }
  return version === 1 ? 2 : 3;
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. Zero is read, as the RFC asks that users handle it. */
function readSerialNumber(tbs: DerReader): Uint8Array {
  const serialNumber = tbs.integer("the serial number");
  if ((serialNumber[0] ?? 0) & 0x80) throw x509Error("invalid_certificate", "the serial number is negative");
  // the octet that keeps the sign of a number of 20 octets isn't one of them
  const significant = serialNumber[0] === 0 ? serialNumber.length - 1 : serialNumber.length;
  if (significant > maximumSerialNumberOctets) {
    throw x509Error(
      "invalid_certificate",
      `a serial number has at most ${maximumSerialNumberOctets} octets, got ${significant}`,
    );
  }
  return serialNumber;
}

/** RFC 5280 §4.1.2.8: unique identifiers came with version 2; nobody uses them. */
function skipUniqueIdentifier(tbs: DerReader, number: 1 | 2, version: 1 | 2 | 3): void {
  const tag = contextPrimitive(number);
  if (tbs.nextTag !== tag) return;
  if (version === 1) throw x509Error("invalid_certificate", "a certificate of version 1 has a unique identifier");
  bitStringContent(tbs.content(tag, "a unique identifier"), "a unique identifier");
}

/** The decoded value of an extension, if there is one of this kind; one that is malformed refuses the certificate. */
function decoded<T>(
  certificate: Certificate,
  oid: string,
  decode: (value: Uint8Array, what: string) => T,
  what: string = "",
): T | undefined {
  const extension = certificate.extension(oid);
  return extension === undefined ? undefined : decode(extension.value, what);
}

/** An extension that says all by being there; its value is a NULL. */
function decodeFlag(value: Uint8Array, what: string): true {
  decodeDer(value, what, (reader) => reader.null(what));
  return true;
}
