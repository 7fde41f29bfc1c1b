import { checkRsaPublicKey, cryptoError, type Random, type RsaEncryption, rsaSignatureLength } from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";

/**
 * Encryption with RSA: with public keys alone. Decryption in BigInts would tell by its time what comes out, which is what
 * Bleichenbacher's attack asks for.
 */
export const rsaEncryption: RsaEncryption = {
  encrypter: (publicKey) => {
    checkRsaPublicKey(publicKey);
    const n = toInteger(publicKey.modulus);
    const e = toInteger(publicKey.publicExponent);
    const modulusLength = rsaSignatureLength(publicKey);
    return {
      modulusLength,
      encrypt: (message, random) =>
        toBytes(power(toInteger(padded(message, modulusLength, random)), e, n), modulusLength),
    };
  },
};

/** RFC 8017 §7.2.1: EME-PKCS1-v1_5: 0, 2, at least eight random bytes that aren't zero, 0, message. */
function padded(message: Uint8Array, length: number, random: Random): Uint8Array {
  const paddingLength = length - message.length - 3;
  if (paddingLength < 8) {
    throw cryptoError("invalid_argument", `the key encrypts ${length - 11} bytes, got ${message.length}`);
  }
  const block = new Uint8Array(length);
  block[1] = 2;
  for (let at = 2; at < 2 + paddingLength; ) {
    for (const byte of random(2 + paddingLength - at)) {
      if (byte !== 0) {
        block[at] = byte;
        at += 1;
      }
    }
  }
  block.set(message, length - message.length);
  return block;
}
