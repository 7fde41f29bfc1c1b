import type { Certificate } from "../certificate.ts";
import { type CandidatePath, type Issuer, issuerAt } from "../verification/candidate-path.ts";

/** A certificate whose revocation is in question, where it stands. */
export interface Target {
  readonly certificate: Certificate;
  readonly issuer: Issuer;
  /** What is above it on its path: the issuer first, the anchor last. */
  readonly above: readonly Issuer[];
  readonly path: CandidatePath;
  /** How many signers of CRLs have to be good before this one counts. */
  readonly depth: number;
}

/** The certificates of a path as targets, in its order. */
export function targetsOf(path: CandidatePath, depth: number): readonly Target[] {
  const issuers = path.certificates.map((_, index) => issuerAt(path, index));
  return path.certificates.map((certificate, index) => ({
    certificate,
    issuer: issuerAt(path, index),
    above: issuers.slice(index),
    path,
    depth,
  }));
}
