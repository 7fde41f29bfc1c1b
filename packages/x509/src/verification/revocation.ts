import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { SignatureVerdict, SignedData } from "../signature.ts";
import type { CandidatePath } from "./candidate-path.ts";
import type { Violation } from "./refusal.ts";

/** What is known of one certificate. */
export type RevocationStatus =
  | {
      readonly status: "good";
      readonly source: "crl" | "ocsp";
      readonly thisUpdate: Date;
      readonly nextUpdate: Date | undefined;
    }
  | {
      readonly status: "revoked";
      readonly source: "crl" | "ocsp";
      readonly revokedAt: Date;
      /** The CRLReason, if one is given. */
      readonly reason: string | undefined;
    }
  /** Nothing that is current and can be trusted says anything: why, as a sentence. */
  | { readonly status: "unknown"; readonly message: string }
  /** The policy doesn't ask. */
  | { readonly status: "not_checked"; readonly message: string };

/** What a checker says of one certificate. */
export interface RevocationFinding {
  readonly status: RevocationStatus;
  /** Why the path is refused on its account, if the checker's policy says so: `revoked`, `revocation_unknown`. */
  readonly violation?: Violation | undefined;
}

/** What a checker is asked, with what the verification lends it. */
export interface RevocationQuestion {
  readonly provider: CryptoProvider;
  /** A path that keeps all other rules, signatures included. */
  readonly path: CandidatePath;
  readonly at: Date;
  /** The certificates at hand, of which some may have signed CRLs. */
  readonly intermediates: readonly Certificate[];
  /** Verifies a signature out of the verification's budget; `unsupported` once that is used up. */
  readonly verifySignature: (signed: Omit<SignedData, "provider">) => Steps<SignatureVerdict>;
  /**
   * Seeks a path for whoever signed a CRL, to the same anchor (RFC 5280 §6.3.3 (f)), out of the verification's budget.
   * It keeps all rules but those of purposes and revocation.
   */
  readonly findPath: (signer: Certificate) => Steps<CandidatePath | undefined>;
}

/**
 * Finds out about revocation, by a policy of its own. A verification calls it for each path that keeps all other
 * rules, and refuses the path for each violation.
 */
export interface RevocationChecker {
  /** @returns a finding for each certificate of the path, in its order */
  check(question: RevocationQuestion): Steps<readonly RevocationFinding[]>;
}
