import type { KeyShareAnswer, KeyShareOffer } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import type { Awaitable } from "./steps.ts";

/** A group for Diffie-Hellman over a finite field: unsigned big-endian integers, with or without leading zeros. */
export interface FiniteFieldGroup {
  /** p, a safe prime: (p - 1) / 2 is prime as well. */
  readonly prime: Uint8Array;
  /** g */
  readonly generator: Uint8Array;
}

/** Diffie-Hellman over finite fields. */
export interface FiniteField {
  /**
   * Key agreement in a group. Whether its prime is a safe one isn't looked at here: {@link checkFiniteFieldGroup} does.
   * @throws {CryptoError} `invalid_argument` if p hasn't 2,048 to 8,192 bits or is even, or g isn't from 2 to p - 2.
   */
  in(group: FiniteFieldGroup): FiniteFieldKeyExchange;
}

/**
 * Key agreement in a group, in the shape of {@link KeyExchange}. Shares and secrets are as long as p, with zeros in front
 * (RFC 9846 §4.3.8.1, §7.4.1); TLS 1.2 takes those of the secret away (RFC 5246 §8.1.2). A peer's share may lack them, and
 * is refused unless it is from 2 to p - 2 (RFC 7919 §5.1).
 *
 * A private key gives one secret and no other: a peer who may ask again learns of a secret's leading zeros (Raccoon).
 */
export interface FiniteFieldKeyExchange {
  /** Makes a key pair. A second call to the offer's `finish` after one that answered is refused: `invalid_argument`. */
  offer(random: Random): Awaitable<KeyShareOffer>;
  /** @throws {CryptoError} `invalid_key_share` */
  respond(peerShare: Uint8Array, random: Random): Awaitable<KeyShareAnswer>;
}
