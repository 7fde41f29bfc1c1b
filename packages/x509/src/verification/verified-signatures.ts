import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import { x509Error } from "../error.ts";
import { defaultVerifiedSignatures } from "../limits.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";

/** How much is remembered. */
export interface VerifiedSignaturesOptions {
  /** Signatures: {@link defaultVerifiedSignatures} unless told. The one that wasn't asked for longest makes room. */
  readonly maxSignatures?: number | undefined;
}

/** A signature in a certificate, and what it is of. */
export interface CertificateSignature {
  readonly signer: SubjectPublicKeyInfo;
  readonly algorithm: AlgorithmIdentifier;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Signatures in certificates that were found good, for verifications to come: the same octets under the same key are not
 * computed again. Nothing else is taken from it: validity, names, constraints, usages, allowed algorithms and revocation are
 * judged each time, and the budget is charged as ever, so that no verdict differs for it. What is bad is not remembered.
 *
 * What it holds are digests by SHA-256; only a verification adds to it. Give one to as many verifications as are to share it.
 */
export class VerifiedSignatures {
  /** @throws {X509Error} `invalid_argument` */
  constructor({ maxSignatures = defaultVerifiedSignatures }: VerifiedSignaturesOptions = {}) {
    if (!(Number.isSafeInteger(maxSignatures) && maxSignatures > 0)) {
      throw x509Error("invalid_argument", `maxSignatures is ${maxSignatures}, not a number of signatures from 1`);
    }
    remembered.set(this, { digests: new Set(), maxSignatures });
  }

  /** How many there are. */
  get size(): number {
    return remembered.get(this)?.digests.size ?? 0;
  }
}

interface Remembered {
  /** The one that was asked for last is last. */
  readonly digests: Set<string>;
  readonly maxSignatures: number;
}

/** Not in the class: whoever is given one could else put into it what nobody verified. */
const remembered = new WeakMap<VerifiedSignatures, Remembered>();

/** @internal Whether a signature with this digest was found good. */
export function isRemembered(cache: VerifiedSignatures, digest: string): boolean {
  const digests = remembered.get(cache)?.digests;
  if (digests?.delete(digest) !== true) return false;
  digests.add(digest);
  return true;
}

/** @internal For a signature that has just been found good. */
export function remember(cache: VerifiedSignatures, digest: string): void {
  const { digests, maxSignatures } = remembered.get(cache) ?? {};
  if (digests === undefined || maxSignatures === undefined) return;
  digests.add(digest);
  if (digests.size <= maxSignatures) return;
  const [oldest] = digests;
  if (oldest !== undefined) digests.delete(oldest);
}

/**
 * @internal Of everything that a signature's being good depends on, each part behind its length, so that no two have the
 * same octets.
 */
export function digestOf(
  provider: CryptoProvider,
  { signer, algorithm, data, signature }: CertificateSignature,
): string {
  const running = hashOf(provider, "SHA-256").start();
  for (const part of [signer.der, algorithm.der, data, signature]) {
    running.update(Uint8Array.of(part.length >>> 24, part.length >>> 16, part.length >>> 8, part.length));
    running.update(part);
  }
  return toHex(running.digest());
}
