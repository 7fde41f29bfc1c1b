import type { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import type { ReferenceIdentity } from "./identity.ts";
import type { Purpose } from "./rules.ts";

/** What was verified. */
export interface VerifiedParts {
  readonly certificates: readonly Certificate[];
  readonly identity: ReferenceIdentity | "not_checked";
  readonly purpose: Purpose;
  readonly at: Date;
}

/** Not exported from the package: who hasn't got it makes no chain. */
const key = Symbol("verified");

/**
 * A chain that was verified, and what for: the absence of an error proves nothing, this does. Only the verification
 * makes one.
 */
export class VerifiedChain {
  /** The leaf first, the trust anchor last; a single one if the leaf is itself the anchor. */
  readonly certificates: readonly Certificate[];
  readonly leaf: Certificate;
  readonly anchor: Certificate;
  /** Whom the leaf was found to name. */
  readonly identity: ReferenceIdentity | "not_checked";
  readonly purpose: Purpose;
  readonly #at: number;

  constructor(proof: symbol, parts: VerifiedParts) {
    const leaf = parts.certificates.at(0);
    const anchor = parts.certificates.at(-1);
    if (proof !== key || leaf === undefined || anchor === undefined) {
      throw x509Error("invalid_argument", "a verified chain comes from a verification alone");
    }
    this.certificates = Object.freeze([...parts.certificates]);
    this.leaf = leaf;
    this.anchor = anchor;
    this.identity = parts.identity;
    this.purpose = parts.purpose;
    this.#at = parts.at.getTime();
    Object.freeze(this);
  }

  /** The time for which it was verified. */
  get at(): Date {
    return new Date(this.#at);
  }

  /** Whether something is a verified chain, not merely of its shape: for JavaScript, where types prove nothing. */
  static isGenuine(value: unknown): value is VerifiedChain {
    return typeof value === "object" && value !== null && #at in value;
  }
}

/** @internal For the verification alone. */
export function verifiedChain(parts: VerifiedParts): VerifiedChain {
  return new VerifiedChain(key, parts);
}
