import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { ExternalPsk } from "@tlskit/keyschedule";

/** What a peer proved when a session was made, or one that this one was resumed from. */
export interface EarlierProof {
  /** What its certificate is verified by now. */
  readonly evidence: unknown;
  readonly signatureScheme: SignatureScheme | undefined;
  readonly externalPsk: ExternalPsk | undefined;
  /** When it did, in milliseconds since 1970. */
  readonly verifiedAt: number;
}

const proofs = new WeakMap<object, EarlierProof>();

/** For the constructors of sessions that were recalled and verified, and for nobody else. */
export function provesEarlier(recalled: object, proof: EarlierProof): void {
  proofs.set(recalled, proof);
}

/** What a recalled session proves; nothing of what only looks like one. */
export function earlierProofOf(recalled: unknown): EarlierProof | undefined {
  return typeof recalled === "object" && recalled !== null ? proofs.get(recalled) : undefined;
}
