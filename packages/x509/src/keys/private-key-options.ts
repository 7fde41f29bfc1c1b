import { CryptoError, type CryptoProvider, type EcPrivateKey, type EdwardsPrivateKey } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";

/** What reading a private key can be helped with. */
export interface PrivateKeyOptions {
  /**
   * Its public key, from the certificate that it belongs to. A key file may lack it: one for EdDSA mostly does.
   */
  readonly publicKey?: SubjectPublicKeyInfo | undefined;
  /**
   * What derives a public key that is neither in the file nor given, and checks one that is. Without it a public key that
   * isn't the private key's is found out when the key is first made ready to sign.
   */
  readonly provider?: CryptoProvider | undefined;
}

/**
 * A private key of its secret, with the public key that a provider derives. If one is given too it must be the same: who
 * signed with another's public key would give away an Ed25519 key, and prove nothing with any other.
 * @throws {X509Error} `missing_public_key`, `invalid_private_key`
 */
export function completeKey<K extends EcPrivateKey | EdwardsPrivateKey>(
  type: K["type"],
  secret: Uint8Array,
  given: K | undefined,
  { provider }: PrivateKeyOptions,
): K {
  const fromSecret = provider?.signatures.find((keys) => keys.type === type)?.fromSecret;
  if (fromSecret === undefined) {
    if (given !== undefined) return given;
    throw x509Error(
      "missing_public_key",
      `the ${type} private key comes without its public key; give the certificate's, or a provider, along with it`,
    );
  }
  // a provider makes keys of the type that it was chosen by
  const derived = asPrivateKeyError(() => fromSecret(secret)) as K;
  if (given !== undefined && !equalBytes(publicOctets(given), publicOctets(derived))) {
    throw x509Error("invalid_private_key", "the public key is not the private key's");
  }
  return derived;
}

/** What a provider says of a secret, as this package says it. */
export function asPrivateKeyError<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof CryptoError) throw x509Error("invalid_private_key", error.message, error);
    throw error;
  }
}

function publicOctets(key: EcPrivateKey | EdwardsPrivateKey): Uint8Array {
  return "point" in key ? key.point : key.publicKey;
}
