import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { defaultVerifiedSignatures } from "../limits.ts";
import { type CertificateSignature, hasMemory, memoryOf, type SignatureMemory } from "./signature-memory.ts";

/** How much is remembered. */
export interface VerifiedSignaturesOptions {
  /** Signatures: {@link defaultVerifiedSignatures} unless told. The one that wasn't asked for longest makes room. */
  readonly maxSignatures?: number | undefined;
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
    hasMemory(this, memoryFor(maxSignatures));
  }

  /** How many there are. */
  get size(): number {
    return memoryOf(this)?.size ?? 0;
  }
}

/** The digest that was asked for last is last. */
function memoryFor(maxSignatures: number): SignatureMemory {
  const digests = new Set<string>();
  return {
    get size() {
      return digests.size;
    },
    digestOf,
    isRemembered: (digest) => {
      if (!digests.delete(digest)) return false;
      digests.add(digest);
      return true;
    },
    remember: (digest) => {
      digests.add(digest);
      if (digests.size <= maxSignatures) return;
      const [oldest] = digests;
      if (oldest !== undefined) digests.delete(oldest);
    },
  };
}

/** Each part behind its length, so that no two signatures have the same octets. */
function digestOf(provider: CryptoProvider, { signer, algorithm, data, signature }: CertificateSignature): string {
  const running = hashOf(provider, "SHA-256").start();
  for (const part of [signer.der, algorithm.der, data, signature]) {
    running.update(Uint8Array.of(part.length >>> 24, part.length >>> 16, part.length >>> 8, part.length));
    running.update(part);
  }
  return toHex(running.digest());
}
