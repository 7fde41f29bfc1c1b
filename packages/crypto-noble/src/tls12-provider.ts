import type { CryptoProvider } from "@tlskit/crypto";
import { aes128Cbc, aes256Cbc } from "./block-cipher.ts";
import { ecdsaWithSha1 } from "./ecdsa.ts";
import { ed448, ed25519 } from "./eddsa.ts";
import { ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192, finiteField } from "./finite-field.ts";
import { md5, sha1 } from "./hash.ts";
import { nobleProvider } from "./provider.ts";
import { rsaSignatures } from "./rsa.ts";
import { rsaEncryption } from "./rsa-encryption.ts";

/** RFC 4346 §4.7: both digests, MD5's first. */
const md5AndSha1 = {
  length: md5.length + sha1.length,
  hash: (message: Uint8Array): Uint8Array => Uint8Array.of(...md5.digest(message), ...sha1.digest(message)),
};

/**
 * As {@link nobleProvider}, and what else TLS 1.2 and before may be asked for: CBC, Diffie-Hellman over finite fields,
 * encryption with RSA; MD5 and signatures with it and SHA-1. No more of TLS 1.2 needs it than those cipher suites and key
 * exchanges, TLS 1.1 and 1.0 all of it.
 */
export const nobleTls12Provider: CryptoProvider = /* @__PURE__ */ withTls12();

function withTls12(): CryptoProvider {
  const [ecdsaP256, ecdsaP384, ecdsaP521] = ecdsaWithSha1((message) => sha1.digest(message));
  return {
    ...nobleProvider,
    signatures: [
      ecdsaP256,
      ed25519,
      ecdsaP384,
      ecdsaP521,
      ed448,
      rsaSignatures(new Map([["RSA-PKCS1/MD5-SHA-1", md5AndSha1]])),
    ],
    keyExchanges: [...nobleProvider.keyExchanges, ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192],
    blockCiphers: [aes128Cbc, aes256Cbc],
    rsaEncryption,
    finiteField,
    md5,
  };
}
