import { equalBytes } from "@tlskit/wire";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { DerReader, decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { type AccessDescription, decodeAccessDescriptions } from "../extensions/access-descriptions.ts";
import { type DistributionPoint, decodeDistributionPoints } from "../extensions/distribution-points.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { type AuthorityKeyIdentifier, decodeAuthorityKeyIdentifier } from "../extensions/key-identifiers.ts";
import { decodeGeneralNames, type GeneralNames } from "../general-name.ts";
import { maximumCrlBytes, maximumCrlNumberOctets } from "../limits.ts";
import { Name } from "../name.ts";
import { describeOid, Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import { readTime } from "../time.ts";
import { CrlEntries } from "./entries.ts";
import { decodeIssuingDistributionPoint, type IssuingDistributionPoint } from "./issuing-distribution-point.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";

/** Extensions of CRLs that are acted upon here, so that they may be critical. */
const understood: ReadonlySet<string> = new Set([
  Oid.authorityKeyIdentifier,
  Oid.cRLNumber,
  Oid.deltaCRLIndicator,
  Oid.issuingDistributionPoint,
  Oid.freshestCRL,
]);

/**
 * A certificate revocation list (RFC 5280 §5). One that exists is well-formed DER, with every entry checked, and what its
 * scope rests on is decoded; other extensions are decoded when they are asked for, and it is then that one that is
 * malformed throws. Nothing is said about whether to believe it.
 * ```
 * CertificateList ::= SEQUENCE { tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
 * TBSCertList ::= SEQUENCE {
 *   version Version OPTIONAL, signature AlgorithmIdentifier, issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
 *   revokedCertificates SEQUENCE OF SEQUENCE { … } OPTIONAL, crlExtensions [0] EXPLICIT Extensions OPTIONAL }
 * ```
 */
export class CertificateRevocationList {
  /** The whole CRL. */
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2;
  readonly issuer: Name;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** All extensions in their order, decoded or not. */
  readonly extensions: readonly Extension[];
  /** RFC 5280 §5.2.4: of a delta CRL, the number of the complete CRL from which on it tells what changed. */
  readonly baseCRLNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  /**
   * A critical extension, of the CRL or of an entry, that isn't understood here or can't be read: the CRL can't be used
   * (RFC 5280 §5.2, §5.3).
   */
  readonly unsupportedCriticalExtension: string | undefined;
  readonly #entries: CrlEntries;
  readonly #thisUpdate: number;
  readonly #nextUpdate: number | undefined;

  private constructor(der: Uint8Array) {
    const outer = decodeDer(der, "the CRL", (reader) => reader.sequence("the CRL"));
    this.der = der;
    this.tbs = outer.whole(Tag.sequence, "the TBSCertList");
    this.signatureAlgorithm = readAlgorithmIdentifier(outer, "the signature algorithm");
    this.signature = outer.bitStringOctets("the signature");
    outer.finish("the CRL");

    const tbs = new DerReader(this.tbs).sequence("the TBSCertList");
    this.version = readVersion(tbs);
    // RFC 5280 §5.1.1.2: the same inside as outside
    if (!equalBytes(tbs.whole(Tag.sequence, "the inner signature algorithm"), this.signatureAlgorithm.der)) {
      throw x509Error("invalid_crl", "the signature algorithm inside the CRL is not the one outside");
    }
    this.issuer = Name.read(tbs, "the issuer");
    this.#thisUpdate = readTime(tbs, "thisUpdate");
    this.#nextUpdate = isTime(tbs.nextTag) ? readTime(tbs, "nextUpdate") : undefined;
    this.#entries = new CrlEntries(readEntries(tbs), this.version);
    this.extensions = tbs.explicit(0, "the CRL's extensions", readExtensions) ?? [];
    tbs.finish("the TBSCertList");
    // RFC 5280 §5.1.2.7
    if (this.extensions.length > 0 && this.version !== 2) {
      throw x509Error("invalid_crl", "a CRL of version 1 has extensions");
    }

    this.baseCRLNumber = this.#decoded(Oid.deltaCRLIndicator, decodeCrlNumber);
    this.issuingDistributionPoint = this.#decoded(Oid.issuingDistributionPoint, decodeIssuingDistributionPoint);
    this.unsupportedCriticalExtension =
      this.extensions.find(({ oid, critical }) => critical && !(understood.has(oid) && this.#reads(oid)))?.oid ??
      this.#entries.unsupported;
  }

  /**
   * Reads a CRL and checks all of its entries. The bytes are copied.
   * @throws {X509Error} `invalid_der`, `invalid_crl`, `invalid_certificate` (of an extension), `too_large`
   */
  static fromDer(der: Uint8Array): CertificateRevocationList {
    if (der.length > maximumCrlBytes) {
      throw x509Error("too_large", `a CRL has at most ${maximumCrlBytes} bytes, got ${der.length}`);
    }
    // not slice: a Buffer's slice is a view
    return new CertificateRevocationList(new Uint8Array(der));
  }

  /** When it was issued. */
  get thisUpdate(): Date {
    return new Date(this.#thisUpdate);
  }

  /** By when the next one is issued, which RFC 5280 §5.1.2.5 asks for and which some leave out. */
  get nextUpdate(): Date | undefined {
    return this.#nextUpdate === undefined ? undefined : new Date(this.#nextUpdate);
  }

  /** A hint to find the signer by. @throws {X509Error} if it is malformed */
  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.#decoded(Oid.authorityKeyIdentifier, decodeAuthorityKeyIdentifier);
  }

  /** @throws {X509Error} if it is malformed */
  get issuerAlternativeName(): GeneralNames | undefined {
    return this.#decoded(Oid.issuerAltName, decodeGeneralNames);
  }

  /** Tells which delta CRLs go with it. @throws {X509Error} if it is malformed, or has more than 20 octets */
  get cRLNumber(): bigint | undefined {
    return this.#decoded(Oid.cRLNumber, decodeCrlNumber);
  }

  /** Where delta CRLs are to be had. @throws {X509Error} if it is malformed */
  get freshestCRL(): readonly DistributionPoint[] | undefined {
    return this.#decoded(Oid.freshestCRL, decodeDistributionPoints);
  }

  /** @throws {X509Error} if it is malformed */
  get authorityInfoAccess(): readonly AccessDescription[] | undefined {
    return this.#decoded(Oid.authorityInfoAccess, decodeAccessDescriptions);
  }

  /** Whether it tells only what changed since another (RFC 5280 §5.2.4). */
  get isDelta(): boolean {
    return this.baseCRLNumber !== undefined;
  }

  /** How many certificates it lists. */
  get size(): number {
    return this.#entries.size;
  }

  /** Its entries in their order, each decoded when its turn comes. */
  get entries(): Iterable<RevokedCertificate> {
    return this.#entries;
  }

  /**
   * The entry of a certificate. That there is none means nothing until the CRL has been verified, and if it isn't about
   * that certificate: see {@link verifyCertificate}.
   * @param certificate its serial number, in two's complement as encoded, and its issuer: a `Certificate` will do
   */
  find(certificate: { readonly serialNumber: Uint8Array; readonly issuer: Name }): RevokedCertificate | undefined {
    return this.#entries.find(certificate.serialNumber, certificate.issuer, this.issuer);
  }

  /** The extension of this kind, undecoded. */
  extension(oid: string): Extension | undefined {
    for (const extension of this.extensions) if (extension.oid === oid) return extension;
    return undefined;
  }

  /** Whether an extension that is acted upon can be read. */
  #reads(oid: string): boolean {
    const { authorityKeyIdentifier, cRLNumber, freshestCRL } = Oid;
    const read = (get: () => unknown): boolean => readable(() => ({ value: get() })) !== undefined;
    switch (oid) {
      case authorityKeyIdentifier:
        return read(() => this.authorityKeyIdentifier);
      case cRLNumber:
        return read(() => this.cRLNumber);
      case freshestCRL:
        return read(() => this.freshestCRL);
      default:
        return true;
    }
  }

  #decoded<T>(oid: string, decode: (value: Uint8Array, what: string) => T): T | undefined {
    const extension = this.extension(oid);
    return extension === undefined ? undefined : decode(extension.value, `the extension ${describeOid(oid)}`);
  }
}

/** RFC 5280 §5.1.2.1: absent, or version 2 with the value 1. Version 1, which some write, is what absence stands for. */
function readVersion(tbs: DerReader): 1 | 2 {
  if (tbs.nextTag !== Tag.integer) return 1;
  const version = tbs.smallInteger(0x7f, "the version");
  if (version > 1) throw x509Error("invalid_crl", `a CRL's version field is 0, 1 or left out, got ${version}`);
  return version === 0 ? 1 : 2;
}

/** RFC 5280 §5.1.2.6 has issuers leave the list out if nothing is in it; one that is empty says the same. */
function readEntries(tbs: DerReader): Uint8Array {
  return tbs.nextTag === Tag.sequence ? tbs.content(Tag.sequence, "the revoked certificates") : new Uint8Array(0);
}

function isTime(tag: number | undefined): boolean {
  return tag === Tag.utcTime || tag === Tag.generalizedTime;
}

/** RFC 5280 §5.2.3, §5.2.4: `INTEGER (0..MAX)`, of at most 20 octets. */
function decodeCrlNumber(value: Uint8Array, what: string): bigint {
  const octets = decodeDer(value, what, (reader) => reader.unsignedInteger(what));
  if (octets.length > maximumCrlNumberOctets) {
    throw x509Error("invalid_crl", `${what} has at most ${maximumCrlNumberOctets} octets, got ${octets.length}`);
  }
  let number = 0n;
  for (const octet of octets) number = (number << 8n) | BigInt(octet);
  return number;
}
