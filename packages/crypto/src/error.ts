/** Why an operation of cryptography failed, as a stable word. */
export type CryptoErrorCode =
  /** A key, nonce, signature or message whose length or form the algorithm does not allow, given by the caller. */
  | "invalid_argument"
  /** A ciphertext that was not made with this key, nonce and additional data. Nothing more is ever said. */
  | "authentication_failed"
  /** A ciphertext without authentication that was not made with this key. Nothing more is ever said. */
  | "decryption_failed"
  /** A peer's key share that is malformed, not on the curve, of small order, or gives an all-zero secret. */
  | "invalid_key_share"
  /** A group for Diffie-Hellman, chosen by a peer, whose prime is too short, too long, or not a safe one. */
  | "unsafe_group"
  /** A public key that is malformed, not on its curve, or of a size that is refused. */
  | "invalid_public_key"
  /** A private key that is malformed or does not fit its public key. */
  | "invalid_private_key"
  /** An algorithm that this provider, or this key, does not have. */
  | "unsupported"
  /** What lies beneath a provider failed, through no fault of what it was given: it got no memory, for instance. */
  | "provider_failed"
  /** A synchronous call reached something that answers later. */
  | "would_wait";

/** A failed operation of cryptography. Its message never holds a secret. */
export class CryptoError extends Error {
  override readonly name = "CryptoError";
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Makes a {@link CryptoError}, to be thrown. */
export function cryptoError(code: CryptoErrorCode, message: string, cause?: unknown): CryptoError {
  return new CryptoError(code, message, cause === undefined ? undefined : { cause });
}
