import type { HashFunction } from "@tlskit/crypto";
import { equalBytes, toHex } from "@tlskit/wire";
import { type AlgorithmIdentifier, isEmpty, readAlgorithmIdentifier } from "./algorithm-identifier.ts";
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
import { maximumCertificateBytes } from "./limits.ts";
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
 * A certificate (RFC 5280 §4.1). One that exists is well-formed DER, and every extension that a path's verdict rests on is
 * decoded: one of these that is malformed shows here. Others are decoded when they are asked for, and it is then that one
 * throws; no verdict is the worse for it. Nothing is said about whether to trust the certificate.
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
  /** Two's complement, as encoded. RFC 5280 §4.1.2.2 has issuers keep to 20 octets and above zero; not all did. */
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
  readonly nameConstraints: NameConstraints | undefined;
  readonly certificatePolicies: readonly PolicyInformation[] | undefined;
  readonly policyMappings: readonly PolicyMapping[] | undefined;
  readonly policyConstraints: PolicyConstraints | undefined;
  /** After how many more certificates anyPolicy stands for no others. */
  readonly inhibitAnyPolicy: number | undefined;
  /** RFC 6962 §3.1: whether it is a precertificate, which isn't to be used. */
  readonly isPrecertificate: boolean;
  /** RFC 6960 §4.2.2.2.1: whether an OCSP responder's certificate says that its own revocation needn't be checked. */
  readonly ocspNoCheck: boolean;
  readonly #notBefore: number;
  readonly #notAfter: number;
  #selfIssued: boolean | undefined;
  #issuerAlternativeName: GeneralNames | undefined;
  #subjectKeyIdentifier: Uint8Array | undefined;
  #authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  #cRLDistributionPoints: readonly DistributionPoint[] | undefined;
  #freshestCRL: readonly DistributionPoint[] | undefined;
  #authorityInfoAccess: readonly AccessDescription[] | undefined;
  #subjectInfoAccess: readonly AccessDescription[] | undefined;
  #signedCertificateTimestamps: readonly Uint8Array[] | undefined;
  #tlsFeature: ReadonlySet<number> | undefined;

  private constructor(der: Uint8Array) {
    const outer = decodeDer(der, "the certificate", (reader) => reader.sequence("the certificate"));
    this.der = der;
    this.tbs = outer.whole(Tag.sequence, "the TBSCertificate");
    this.signatureAlgorithm = readAlgorithmIdentifier(outer, "the signature algorithm");
    this.signature = outer.bitStringOctets("the signature");
    outer.finish("the certificate");

    const tbs = new DerReader(this.tbs).sequence("the TBSCertificate");
    this.version = readVersion(tbs);
    this.serialNumber = tbs.integer("the serial number");
    // RFC 5280 §4.1.1.2: the same inside as outside
    if (!equalBytes(tbs.whole(Tag.sequence, "the inner signature algorithm"), this.signatureAlgorithm.der)) {
      throw x509Error("invalid_certificate", "the signature algorithm inside the certificate is not the one outside");
    }
    this.issuer = Name.read(tbs, "the issuer");
    const validity = tbs.sequence("the validity");
    this.#notBefore = readTime(validity, "notBefore");
    this.#notAfter = readTime(validity, "notAfter");
    validity.finish("the validity");
    this.subject = Name.read(tbs, "the subject");
    this.subjectPublicKeyInfo = SubjectPublicKeyInfo.read(tbs);
    skipUniqueIdentifier(tbs, 1);
    skipUniqueIdentifier(tbs, 2);
    this.extensions = tbs.explicit(3, "the extensions", readExtensions) ?? [];
    tbs.finish("the TBSCertificate");
    // RFC 5280 §4.1.2.9
    if (this.extensions.length > 0 && this.version !== 3) {
      throw x509Error("invalid_certificate", `a certificate of version ${this.version} has extensions`);
    }

    this.basicConstraints = this.#decoded(Oid.basicConstraints, decodeBasicConstraints);
    this.keyUsage = this.#decoded(Oid.keyUsage, decodeKeyUsage);
    this.extendedKeyUsage = this.#decoded(Oid.extKeyUsage, decodeExtendedKeyUsage);
    this.subjectAlternativeName = this.#decoded(Oid.subjectAltName, decodeGeneralNames, "the subject alternative name");
    this.nameConstraints = this.#decoded(Oid.nameConstraints, decodeNameConstraints);
    this.certificatePolicies = this.#decoded(Oid.certificatePolicies, decodeCertificatePolicies);
    this.policyMappings = this.#decoded(Oid.policyMappings, decodePolicyMappings);
    this.policyConstraints = this.#decoded(Oid.policyConstraints, decodePolicyConstraints);
    this.inhibitAnyPolicy = this.#decoded(Oid.inhibitAnyPolicy, decodeInhibitAnyPolicy);
    // whatever its value: who reads more into it than a NULL could use a precertificate
    this.isPrecertificate = this.extension(Oid.certificateTransparencyPoison) !== undefined;
    // a value that isn't NULL spares nobody a look
    this.ocspNoCheck = isEmpty(this.extension(Oid.ocspNoCheck)?.value) && this.extension(Oid.ocspNoCheck) !== undefined;
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

  /** @throws {X509Error} if it is malformed */
  get issuerAlternativeName(): GeneralNames | undefined {
    this.#issuerAlternativeName ??= this.#decoded(Oid.issuerAltName, decodeGeneralNames, "the issuer alternative name");
    return this.#issuerAlternativeName;
  }

  /** A hint to find an issuer by. @throws {X509Error} if it is malformed */
  get subjectKeyIdentifier(): Uint8Array | undefined {
    this.#subjectKeyIdentifier ??= this.#decoded(Oid.subjectKeyIdentifier, decodeSubjectKeyIdentifier);
    return this.#subjectKeyIdentifier;
  }

  /** A hint to find the issuer by. @throws {X509Error} if it is malformed */
  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    this.#authorityKeyIdentifier ??= this.#decoded(Oid.authorityKeyIdentifier, decodeAuthorityKeyIdentifier);
    return this.#authorityKeyIdentifier;
  }

  /** @throws {X509Error} if they are malformed */
  get cRLDistributionPoints(): readonly DistributionPoint[] | undefined {
    this.#cRLDistributionPoints ??= this.#decoded(
      Oid.cRLDistributionPoints,
      decodeDistributionPoints,
      "the CRL distribution points",
    );
    return this.#cRLDistributionPoints;
  }

  /** @throws {X509Error} if they are malformed */
  get freshestCRL(): readonly DistributionPoint[] | undefined {
    this.#freshestCRL ??= this.#decoded(
      Oid.freshestCRL,
      decodeDistributionPoints,
      "the freshest CRL's distribution points",
    );
    return this.#freshestCRL;
  }

  /** @throws {X509Error} if it is malformed */
  get authorityInfoAccess(): readonly AccessDescription[] | undefined {
    this.#authorityInfoAccess ??= this.#decoded(
      Oid.authorityInfoAccess,
      decodeAccessDescriptions,
      "the authority information access",
    );
    return this.#authorityInfoAccess;
  }

  /** @throws {X509Error} if it is malformed */
  get subjectInfoAccess(): readonly AccessDescription[] | undefined {
    this.#subjectInfoAccess ??= this.#decoded(
      Oid.subjectInfoAccess,
      decodeAccessDescriptions,
      "the subject information access",
    );
    return this.#subjectInfoAccess;
  }

  /** Signed certificate timestamps (RFC 6962 §3.3), each undecoded. @throws {X509Error} if the list is malformed */
  get signedCertificateTimestamps(): readonly Uint8Array[] | undefined {
    this.#signedCertificateTimestamps ??= this.#decoded(Oid.signedCertificateTimestampList, decodeSctList);
    return this.#signedCertificateTimestamps;
  }

  /**
   * Numbers of TLS extensions that the server promises (RFC 7633): 5, status_request, is "must staple".
   * @throws {X509Error} if they are malformed
   */
  get tlsFeature(): ReadonlySet<number> | undefined {
    this.#tlsFeature ??= this.#decoded(Oid.tlsFeature, decodeTlsFeature);
    return this.#tlsFeature;
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

  /** The decoded value of an extension, if there is one of this kind. */
  #decoded<T>(oid: string, decode: (value: Uint8Array, what: string) => T, what: string = ""): T | undefined {
    const extension = this.extension(oid);
    return extension === undefined ? undefined : decode(extension.value, what);
  }
}

/** RFC 5280 §4.1.2.1. Version 1 is the default, which X.690 §11.5 has whoever writes leave out. */
function readVersion(tbs: DerReader): 1 | 2 | 3 {
  const field = tbs.explicit(0, "the version", (reader) => reader.smallInteger(0x7f, "the version")) ?? 0;
  switch (field) {
    case 0:
      return 1;
    case 1:
      return 2;
    case 2:
      return 3;
    default:
      throw x509Error("invalid_certificate", `a certificate's version field is 0, 1 or 2; got ${field}`);
  }
}

/** RFC 5280 §4.1.2.8: unique identifiers, which nobody uses. */
function skipUniqueIdentifier(tbs: DerReader, number: 1 | 2): void {
  const tag = contextPrimitive(number);
  if (tbs.nextTag === tag) bitStringContent(tbs.content(tag, "a unique identifier"), "a unique identifier");
}
