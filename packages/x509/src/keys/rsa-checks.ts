import { CryptoError, checkRsaPublicKey, type RsaPrivateKey, type RsaPublicKey } from "@tlskit/crypto";
import { x509Error } from "../error.ts";
import { toInteger } from "./curve-checks.ts";

/**
 * Refuses public keys that cost too much or can't be secure; see {@link checkRsaPublicKey}.
 * @throws {X509Error} `invalid_public_key`
 */
export function checkRsaPublic(key: RsaPublicKey): void {
  try {
    checkRsaPublicKey(key);
  } catch (error) {
    if (error instanceof CryptoError) throw x509Error("invalid_public_key", error.message, error);
    throw error;
  }
}

/**
 * RFC 8017 §3.2: whether the parts of a private key belong together. A signature made with parts that don't can give away
 * the primes (Boneh, DeMillo, Lipton 1997). That the primes are prime isn't checked: it would take longer than signing.
 * @throws {X509Error} `invalid_public_key`, `invalid_private_key`
 */
export function checkRsaPrivate(key: RsaPrivateKey): void {
  checkRsaPublic(key);
  const { modulus, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
  // before there is any arithmetic with them: a part may be a megabyte
  const parts = [privateExponent, prime1, prime2, exponent1, exponent2, coefficient];
  const fits = parts.every((part) => part.length <= modulus.length) && areConsistent(key);
  if (!fits) throw x509Error("invalid_private_key", "the parts of the RSA private key don't belong together");
}

function areConsistent(key: RsaPrivateKey): boolean {
  const [n, e, d] = [toInteger(key.modulus), toInteger(key.publicExponent), toInteger(key.privateExponent)];
  const [p, q] = [toInteger(key.prime1), toInteger(key.prime2)];
  const [dp, dq, qi] = [toInteger(key.exponent1), toInteger(key.exponent2), toInteger(key.coefficient)];
  if (p <= 2n || q <= 2n || p === q || p * q !== n) return false;
  return (
    d > 1n &&
    d < n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (e * dp) % (p - 1n) === 1n &&
    (e * dq) % (q - 1n) === 1n &&
    qi < p &&
    (qi * q) % p === 1n
  );
}
