import {
  type BlockCipherName,
  type CryptoError,
  checkPlace,
  cryptoError,
  type HashName,
  type MacThenEncryptOpening,
} from "@tlskit/crypto";
import { check, checkAddress } from "./answers.ts";
import type { BlockCipherDesk } from "./block-cipher.ts";
import type { Address } from "./foreign.ts";
import { Cell, type Region, region } from "./memory.ts";
import { type Owned, Owner } from "./owned.ts";
import { parameters, parameterType, temporaryParameters } from "./parameters.ts";

/** OpenSSL's names, and bytes of an HMAC. */
const hashes: Readonly<Record<HashName, { readonly digest: string; readonly length: number }>> = {
  "SHA-1": { digest: "SHA1", length: 20 },
  "SHA-256": { digest: "SHA256", length: 32 },
  "SHA-384": { digest: "SHA384", length: 48 },
  "SHA-512": { digest: "SHA512", length: 64 },
};

/** Sequence number, content type, version; the length behind them is a secret until the record is known to be authentic. */
const headerLength = 11;

/**
 * TLS 1.0's number: with it OpenSSL takes what it is given for a record without an initialization vector in front, which is
 * how records come here, whatever their version.
 */
const versionOfRecordsWithoutVector = 0x0301n;

interface Keys {
  readonly name: BlockCipherName;
  readonly blockLength: number;
  readonly fetched: Address;
  readonly key: Uint8Array;
  readonly hash: HashName;
  readonly macKey: Uint8Array;
}

/**
 * How OpenSSL's own record layer opens records made by MAC-then-encrypt, in constant time. The cipher is told of TLS (its
 * parameters `tls-version` and `tls-mac-size`): it takes padding and MAC away, and puts a random MAC in the place of one
 * behind wrong padding. HMAC is told how long the record is (`tls-data-size`): it works as if all of that were content. Nothing
 * where this libcrypto has no such HMAC.
 */
export function macThenEncryptOpenings(desk: BlockCipherDesk): ((keys: Keys) => MacThenEncryptOpening) | undefined {
  const { libcrypto } = desk;
  const { call, cString } = libcrypto;
  const fetched = call.EVP_MAC_fetch(0n, cString("HMAC"), 0n);
  if (fetched === 0n) {
    call.ERR_clear_error();
    return undefined;
  }
  const word = new Cell(libcrypto);
  const pointer = new Cell(libcrypto);
  const size = { type: parameterType.unsignedInteger, address: word.holding(0n), length: 8 };
  const mac = { type: parameterType.octetPointer, address: pointer.holding(0n), length: maxMacLength };
  const shared: Shared = {
    desk,
    hmac: fetched,
    macs: new Owner(libcrypto, "EVP_MAC_CTX_free"),
    header: region(libcrypto, headerLength + 2),
    expected: region(libcrypto, maxMacLength),
    expectedLength: new Cell(libcrypto),
    word,
    pointer,
    tlsVersion: parameters(libcrypto, { name: "tls-version", ...size }),
    tlsMacSize: parameters(libcrypto, { name: "tls-mac-size", ...size }),
    tlsDataSize: parameters(libcrypto, { name: "tls-data-size", ...size }),
    tlsMac: parameters(libcrypto, { name: "tls-mac", ...mac }),
  };
  return (keys) => new Opening(shared, keys);
}

/** Bytes of the longest HMAC. */
const maxMacLength = 64;

interface Shared {
  readonly desk: BlockCipherDesk;
  readonly hmac: Address;
  readonly macs: Owner;
  readonly header: Region;
  readonly expected: Region;
  readonly expectedLength: Cell;
  /** What the parameters are told that are sizes or numbers. */
  readonly word: Cell;
  /** Where libcrypto says that the MAC lies. */
  readonly pointer: Cell;
  /** Lists of one parameter each. */
  readonly tlsVersion: Address;
  readonly tlsMacSize: Address;
  readonly tlsDataSize: Address;
  readonly tlsMac: Address;
}

class Opening implements MacThenEncryptOpening {
  readonly #shared: Shared;
  readonly #name: BlockCipherName;
  readonly #blockLength: number;
  readonly #macLength: number;
  readonly #cipher: Owned;
  readonly #mac: Owned;

