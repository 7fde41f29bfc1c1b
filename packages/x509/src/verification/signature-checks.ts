import type { CryptoProvider, SignatureAlgorithm, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { type SignatureVerdict, type SignedData, verifySignature } from "../signature.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { Budget } from "./budget.ts";
import type { VerifiedSignatures } from "./verified-signatures.ts";

/** Signatures checked in one verification: none twice, and no more than the budget allows. */
export class SignatureChecks {
  readonly #provider: CryptoProvider;
  readonly #budget: Budget;
  readonly #allowed: readonly SignatureAlgorithm[] | undefined;
  readonly #verified: VerifiedSignatures | undefined;
  readonly #verdicts = new Map<Certificate, Map<SubjectPublicKeyInfo, SignatureVerdict>>();

  /**
   * @param allowed what certificates may be signed by; anything that can be verified unless given
   * @param verified what earlier verifications found good
   */
  constructor(
    provider: CryptoProvider,
    budget: Budget,
    allowed: readonly SignatureAlgorithm[] | undefined,
    verified: VerifiedSignatures | undefined,
  ) {
    this.#provider = provider;
    this.#budget = budget;
    this.#allowed = allowed;
    this.#verified = verified;
  }

  /** RFC 5280 §6.1.3 (a)(1): whether the holder of a key signed a certificate. */
  *ofCertificate(certificate: Certificate, signer: SubjectPublicKeyInfo): Steps<SignatureVerdict> {
    const known = this.#verdicts.get(certificate)?.get(signer);
    if (known !== undefined) return known;
    const { signatureAlgorithm: algorithm, tbs: data, signature } = certificate;
    const verified = this.#verified;
    const verdict = yield* this.of({ signer, algorithm, data, signature, allowed: this.#allowed, verified });
    const verdicts = this.#verdicts.get(certificate) ?? new Map<SubjectPublicKeyInfo, SignatureVerdict>();
    this.#verdicts.set(certificate, verdicts.set(signer, verdict));
    return verdict;
  }

  /** Whether someone signed something, such as a CRL. */
  *of(signed: Omit<SignedData, "provider">): Steps<SignatureVerdict> {
    if (!this.#budget.spendSignatureCheck()) {
      return { verdict: "unsupported", message: `${this.#budget.exhausted}, and no more are` };
    }
    return yield* verifySignature({ ...signed, provider: this.#provider });
  }
}
