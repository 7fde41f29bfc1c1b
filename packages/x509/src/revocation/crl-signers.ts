import type { Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import type { CertificateRevocationList } from "../crl/crl.ts";
import { describeName } from "../name.ts";
import { readable } from "../readable.ts";
import type { SignatureVerdict } from "../signature.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { Issuer } from "../verification/candidate-path.ts";
import type { RevocationMeans, RevocationStatus } from "../verification/revocation.ts";
import type { RevocationLimits, RevocationPolicy } from "./policy.ts";
import { type Target, targetsOf } from "./target.ts";

/** Who signed a CRL, or why it isn't believed, as a clause. */
export type CrlSigner = { readonly key: SubjectPublicKeyInfo } | { readonly problem: string };

/** Finds out who signed CRLs (RFC 5280 §6.3.3 (f), (g)). */
export class CrlSigners {
  readonly #means: RevocationMeans;
  readonly #policy: RevocationPolicy;
  readonly #limits: RevocationLimits;
  readonly #statusOf: (target: Target) => Steps<RevocationStatus>;
  readonly #verdicts = new Map<CertificateRevocationList, Map<SubjectPublicKeyInfo, SignatureVerdict>>();
  /** Signers whose own revocation is being looked into: a CRL may be about whoever signed it. */
  readonly #inQuestion = new Set<Certificate>();

  /** @param statusOf finds out whether a signer was itself revoked */
  constructor(
    means: RevocationMeans,
    policy: RevocationPolicy,
    limits: RevocationLimits,
    statusOf: (target: Target) => Steps<RevocationStatus>,
  ) {
    this.#means = means;
    this.#policy = policy;
    this.#limits = limits;
    this.#statusOf = statusOf;
  }

  /** The verified signer of a CRL: one above the certificate in question, or another on a path to the same anchor. */
  *signerOf(crl: CertificateRevocationList, target: Target): Steps<CrlSigner> {
    let problem = "is by nobody who is known here";
    for (const candidate of this.#candidates(crl, target)) {
      const { certificate, subjectPublicKeyInfo: key } = candidate;
      // RFC 5280 §6.3.3 (f)
      if (certificate?.keyUsage !== undefined && !certificate.keyUsage.has("cRLSign")) {
        problem = "is by a key that is not for cRLSign";
        continue;
      }
      const verdict = yield* this.verify(crl, key);
      if (verdict.verdict !== "good") {
        problem =
          verdict.verdict === "bad"
            ? "has a wrong signature"
            : `has a signature that can't be checked: ${verdict.message}`;
        continue;
      }
      const doubt = target.above.includes(candidate) ? undefined : yield* this.#doubt(certificate, target);
      if (doubt === undefined) return { key };
      problem = doubt;
    }
    return { problem };
  }

  /** RFC 5280 §6.3.3 (g), (h): whether a key signed a CRL. Asked twice, it is checked once. */
  *verify(crl: CertificateRevocationList, key: SubjectPublicKeyInfo): Steps<SignatureVerdict> {
    const known = this.#verdicts.get(crl)?.get(key);
    if (known !== undefined) return known;
    const { signatureAlgorithm: algorithm, tbs: data, signature } = crl;
    const verdict = yield* this.#means.verifySignature({ signer: key, algorithm, data, signature });
    const verdicts = this.#verdicts.get(crl) ?? new Map<SubjectPublicKeyInfo, SignatureVerdict>();
    this.#verdicts.set(crl, verdicts.set(key, verdict));
    return verdict;
  }

  /** Those of the CRL's issuer's name: on the path first, for they are verified; then whose key identifier fits. */
  #candidates(crl: CertificateRevocationList, { above }: Target): readonly Issuer[] {
    const onPath = above.filter(({ name }) => name.equals(crl.issuer));
    const hint = readable(() => crl.authorityKeyIdentifier)?.keyIdentifier;
    const fits = (certificate: Certificate): boolean => {
      const identifier = readable(() => certificate.subjectKeyIdentifier);
      return hint !== undefined && identifier !== undefined && equalBytes(hint, identifier);
    };
    const others = this.#means.intermediates
      .filter(
        (certificate) =>
          certificate.subject.equals(crl.issuer) && !onPath.some((issuer) => issuer.certificate?.equals(certificate)),
      )
      .toSorted((a, b) => Number(fits(b)) - Number(fits(a)))
      .map((certificate) => ({
        name: certificate.subject,
        subjectPublicKeyInfo: certificate.subjectPublicKeyInfo,
        certificate,
      }));
    return [...onPath, ...others].slice(0, this.#limits.signers);
  }

  /** RFC 5280 §6.3.3 (f): why a signer that isn't on the path isn't believed, as a clause; nothing if it is. */
  *#doubt(signer: Certificate | undefined, target: Target): Steps<string | undefined> {
    if (signer === undefined) return "is by nobody who is known here";
    if (this.#inQuestion.has(signer)) return undefined;
    const by = `is by ${describeName(signer.subject)},`;
    if (target.depth >= this.#limits.signerDepth) {
      return `${by} behind ${this.#limits.signerDepth} other signers of CRLs`;
    }
    const path = yield* this.#means.findPath(signer, target.path.anchor);
    if (path === undefined) return `${by} who has no path to the same anchor`;
    this.#inQuestion.add(signer);
    try {
      for (const [index, own] of targetsOf(path, target.depth + 1).entries()) {
        // whoever is on the path in question is looked into for its own sake, or isn't asked about
        if (target.path.certificates.includes(own.certificate)) continue;
        if (this.#policy.certificates === "leaf" && index > 0) break;
        const { status } = yield* this.#statusOf(own);
        if (status === "revoked") return `${by} who was revoked`;
        if (status === "unknown" && this.#policy.mode !== "when_available") return `${by} of whom nothing is known`;
      }
    } finally {
      this.#inQuestion.delete(signer);
    }
    return undefined;
  }
}
