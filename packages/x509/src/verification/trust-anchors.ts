import { Certificate } from "../certificate.ts";
import { X509Error } from "../error.ts";
import type { Name } from "../name.ts";
import { decodePem } from "../pem.ts";
import { TrustAnchor } from "./trust-anchor.ts";

/**
 * Whom to trust, indexed by name: built once, shared by any number of verifications.
 *
 * A self-issued certificate that is an anchor is also accepted as a leaf, if it is the very same byte for byte and in
 * date: that is how one trusts a single server's self-signed certificate.
 */
export class TrustAnchors {
  readonly all: readonly TrustAnchor[];
  readonly #bySubject = new Map<string, TrustAnchor[]>();

  private constructor(anchors: readonly TrustAnchor[]) {
    this.all = anchors;
    for (const anchor of anchors) {
      const sameName = this.#bySubject.get(anchor.name.canonical);
      if (sameName === undefined) this.#bySubject.set(anchor.name.canonical, [anchor]);
      else sameName.push(anchor);
    }
  }

  /** Certificates are anchors with {@link TrustAnchor.fromCertificate}'s meaning. */
  static of(anchors: Iterable<TrustAnchor | Certificate>): TrustAnchors {
    return new TrustAnchors(
      Array.from(anchors, (anchor) => (anchor instanceof Certificate ? TrustAnchor.fromCertificate(anchor) : anchor)),
    );
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
    return TrustAnchors.of(certificates);
  }

  get size(): number {
    return this.all.length;
  }

  /** The anchors of this name. */
  named(name: Name): readonly TrustAnchor[] {
    return this.#bySubject.get(name.canonical) ?? [];
  }

  /** The anchor whose certificate this is, byte for byte. */
  find(certificate: Certificate): TrustAnchor | undefined {
    return this.named(certificate.subject).find((anchor) => anchor.certificate?.equals(certificate) === true);
  }
}