  constructor(shared: Shared, { name, blockLength, fetched, key, hash, macKey }: Keys) {
    const { desk, word, tlsVersion, tlsMacSize } = shared;
    const { libcrypto } = desk;
    const { call, cString } = libcrypto;
    const { digest, length } = hashes[hash] ?? unsupported(hash);
    this.#shared = shared;
    this.#name = name;
    this.#blockLength = blockLength;
    this.#macLength = length;
    this.#cipher = desk.context(fetched, key, false, name);
    key.fill(0);
    word.holding(versionOfRecordsWithoutVector);
    check(libcrypto, call.EVP_CIPHER_CTX_set_params(this.#cipher.address, tlsVersion), name);
    word.holding(BigInt(length));
    check(libcrypto, call.EVP_CIPHER_CTX_set_params(this.#cipher.address, tlsMacSize), name);
    this.#mac = shared.macs.own(checkAddress(libcrypto, call.EVP_MAC_CTX_new(shared.hmac), "HMAC"));
    const list = temporaryParameters(libcrypto, {
      name: "digest",
      type: parameterType.utf8String,
      address: cString(digest),
      length: digest.length,
    });
    const answer = desk.withCopy([macKey], macKey.length, ({ address }) =>
      call.EVP_MAC_init(this.#mac.address, address, BigInt(macKey.length), list.address),
    );
    list.bytes.fill(0);
    check(libcrypto, answer, "HMAC");
  }

  open(iv: Uint8Array, header: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): number {
    const [name, blockLength] = [this.#name, this.#blockLength];
    const { length } = ciphertext;
    if (iv.length !== blockLength) {
      throw cryptoError("invalid_argument", `${name} takes a vector of ${blockLength} bytes, got ${iv.length}`);
    }
    if (header.length !== headerLength) {
      throw cryptoError("invalid_argument", `a record's header has ${headerLength} bytes here, got ${header.length}`);
    }
    checkPlace([iv, header], [ciphertext], into, at, length);
    const { desk } = this.#shared;
    // Whoever made it knows its length: nothing is told by refusing it early.
    const isPossible = length % blockLength === 0 && length > this.#macLength;
    const content = isPossible
      ? desk.withCopy([ciphertext], length, (copy) => this.#content(iv, header, copy, length))
      : undefined;
    into.fill(0, at, at + length);
    if (content === undefined) throw notAuthentic();
    into.set(content, at);
    const contentLength = content.length;
    content.fill(0);
    return contentLength;
  }

  #content(iv: Uint8Array, header: Uint8Array, record: Region, length: number): Uint8Array | undefined {
    const { desk, header: ownHeader, expected, expectedLength, word, pointer, tlsDataSize, tlsMac } = this.#shared;
    const { libcrypto, written } = desk;
    const { call } = libcrypto;
    const cipher = this.#cipher.address;
    desk.start(this.#cipher, iv, false, this.#name);
    const place = written.cleared;
    check(libcrypto, call.EVP_CipherUpdate(cipher, record.address, place, record.address, BigInt(length)), this.#name);
    // From here on it is secret how long the content is, up to the comparison.
    const contentLength = written.int;
    ownHeader.bytes.set(header);
    ownHeader.bytes[headerLength] = contentLength >> 8;
    ownHeader.bytes[headerLength + 1] = contentLength;
    const mac = checkAddress(libcrypto, call.EVP_MAC_CTX_dup(this.#mac.address), "HMAC");
    try {
      word.holding(BigInt(length));
      check(libcrypto, call.EVP_MAC_CTX_set_params(mac, tlsDataSize), "HMAC");
      check(libcrypto, call.EVP_MAC_update(mac, ownHeader.address, BigInt(headerLength + 2)), "HMAC");
      check(libcrypto, call.EVP_MAC_update(mac, record.address, BigInt(contentLength)), "HMAC");
      const room = BigInt(expected.bytes.length);
      check(libcrypto, call.EVP_MAC_final(mac, expected.address, expectedLength.cleared, room), "HMAC");
    } finally {
      call.EVP_MAC_CTX_free(mac);
    }
    pointer.holding(0n);
    check(libcrypto, call.EVP_CIPHER_CTX_get_params(cipher, tlsMac), this.#name);
    const macAddress = checkAddress(libcrypto, pointer.value, this.#name);
    const difference = call.CRYPTO_memcmp(macAddress, expected.address, BigInt(this.#macLength));
    expected.bytes.fill(0);
    return difference === 0 ? record.bytes.slice(0, contentLength) : undefined;
  }

  dispose(): void {
    this.#cipher.dispose();
    this.#mac.dispose();
  }
}

function notAuthentic(): CryptoError {
  return cryptoError("authentication_failed", "the record is not authentic");
}

function unsupported(hash: string): never {
  throw cryptoError("unsupported", `no record is opened with an HMAC over ${hash}`);
}
