import { CryptoError, cryptoError } from "@tlskit/crypto";

/**
 * Whether WebCrypto failed because of the data that it was given: a key that is none, a ciphertext that isn't authentic, a
 * signature of a wrong length (Web Cryptography §18.4: `DataError`, `OperationError`).
 */
export function isAboutData(error: unknown): boolean {
  const name = nameOf(error);
  return name === "DataError" || name === "OperationError";
}

/**
 * What becomes of a failure of WebCrypto's that nobody's data are to blame for.
 * @param what it was to do.
 * @returns a {@link CryptoError}: `unsupported` for what the runtime hasn't got, `provider_failed`
 */
export function webCryptoFailed(what: string, error: unknown): CryptoError {
  if (error instanceof CryptoError) return error;
  if (nameOf(error) === "NotSupportedError") {
    return cryptoError("unsupported", `the runtime's WebCrypto has no ${what}`, error);
  }
  return cryptoError("provider_failed", `WebCrypto failed: ${what}`, error);
}

function nameOf(error: unknown): unknown {
  // A DOMException, which isn't an Error everywhere.
  return typeof error === "object" && error !== null && "name" in error ? error.name : undefined;
}
