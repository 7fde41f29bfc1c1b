import { Certificate, type Validity } from "../certificate.ts";
import { decodeNameConstraints, type NameConstraints } from "../extensions/name-constraints.ts";
import { Name } from "../name.ts";
import { readable } from "../readable.ts";
import { SubjectPublicKeyInfo } from "../spki.ts";

/** What an anchor is trusted for no longer, or was never. */
export interface AnchorRestrictions {
  /** Leaves that were issued later (by their notBefore) are refused: how root programs phase an authority out. */
  readonly distrustLeafIssuedAfter?: Date | undefined;
  /** From when until when it is trusted at all, both ends included: such as the `validity` of its certificate. */
  readonly validity?: Validity | undefined;
  /** How many CAs may lie between it and the leaf, those that are self-issued left out (RFC 5280 §4.2.1.9). */
  readonly pathLength?: number | undefined;
  /** The value of a NameConstraints extension that holds for all below the anchor, in DER. */
  readonly nameConstraints?: Uint8Array | undefined;
}

/** An anchor as RFC 5280 §6.1.1 (d) has it: a name and a key, in DER; decoded when they are needed. */
export interface TrustAnchorParts extends AnchorRestrictions {
  /** The Name. */
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly subjectKeyIdentifier?: Uint8Array | undefined;
}

/**
 * Someone who is trusted to issue certificates: by a name and a key alone, or by a certificate, whose own signature
 * and dates don't count (RFC 5280 §6.1.1 (d)) unless asked for, but what it forbids does: a certificate that says that it is no CA issues
 * nothing; path lengths, purposes, name constraints and policies hold (RFC 5937).
 */
export class TrustAnchor {
  readonly name: Name;
  /** The certificate, if it is trusted by one. */
  readonly certificate: Certificate | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly distrustLeafIssuedAfter: Date | undefined;
  readonly validity: Validity | undefined;
  /** A path length that it was given, apart from that of its certificate. */
  readonly pathLength: number | undefined;
  readonly #spkiDer: Uint8Array;
  readonly #nameConstraintsDer: Uint8Array | undefined;
  #subjectPublicKeyInfo: SubjectPublicKeyInfo | undefined;
  #nameConstraints: NameConstraints | undefined;

  private constructor(source: Certificate | TrustAnchorParts, restrictions: AnchorRestrictions) {
    if (source instanceof Certificate) {
      this.name = source.subject;
      this.certificate = source;
      this.#subjectPublicKeyInfo = source.subjectPublicKeyInfo;
      this.#spkiDer = source.subjectPublicKeyInfo.der;
    } else {
      this.name = Name.fromDer(source.subject);
      this.certificate = undefined;
      this.#spkiDer = source.subjectPublicKeyInfo;
    }
    this.subjectKeyIdentifier = readable(() => source.subjectKeyIdentifier);
    this.distrustLeafIssuedAfter = restrictions.distrustLeafIssuedAfter;
    this.validity = restrictions.validity;
    this.pathLength = restrictions.pathLength;
    this.#nameConstraintsDer = restrictions.nameConstraints;
  }

  static fromCertificate(certificate: Certificate, restrictions: AnchorRestrictions = {}): TrustAnchor {
    return new TrustAnchor(certificate, restrictions);
  }

  /** @throws {X509Error} `invalid_der` for the name; for the rest when it is needed */
  static fromParts(parts: TrustAnchorParts): TrustAnchor {
    return new TrustAnchor(parts, parts);
  }

  /** @throws {X509Error} `invalid_der` if it was given in parts and is malformed */
  get subjectPublicKeyInfo(): SubjectPublicKeyInfo {
    this.#subjectPublicKeyInfo ??= SubjectPublicKeyInfo.fromDer(this.#spkiDer);
    return this.#subjectPublicKeyInfo;
  }

  /**
   * Constraints that it was given, apart from those of its certificate.
   * @throws {X509Error} if they are malformed
   */
  get nameConstraints(): NameConstraints | undefined {
    if (this.#nameConstraintsDer === undefined) return undefined;
    this.#nameConstraints ??= decodeNameConstraints(this.#nameConstraintsDer);
    return this.#nameConstraints;
  }
}
