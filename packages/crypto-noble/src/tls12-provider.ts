import type { CryptoProvider } from "@tlskit/crypto";
import { aes128Cbc, aes256Cbc } from "./block-cipher.ts";
import { ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192, finiteField } from "./finite-field.ts";
import { md5 } from "./hash.ts";
import { nobleProvider } from "./provider.ts";
import { rsaEncryption } from "./rsa-encryption.ts";

/**
 * As {@link nobleProvider}, and what else TLS 1.2 and before may be asked for: CBC, Diffie-Hellman over finite fields,
 * encryption with RSA, MD5. No more of TLS 1.2 needs it than those cipher suites and key exchanges.
 */
export const nobleTls12Provider: CryptoProvider = {
  ...nobleProvider,
  keyExchanges: [...nobleProvider.keyExchanges, ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192],
  blockCiphers: [aes128Cbc, aes256Cbc],
  rsaEncryption,
  finiteField,
  md5,
};
