import type { AeadAlgorithm, AeadName, CryptoProvider, HashFunction, HashName } from "@tlskit/crypto";
import { aeadOf, hashOf } from "@tlskit/crypto";

/** A TLS 1.3 cipher suite: an AEAD and a hash (RFC 9846 §B.4). */
export interface CipherSuite {
  /** IANA's name, which OpenSSL uses too. */
  readonly name: string;
  readonly code: number;
  readonly aead: AeadName;
  readonly hash: HashName;
  /**
   * How many records may be sealed with one key (RFC 9846 §5.5). For AES-GCM 2^24.5; for AES-CCM 2^23 (RFC 9147
   * §4.5.3); for ChaCha20-Poly1305 the sequence number would wrap first.
   */
  readonly recordLimit: number;
}

const aesGcmRecordLimit = Math.floor(2 ** 24.5);

/** RFC 9846 §9.1#cipher-suite. */
export const TLS_AES_128_GCM_SHA256: CipherSuite = {
  name: "TLS_AES_128_GCM_SHA256",
  code: 0x1301,
  aead: "AES-128-GCM",
  hash: "SHA-256",
  recordLimit: aesGcmRecordLimit,
};

export const TLS_AES_256_GCM_SHA384: CipherSuite = {
  name: "TLS_AES_256_GCM_SHA384",
  code: 0x1302,
  aead: "AES-256-GCM",
  hash: "SHA-384",
  recordLimit: aesGcmRecordLimit,
};

export const TLS_CHACHA20_POLY1305_SHA256: CipherSuite = {
  name: "TLS_CHACHA20_POLY1305_SHA256",
  code: 0x1303,
  aead: "CHACHA20-POLY1305",
  hash: "SHA-256",
  recordLimit: Number.MAX_SAFE_INTEGER,
};

/** RFC 6655, RFC 9846 §B.4: for constrained devices, which have AES and little else; slow elsewhere. */
export const TLS_AES_128_CCM_SHA256: CipherSuite = {
  name: "TLS_AES_128_CCM_SHA256",
  code: 0x1304,
  aead: "AES-128-CCM",
  hash: "SHA-256",
  recordLimit: 2 ** 23,
};

/** What is offered unless told otherwise, as far as the provider has it. */
export const defaultCipherSuites: readonly CipherSuite[] = [
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
];

/** All suites that can be negotiated. */
export const cipherSuites: readonly CipherSuite[] = [...defaultCipherSuites, TLS_AES_128_CCM_SHA256];

/** A suite's primitives from a provider: what protects records, and what everything is derived with. */
export interface SuitePrimitives {
  readonly suite: CipherSuite;
  readonly aead: AeadAlgorithm;
  readonly hash: HashFunction;
}

/** @throws {CryptoError} `unsupported` if the provider lacks one of them. */
export function suitePrimitives(provider: CryptoProvider, suite: CipherSuite): SuitePrimitives {
  return { suite, aead: aeadOf(provider, suite.aead), hash: hashOf(provider, suite.hash) };
}

/** Those of some suites that a provider has the primitives for, in the order in which it prefers their AEADs. */
export function availableCipherSuites(
  provider: CryptoProvider,
  suites: readonly CipherSuite[],
): readonly CipherSuite[] {
  return provider.aeads.flatMap((aead) =>
    suites.filter((suite) => suite.aead === aead.name && provider.hashes.some((hash) => hash.name === suite.hash)),
  );
}
