import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import type { CandidatePath } from "./candidate-path.ts";
import type { NotChecked } from "./not-checked.ts";
import type { Purpose } from "./purpose.ts";
import type { RevocationStatus } from "./revocation.ts";
import type { VerifiedTimestamp } from "./transparency.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** What was verified, and what was found on the way. */
export interface VerifiedParts extends CandidatePath {
  readonly hostname: string | NotChecked;
  readonly purpose: Purpose;
  readonly at: Date;
  readonly policies: readonly string[];
  readonly revocation: readonly RevocationStatus[] | NotChecked;
  readonly timestamps: readonly VerifiedTimestamp[] | NotChecked;
}

/** Not exported from the package: who hasn't got it makes no chain. */
const key = Symbol("verified");

/**
 * A chain that was verified, and what for: the absence of an error proves nothing, this does. Only the verification
 * makes one.
 */
export class VerifiedChain implements CandidatePath {
  /** The leaf first; each is issued by the next, the last by the anchor. A leaf that is itself the anchor is alone. */
  readonly certificates: readonly Certificate[];
  readonly leaf: Certificate;
  readonly anchor: TrustAnchor;
  /** The host that the leaf was found to name. */
  readonly hostname: string | NotChecked;
  readonly purpose: Purpose;
  /**
   * Under which policies it is valid, of those that the caller takes (RFC 9618 §5.6, user-constrained-policy-set):
   * object identifiers, `Oid.anyPolicy` among them if it is valid under every one.
   */
  readonly policies: readonly string[];
  /** What is known of each certificate, in the order of the chain. */
  readonly revocation: readonly RevocationStatus[] | NotChecked;
  /** The signed certificate timestamps that were verified. */
  readonly timestamps: readonly VerifiedTimestamp[] | NotChecked;
  readonly #at: number;

  constructor(proof: symbol, parts: VerifiedParts) {
    const leaf = parts.certificates.at(0);
    if (proof !== key || leaf === undefined) {
      throw x509Error("invalid_argument", "a verified chain comes from a verification alone");
    }
    this.certificates = Object.freeze([...parts.certificates]);
    this.leaf = leaf;
    this.anchor = parts.anchor;
    this.hostname = parts.hostname;
    this.purpose = parts.purpose;
    this.policies = Object.freeze([...parts.policies]);
    this.revocation = parts.revocation;
    this.timestamps = parts.timestamps;
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
