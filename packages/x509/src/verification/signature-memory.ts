import type { CryptoProvider } from "@tlskit/crypto";
import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { VerifiedSignatures } from "./verified-signatures.ts";

/** A signature in a certificate, and what it is of. */
export interface CertificateSignature {
  readonly signer: SubjectPublicKeyInfo;
  readonly algorithm: AlgorithmIdentifier;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is behind a `VerifiedSignatures`. */
export interface SignatureMemory {
  readonly size: number;
  /** Of everything that a signature's being good depends on. */
  digestOf(provider: CryptoProvider, signature: CertificateSignature): string;
  /** Whether a signature with this digest was found good. */
  isRemembered(digest: string): boolean;
  /** For a signature that has just been found good. */
  remember(digest: string): void;
}

/**
 * By what callers have. Not in the class: whoever is given one could else put into it what nobody verified. And apart from it, so
 * that its code is bundled by whoever makes one.
 */
const memories = new WeakMap<object, SignatureMemory>();

/** For the constructor of `VerifiedSignatures`, and for nobody else. */
export function hasMemory(verified: object, memory: SignatureMemory): void {
  memories.set(verified, memory);
}

/** Nothing for what only looks like a `VerifiedSignatures`. */
export function memoryOf(verified: unknown): SignatureMemory | undefined {
  return typeof verified === "object" && verified !== null ? memories.get(verified) : undefined;
}

/** Whether something is a `VerifiedSignatures` of this package, whose class is bundled by whoever makes one. */
export function isVerifiedSignatures(value: unknown): value is VerifiedSignatures {
  return memoryOf(value) !== undefined;
}
