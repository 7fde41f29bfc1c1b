import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { CertificateRevocationList } from "../crl/crl.ts";
import type { OcspResponse, SingleResponse } from "../ocsp/response.ts";
import type { RevocationReason } from "../revocation/reason.ts";
import type { SignatureVerdict, SignedData } from "../signature.ts";
import type { CandidatePath } from "./candidate-path.ts";
import type { Violation } from "./refusal.ts";

/** By what something is known of a certificate: verified, in its scope, and current. */
export type RevocationEvidence =
  | {
      readonly source: "ocsp";
      /** Whether the peer sent it along with the certificate. */
      readonly stapled: boolean;
      readonly response: OcspResponse;
      /** What it says of the certificate. */
      readonly single: SingleResponse;
    }
  | {
      readonly source: "crl";
      /** Several if each is for some reasons only. */
      readonly crls: readonly {
        readonly complete: CertificateRevocationList;
        readonly delta: CertificateRevocationList | undefined;
      }[];
    };

/** What is known of one certificate. */
export type RevocationStatus =
  | { readonly status: "good"; readonly evidence: RevocationEvidence }
  | {
      readonly status: "revoked";
      readonly evidence: RevocationEvidence;
      readonly revokedAt: Date;
      /** Why, if it is said. */
      readonly reason: RevocationReason | undefined;
    }
  /** Nothing that is current and can be trusted says anything: a sentence for each source that was tried. */
  | { readonly status: "unknown"; readonly tried: readonly string[] }
  /** The policy doesn't ask. */
  | { readonly status: "not_checked"; readonly message: string };

/** What a checker says of one certificate. */
export interface RevocationFinding {
  readonly status: RevocationStatus;
  /** Why the path is refused on its account, if the checker's policy says so: `revoked`, `revocation_unknown`. */
  readonly violation?: Violation | undefined;
}

/** What a verification lends to a checker. */
export interface RevocationMeans {
  readonly provider: CryptoProvider;
  readonly at: Date;
  /** The certificates at hand, of which some may have signed CRLs. */
  readonly intermediates: readonly Certificate[];
  /** Verifies a signature out of the verification's budget; `unsupported` once that is used up. */
  readonly verifySignature: (signed: Omit<SignedData, "provider">) => Steps<SignatureVerdict>;
  /** The rules for dates, extensions and keys that a certificate doesn't keep, whatever its purpose. */
  readonly violationsOf: (certificate: Certificate) => Iterable<Violation>;
  /**
   * Seeks a path for whoever signed a CRL, to the same anchor as that of another path (RFC 5280 §6.3.3 (f)), out of the
   * verification's budget. It keeps all rules but those of purposes and revocation.
   */
  readonly findPath: (signer: Certificate, anchor: CandidatePath["anchor"]) => Steps<CandidatePath | undefined>;
}

/** One verification's questions. */
export interface RevocationSession {
  /**
   * @param path keeps all other rules, signatures included
   * @returns a finding for each certificate of the path, in its order
   */
  check(path: CandidatePath): Steps<readonly RevocationFinding[]>;
}

/** Finds out about revocation, by a policy of its own. */
export interface RevocationChecker {
  /** Extensions that it acts upon, so that they may be critical: object identifiers. */
  readonly handledExtensions: readonly string[];
  /**
   * Begins a verification, which asks for each path that keeps all other rules, and refuses the path for each violation.
   * What a checker may spend, it spends once for all of them.
   */
  begin(means: RevocationMeans): RevocationSession;
}
