/**
 * What protocols need from cryptography, by OpenSSL's libcrypto, which is called directly: through Node's `node:ffi`,
 * `Deno.dlopen` or `bun:ffi`, with nothing to compile. Answers at once.
 * @module
 */
import { type CryptoProvider, cryptoError } from "@tlskit/crypto";
import { aeadAlgorithms } from "./aead.ts";
import { blockCiphers } from "./block-cipher.ts";
import { ffdheKeyExchanges, finiteField } from "./finite-field.ts";
import { hashFunctions, md5 } from "./hash.ts";
import { keyExchanges } from "./key-exchange.ts";
import { openLibcrypto, thisHost } from "./libcrypto.ts";
import { rsaEncryption } from "./rsa-encryption.ts";
import { signatures } from "./signature.ts";

export interface OpensslOptions {
  /**
   * For Deno and Bun, where libcrypto of OpenSSL 3 is: a path, or a name that the system's loader knows. Without one it is
   * the system's `libcrypto.so.3`, on macOS `libcrypto.3.dylib`. Node has its own OpenSSL and takes no other.
   */
  readonly library?: string | undefined;
}

/** A provider by OpenSSL, with what that libcrypto has. */
export interface OpensslProvider extends CryptoProvider {
  /** As libcrypto tells it: `OpenSSL 3.5.8 25 Aug 2026`. */
  readonly version: string;
}

/**
 * Makes a provider of its own for this thread; one serves any number of contexts and connections. AES comes first: it is
 * in hardware nearly everywhere that these runtimes run. The randomness that is passed in is not used: OpenSSL has its
 * own and takes no other.
 * @throws {CryptoError} `unsupported` where libcrypto can't be called, saying what is missing: an interface, the
 * permission, a library, or one that is OpenSSL 3; `invalid_argument`
 */
export function opensslProvider({ library }: OpensslOptions = {}): OpensslProvider {
  if (library !== undefined && (typeof library !== "string" || library === "")) {
    throw cryptoError("invalid_argument", "library is not the path or the name of a library");
  }
  const libcrypto = openLibcrypto(library, thisHost());
  const hashes = hashFunctions(libcrypto);
  const legacyHash = md5(libcrypto);
  const field = finiteField(libcrypto);
  return {
    name: "openssl",
    version: libcrypto.version,
    hashes,
    aeads: aeadAlgorithms(libcrypto),
    keyExchanges: [...keyExchanges(libcrypto), ...ffdheKeyExchanges(field)],
    signatures: signatures(libcrypto, hashes, legacyHash),
    blockCiphers: blockCiphers(libcrypto),
    rsaEncryption: rsaEncryption(libcrypto),
    finiteField: field,
    md5: legacyHash,
  };
}
