import { cryptoError, type RsaEncryption, rsaSignatureLength } from "@tlskit/crypto";
import { check, failure } from "./answers.ts";
import { KeyDesk } from "./keys.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { PublicKeys } from "./public-keys.ts";
import { keyKinds } from "./signature-keys.ts";

/** openssl/rsa.h: `RSA_PKCS1_PADDING`, `RSA_NO_PADDING` */
const padding = { pkcs1: 1n, none: 3n } as const;

/** RFC 8017 §7.2.1: bytes that the padding takes at least. */
const minPadding = 11;

/** Encryption with RSA; nothing where this libcrypto has none. */
export function rsaEncryption(libcrypto: Libcrypto): RsaEncryption | undefined {
  const { call } = libcrypto;
  const desk = new KeyDesk(libcrypto);
  const publicKeys = new PublicKeys();
  const kind = keyKinds(desk).find(({ type }) => type === "RSA");
  if (kind === undefined) return undefined;
  return {
    encrypter: (publicKey) => {
      const encoded = kind.encoded(publicKey);
      const key = publicKeys.key(() => {
        const imported = kind.importPublic(encoded);
        if (imported === undefined) throw cryptoError("invalid_public_key", "not a valid RSA public key");
        return imported;
      });
      // Whether it is valid is to be known now.
      void key.owned;
      const modulusLength = rsaSignatureLength(publicKey);
      return {
        modulusLength,
        encrypt: (message) => {
          const most = modulusLength - minPadding;
          if (message.length > most) {
            throw cryptoError("invalid_argument", `the key encrypts ${most} bytes, got ${message.length}`);
          }
          const ciphertext = desk.withContext(key.owned, (context) => {
            check(libcrypto, call.EVP_PKEY_encrypt_init(context), "RSA");
            check(libcrypto, call.EVP_PKEY_CTX_set_rsa_padding(context, padding.pkcs1), "RSA");
            return desk.withInput(message, (input, length) =>
              desk.output(modulusLength, (place, placeLength) =>
                call.EVP_PKEY_encrypt(context, place, placeLength, input, length),
              ),
            );
          });
          if (ciphertext === undefined) throw failure(libcrypto, "RSA");
          return ciphertext;
        },
      };
    },
    decrypter: (privateKey) => {
      const key = kind.importPrivate(privateKey);
      const modulusLength = rsaSignatureLength(privateKey);
      return {
        modulusLength,
        decrypt: (ciphertext) => {
          // Without padding: OpenSSL answers with a message of random length where it is wrong.
          const block =
            ciphertext.length !== modulusLength
              ? undefined
              : desk.withContext(key, (context) => {
                  check(libcrypto, call.EVP_PKEY_decrypt_init(context), "RSA");
                  check(libcrypto, call.EVP_PKEY_CTX_set_rsa_padding(context, padding.none), "RSA");
                  return desk.withInput(ciphertext, (input, length) =>
                    desk.output(modulusLength, (place, placeLength) =>
                      call.EVP_PKEY_decrypt(context, place, placeLength, input, length),
                    ),
                  );
                });
          if (block === undefined) throw cryptoError("decryption_failed", "not a ciphertext for this key");
          return block;
        },
      };
    },
  };
}
