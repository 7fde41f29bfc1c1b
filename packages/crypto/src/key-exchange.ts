import type { Random } from "./random.ts";
import type { FfdheName } from "./safe-primes.ts";
import type { Awaitable } from "./steps.ts";

/** A key agreement's name. */
export type KeyExchangeName = "X25519" | "X448" | "P-256" | "P-384" | "P-521" | "X25519MLKEM768" | FfdheName;

/**
 * Key agreement seen as a KEM, so that elliptic curves, finite fields and ML-KEM hybrids are one thing: one side
 * offers a share, the other answers it with a share of its own and has the secret, the first finishes.
 *
 * Shares are in the form that TLS 1.3 sends (RFC 9846 §4.3.8): X25519's 32 bytes and X448's 56, a curve's uncompressed point,
 * for the hybrid the ML-KEM-768 part in front of the X25519 part, and of a finite field as many bytes as its prime has.
 */
export interface KeyExchange {
  readonly name: KeyExchangeName;
  /** Makes a key pair. */
  offer(random: Random): Awaitable<KeyShareOffer>;
  /**
   * Answers an offered share.
   * @throws {CryptoError} `invalid_key_share`
   */
  respond(peerShare: Uint8Array, random: Random): Awaitable<KeyShareAnswer>;
  /**
   * The share of a private key that was made elsewhere, for key files that leave it out: of X25519 (32 bytes) and X448
   * (56) alone.
   * @throws {CryptoError} `invalid_private_key`
   */
  readonly shareOf?: (privateKey: Uint8Array) => Uint8Array;
}

/** A share that was offered, with the private key behind it. */
export interface KeyShareOffer {
  /** What the peer is sent. */
  readonly share: Uint8Array;
  /**
   * The shared secret.
   * @throws {CryptoError} `invalid_key_share`
   */
  finish(peerShare: Uint8Array): Awaitable<Uint8Array>;
  /** Frees what the offer holds beside memory of JavaScript's, and its private key. It is never called again. */
  dispose(): void;
}

/** The answer to an offered share. */
export interface KeyShareAnswer {
  /** What the peer is sent. */
  readonly share: Uint8Array;
  readonly secret: Uint8Array;
}
