import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { readable } from "../readable.ts";
import type { TrustAnchor } from "./trust-anchor.ts";
import type { TrustAnchors } from "./trust-anchors.ts";

/** The certificates that may have issued another, indexed by their subjects. */
export class IssuerPool {
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #anchors: TrustAnchors;

  constructor(intermediates: readonly Certificate[], anchors: TrustAnchors) {
    this.#anchors = anchors;
    for (const certificate of new Set(intermediates)) this.#put(certificate);
  }

  /** Adds what wasn't there, and tells whether that was anything. */
  add(certificates: readonly Certificate[]): boolean {
    let isMore = false;
    for (const certificate of certificates) {
      const sameName = this.#bySubject.get(certificate.subject.canonical) ?? [];
      if (!sameName.some((known) => known.equals(certificate)) && this.#put(certificate)) isMore = true;
    }
    return isMore;
  }

  /** An anchor that comes along with the intermediates has its say as an anchor. */
  #put(certificate: Certificate): boolean {
    if (this.#anchors.find(certificate) !== undefined) return false;
    const sameName = this.#bySubject.get(certificate.subject.canonical);
    if (sameName === undefined) this.#bySubject.set(certificate.subject.canonical, [certificate]);
    else sameName.push(certificate);
    return true;
  }

  /** Those that may have issued a certificate, the likeliest first. */
  issuersOf(certificate: Certificate): readonly Certificate[] {
    const issuers = this.#bySubject.get(certificate.issuer.canonical) ?? [];
    if (issuers.length < 2) return issuers;
    // RFC 4158 §3.5.12, §3.5.20: by key identifier, and of these the newest; it is a hint, so none is left out
    return issuers
      .map((issuer) => ({ issuer, rank: rank(certificate, issuer), issued: issuer.validity.notBefore.getTime() }))
      .sort((a, b) => b.rank - a.rank || b.issued - a.issued)
      .map(({ issuer }) => issuer);
  }
}

/** The anchors that may have issued a certificate, the likeliest first. */
export function anchorsOf(certificate: Certificate, anchors: TrustAnchors): readonly TrustAnchor[] {
  const issuers = anchors.named(certificate.issuer);
  return issuers.length < 2 ? issuers : issuers.toSorted((a, b) => rank(certificate, b) - rank(certificate, a));
}

/** Whether an issuer has the key that a certificate says signed it: 2 if it says so, 0 if it says another. */
function rank(certificate: Certificate, issuer: { readonly subjectKeyIdentifier: Uint8Array | undefined }): number {
  // a hint that can't be read is none
  const hint = readable(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  const identifier = readable(() => issuer.subjectKeyIdentifier);
  if (hint === undefined || identifier === undefined) return 1;
  return equalBytes(identifier, hint) ? 2 : 0;
}
