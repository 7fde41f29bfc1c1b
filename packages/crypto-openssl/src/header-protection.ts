import { type AeadAlgorithm, cryptoError } from "@tlskit/crypto";
import { check, checkAddress } from "./answers.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { Cell, region } from "./memory.ts";
import { Owner } from "./owned.ts";

/** RFC 9001 §5.4.1, §5.4.2, in bytes. */
const sampleLength = 16;
const maskLength = 5;

/**
 * QUIC's header protection by a cipher with OpenSSL's name; nothing where it hasn't got it. One context serves all keys:
 * each mask is made with the key anew, so that none is left to be freed.
 */
export function headerProtection(
  libcrypto: Libcrypto,
  cipher: string,
  keyLength: number,
): AeadAlgorithm["headerProtection"] {
  const { call } = libcrypto;
  const fetched = call.EVP_CIPHER_fetch(0n, libcrypto.cString(cipher), 0n);
  if (fetched === 0n) {
    call.ERR_clear_error();
    return undefined;
  }
  const context = new Owner(libcrypto, "EVP_CIPHER_CTX_free").own(
    checkAddress(libcrypto, call.EVP_CIPHER_CTX_new(), cipher),
  );
  check(libcrypto, call.EVP_CipherInit_ex(context.address, fetched, 0n, 0n, 0n, 1n), cipher);
  check(libcrypto, call.EVP_CIPHER_CTX_set_padding(context.address, 0n), cipher);
  const secret = region(libcrypto, keyLength);
  const given = region(libcrypto, sampleLength);
  const zeros = region(libcrypto, sampleLength);
  const output = region(libcrypto, sampleLength);
  const written = new Cell(libcrypto);
  // RFC 9001 §5.4.3: one block of AES, the sample. §5.4.4: ChaCha20's key stream; OpenSSL takes counter and nonce in one,
  // laid out as a sample is.
  const [iv, input] = cipher === "ChaCha20" ? [given.address, zeros.address] : [0n, given.address];
  return (key) => {
    if (key.length !== keyLength) {
      throw cryptoError("invalid_argument", `${cipher} takes a key of ${keyLength} bytes, got ${key.length}`);
    }
    const own = Uint8Array.from(key);
    return {
      mask: (sample) => {
        if (sample.length !== sampleLength) {
          throw cryptoError("invalid_argument", `a sample has ${sampleLength} bytes, got ${sample.length}`);
        }
        secret.bytes.set(own);
        given.bytes.set(sample);
        check(libcrypto, call.EVP_CipherInit_ex(context.address, 0n, 0n, secret.address, iv, 1n), cipher);
        secret.bytes.fill(0);
        const place = written.cleared;
        check(
          libcrypto,
          call.EVP_CipherUpdate(context.address, output.address, place, input, BigInt(sampleLength)),
          cipher,
        );
        return output.bytes.slice(0, maskLength);
      },
    };
  };
}
