import type { Awaitable } from "./steps.ts";

/** QUIC's header protection with its key (RFC 9001 §5.4). */
export interface HeaderProtection {
  /**
   * What a packet's first byte and packet number are masked with (RFC 9001 §5.4.1).
   * @param sample 16 bytes of the packet's ciphertext; read until the answer is there and never written to.
   * @returns 5 bytes, in a buffer of their own.
   * @throws {CryptoError} `invalid_argument` if the sample hasn't 16 bytes.
   */
  mask(sample: Uint8Array): Awaitable<Uint8Array>;
}
