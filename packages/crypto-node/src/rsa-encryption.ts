import * as crypto from "node:crypto";
import {
  cryptoError,
  type Decrypter,
  type RsaEncryption,
  type RsaPrivateKey,
  type RsaPublicKey,
  rsaSignatureLength,
} from "@tlskit/crypto";
import { bytesOf } from "./bytes.ts";
import { runtimeDecryptsInConstantTime } from "./runtime.ts";
import { rsaPrivateKeyObject, rsaPublicKeyObject } from "./signature.ts";

/** RFC 8017 §7.2.1: bytes that the padding takes at least. */
const minPadding = 11;

/** Encryption with RSA. It answers at once: node:crypto has no other form. Decryption is absent in Deno. */
export const rsaEncryption: RsaEncryption = {
  encrypter: (publicKey: RsaPublicKey) => {
    const key = rsaPublicKeyObject(publicKey);
    const modulusLength = rsaSignatureLength(publicKey);
    return {
      modulusLength,
      encrypt: (message) => {
        if (message.length > modulusLength - minPadding) {
          const most = modulusLength - minPadding;
          throw cryptoError("invalid_argument", `the key encrypts ${most} bytes, got ${message.length}`);
        }
        return bytesOf(crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, message));
      },
    };
  },
  decrypter: runtimeDecryptsInConstantTime
    ? (privateKey: RsaPrivateKey) => decrypter(rsaPrivateKeyObject(privateKey), rsaSignatureLength(privateKey))
    : undefined,
};

/**
 * By RSA_NO_PADDING: Node 20 may throw for PKCS #1's padding (as Debian builds it), and later ones answer with a message of
 * random length where it is wrong.
 */
export function decrypter(key: crypto.KeyObject, modulusLength: number): Decrypter {
  return {
    modulusLength,
    decrypt: (ciphertext) => {
      // RFC 5246 §7.4.7.1#blinding: OpenSSL blinds.
      // OpenSSL takes a shorter one.
      if (ciphertext.length !== modulusLength) throw notDecrypted();
      try {
        return bytesOf(crypto.privateDecrypt({ key, padding: crypto.constants.RSA_NO_PADDING }, ciphertext));
      } catch {
        throw notDecrypted();
      }
    },
  };
}

function notDecrypted(): Error {
  return cryptoError("decryption_failed", "not a ciphertext for this key");
}
