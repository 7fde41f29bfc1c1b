import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { SignatureVerdict, SignedData } from "../signature.ts";
import type { CertificateTransparencyLog } from "../transparency/logs.ts";
import type { SignedCertificateTimestamp } from "../transparency/sct.ts";
import type { SctDelivery } from "../transparency/verify-sct.ts";
import type { Issuer } from "./candidate-path.ts";
import type { Violation } from "./refusal.ts";

/** A signed certificate timestamp that was verified. */
export interface VerifiedTimestamp {
  readonly sct: SignedCertificateTimestamp;
  readonly log: CertificateTransparencyLog;
  readonly delivery: SctDelivery;
}

/** What a checker says of a leaf. */
export interface TransparencyFinding {
  readonly timestamps: readonly VerifiedTimestamp[];
  /** Why the path is refused, if the checker's policy says so: `too_few_scts`. */
  readonly violation?: Violation | undefined;
}

/** What a checker is asked, with what the verification lends it. */
export interface TransparencyQuestion {
  readonly provider: CryptoProvider;
  readonly leaf: Certificate;
  readonly issuer: Issuer;
  readonly at: Date;
  /** Verifies a signature out of the verification's budget; `unsupported` once that is used up. */
  readonly verifySignature: (signed: Omit<SignedData, "provider">) => Steps<SignatureVerdict>;
}

/** Verifies signed certificate timestamps (RFC 6962), by a policy of its own. */
export interface TransparencyChecker {
  check(question: TransparencyQuestion): Steps<TransparencyFinding>;
}
