import { Certificate } from "./certificate.ts";
import { X509Error } from "./error.ts";
import type { Name } from "./name.ts";
import { decodePem } from "./pem.ts";

/**
 * Certificates that are trusted as they are, indexed by their subjects: built once, shared by any number of
 * verifications.
 *
 * An anchor counts by its name, its key and what its certificate forbids: a certificate that says that it is no CA
 * issues nothing, path lengths and purposes hold. Its own signature and its dates don't matter (RFC 5280 §6.1.1 (d)).
 * A self-issued certificate that is an anchor is also accepted as a leaf, if it is the very same byte for byte and in
 * date: that is how one trusts a single server's self-signed certificate.
 */
export class TrustAnchors {
  readonly certificates: readonly Certificate[];
  readonly #bySubject = new Map<string, Certificate[]>();

  private constructor(certificates: readonly Certificate[]) {
    this.certificates = certificates;
    for (const certificate of certificates) {
      const sameName = this.#bySubject.get(certificate.subject.canonical);
      if (sameName === undefined) this.#bySubject.set(certificate.subject.canonical, [certificate]);
      else sameName.push(certificate);
    }
  }

  static of(certificates: Iterable<Certificate>): TrustAnchors {
    return new TrustAnchors([...certificates]);
  }

  /**
   * The certificates in a PEM text.
   * @param unusable is told of each certificate that can't be read, which is then left out: for a system's store, which
   *   may hold some that break the rules. Without it such a certificate is an error.
   * @throws {X509Error}
   */
  static fromPem(pem: string, unusable?: (error: X509Error, der: Uint8Array) => void): TrustAnchors {
    const certificates: Certificate[] = [];
    for (const { label, bytes } of decodePem(pem)) {
      if (label !== "CERTIFICATE") continue;
      try {
        certificates.push(Certificate.fromDer(bytes));
      } catch (error) {
        if (unusable === undefined || !(error instanceof X509Error)) throw error;
        unusable(error, bytes);
      }
    }
    return new TrustAnchors(certificates);
  }

  get size(): number {
    return this.certificates.length;
  }

  /** The anchors of this name. */
  named(subject: Name): readonly Certificate[] {
    return this.#bySubject.get(subject.canonical) ?? [];
  }

  /** Whether this very certificate, byte for byte, is one of them. */
  has(certificate: Certificate): boolean {
    return this.named(certificate.subject).some((anchor) => anchor.equals(certificate));
  }
}
