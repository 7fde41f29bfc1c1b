import type { VerificationLimits } from "../limits.ts";

/** What a verification may still spend. Once one kind of work is used up, there is no more of any. */
export class Budget {
  readonly #left: { signatureChecks: number; issuerCandidates: number; nameComparisons: number };
  readonly #limits: VerificationLimits;
  #exhausted: string | undefined;

  constructor(limits: VerificationLimits) {
    const { signatureChecks, issuerCandidates, nameComparisons } = limits;
    this.#limits = limits;
    this.#left = { signatureChecks, issuerCandidates, nameComparisons };
  }

  /** What was used up, as a clause for a sentence; nothing while there is something left. */
  get exhausted(): string | undefined {
    return this.#exhausted;
  }

  spendSignatureCheck(): boolean {
    return this.#spend("signatureChecks", 1, "signatures were checked");
  }

  spendIssuerCandidate(): boolean {
    return this.#spend("issuerCandidates", 1, "issuers were tried");
  }

  spendNameComparisons(count: number): boolean {
    return this.#spend("nameComparisons", count, "names were compared with constraints");
  }

  #spend(kind: "signatureChecks" | "issuerCandidates" | "nameComparisons", count: number, done: string): boolean {
    if (this.#exhausted !== undefined) return false;
    this.#left[kind] -= count;
    if (this.#left[kind] < 0) this.#exhausted = `${this.#limits[kind]} ${done}`;
    return this.#exhausted === undefined;
  }
}
