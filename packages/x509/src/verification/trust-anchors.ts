import { Certificate } from "../certificate.ts";
import type { Name } from "../name.ts";
import type { PassedOver } from "../passed-over.ts";
import { TrustAnchor } from "./trust-anchor.ts";

/**
 * Whom to trust, indexed by name: built once, shared by any number of verifications.
 *
 * A self-issued certificate that is an anchor is also accepted as a leaf, if it is the very same byte for byte and in
 * date: that is how one trusts a single server's self-signed certificate.
 */
export class TrustAnchors {
  readonly all: readonly TrustAnchor[];
  /** What was to be an anchor and couldn't be read. */
  readonly passedOver: readonly PassedOver[];
  /** Whether it was said that nobody is trusted, by {@link nobody}. */
  readonly isNobody: boolean;
  readonly #bySubject = new Map<string, TrustAnchor[]>();

  private constructor(anchors: readonly TrustAnchor[], passedOver: readonly PassedOver[], isNobody: boolean = false) {
    this.isNobody = isNobody;
    this.all = anchors;
    this.passedOver = passedOver;
    for (const anchor of anchors) {
      const sameName = this.#bySubject.get(anchor.name.canonical);
      if (sameName === undefined) this.#bySubject.set(anchor.name.canonical, [anchor]);
      else sameName.push(anchor);
    }
  }

  /**
   * Certificates are anchors with {@link TrustAnchor.fromCertificate}'s meaning.
   * @param passedOver what there was besides and couldn't be used, for whoever wants to know
   */
  static of(anchors: Iterable<TrustAnchor | Certificate>, passedOver: readonly PassedOver[] = []): TrustAnchors {
    return new TrustAnchors(
      Array.from(anchors, (anchor) => (anchor instanceof Certificate ? TrustAnchor.fromCertificate(anchor) : anchor)),
      passedOver,
    );
  }

  /** Nobody, on purpose: whatever is shown is refused. Contexts of `@tlskit/tls` take any other empty set for a mistake. */
  static nobody(): TrustAnchors {
    return new TrustAnchors([], [], true);
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
