import {
  type BlockCipher,
  type BlockCipherAlgorithm,
  type BlockCipherName,
  checkPlace,
  cryptoError,
} from "@tlskit/crypto";
import { check, checkAddress } from "./answers.ts";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { macThenEncryptOpenings } from "./mac-then-encrypt.ts";
import { Cell, type Region, region, temporaryRegion } from "./memory.ts";
import { type Owned, Owner } from "./owned.ts";

interface Algorithm {
  readonly name: BlockCipherName;
  /** OpenSSL's name. */
  readonly cipher: string;
  readonly keyLength: number;
  readonly blockLength: number;
}

const algorithms: readonly Algorithm[] = [
  { name: "AES-128-CBC", cipher: "AES-128-CBC", keyLength: 16, blockLength: 16 },
  { name: "AES-256-CBC", cipher: "AES-256-CBC", keyLength: 32, blockLength: 16 },
  { name: "3DES-EDE-CBC", cipher: "DES-EDE3-CBC", keyLength: 24, blockLength: 8 },
];

/** Bytes of the longest record that TLS 1.2 has (RFC 5246 §6.2.3): what is longer has memory of its own. */
const usualLength = 2 ** 14 + 2048;

/** What all contexts of block ciphers of a provider use, one after the other. */
export class BlockCipherDesk {
  readonly libcrypto: Libcrypto;
  readonly written: Cell;
  readonly #owner: Owner;
  readonly #key: Region;
  readonly #iv: Region;
  readonly #usual: Region;

  constructor(libcrypto: Libcrypto) {
    this.libcrypto = libcrypto;
    this.written = new Cell(libcrypto);
    this.#owner = new Owner(libcrypto, "EVP_CIPHER_CTX_free");
    this.#key = region(libcrypto, 32);
    this.#iv = region(libcrypto, 16);
    this.#usual = region(libcrypto, usualLength);
  }

  /** An `EVP_CIPHER_CTX` with a key in it, for one direction. */
  context(fetched: Address, key: Uint8Array, isEncrypting: boolean, what: string): Owned {
    const { call } = this.libcrypto;
    const owned = this.#owner.own(checkAddress(this.libcrypto, call.EVP_CIPHER_CTX_new(), what));
    this.#key.bytes.set(key);
    const direction = isEncrypting ? 1n : 0n;
    const answer = call.EVP_CipherInit_ex(owned.address, fetched, 0n, this.#key.address, 0n, direction);
    this.#key.bytes.fill(0);
    check(this.libcrypto, answer, what);
    return owned;
  }

  /** Starts a record. */
  start(context: Owned, iv: Uint8Array, isEncrypting: boolean, what: string): void {
    this.#iv.bytes.set(iv);
    const { EVP_CipherInit_ex } = this.libcrypto.call;
    const direction = isEncrypting ? 1n : 0n;
    check(this.libcrypto, EVP_CipherInit_ex(context.address, 0n, 0n, 0n, this.#iv.address, direction), what);
  }

  /** Works on a copy of bytes in memory of ours, which is forgotten then. */
  withCopy<T>(pieces: readonly Uint8Array[], length: number, work: (copy: Region) => T): T {
    const copy = length <= usualLength ? this.#usual : temporaryRegion(this.libcrypto, length);
    let offset = 0;
    for (const piece of pieces) {
      copy.bytes.set(piece, offset);
      offset += piece.length;
    }
    try {
      return work(copy);
    } finally {
      copy.bytes.fill(0, 0, length);
    }
  }
}

/** What this libcrypto has, in order of preference. */
export function blockCiphers(libcrypto: Libcrypto): readonly BlockCipherAlgorithm[] {
  const desk = new BlockCipherDesk(libcrypto);
  const openings = macThenEncryptOpenings(desk);
  return algorithms.flatMap((algorithm) => {
    const { name, cipher, keyLength, blockLength } = algorithm;
    const fetched = libcrypto.call.EVP_CIPHER_fetch(0n, libcrypto.cString(cipher), 0n);
    if (fetched === 0n) {
      libcrypto.call.ERR_clear_error();
      return [];
    }
    const ownKey = (key: Uint8Array): Uint8Array => {
      if (key.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${key.length}`);
      }
      return Uint8Array.from(key);
    };
    return [
      {
        name,
        keyLength,
        blockLength,
        withKey: (key) => new OpensslBlockCipher(desk, algorithm, fetched, ownKey(key)),
        openMacThenEncrypt:
          openings && ((key, hash, macKey) => openings({ name, blockLength, fetched, key: ownKey(key), hash, macKey })),
      },
    ];
  });
}

class OpensslBlockCipher implements BlockCipher {
  readonly #desk: BlockCipherDesk;
  readonly #algorithm: Algorithm;
  readonly #fetched: Address;
  readonly #key: Uint8Array;
  readonly #contexts = new Map<boolean, Owned>();
  #isDisposed = false;

  constructor(desk: BlockCipherDesk, algorithm: Algorithm, fetched: Address, key: Uint8Array) {
    this.#desk = desk;
    this.#algorithm = algorithm;
    this.#fetched = fetched;
    this.#key = key;
  }

  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void {
    this.#write(true, iv, pieces, into, at);
  }

  decrypt(iv: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): void {
    this.#write(false, iv, [ciphertext], into, at);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#key.fill(0);
    for (const context of this.#contexts.values()) context.dispose();
  }

  #write(isEncrypting: boolean, iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void {
    const { name, blockLength } = this.#algorithm;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    if (iv.length !== blockLength) {
      throw cryptoError("invalid_argument", `${name} takes a vector of ${blockLength} bytes, got ${iv.length}`);
    }
    if (length % blockLength !== 0) {
      throw cryptoError("invalid_argument", `${name} takes blocks of ${blockLength} bytes, got ${length} bytes`);
    }
    checkPlace([iv], pieces, into, at, length);
    const context = this.#context(isEncrypting);
    const { libcrypto, written } = this.#desk;
    this.#desk.start(context, iv, isEncrypting, name);
    this.#desk.withCopy(pieces, length, ({ bytes, address }) => {
      const { EVP_CipherUpdate } = libcrypto.call;
      if (length === 0) return;
      check(libcrypto, EVP_CipherUpdate(context.address, address, written.cleared, address, BigInt(length)), name);
      // Without padding, whole blocks are never held back.
      if (written.int !== length) throw cryptoError("provider_failed", `libcrypto failed: ${name}`);
      into.set(bytes.subarray(0, length), at);
    });
  }

  #context(isEncrypting: boolean): Owned {
    if (this.#isDisposed) throw cryptoError("invalid_argument", "a block cipher is used that was disposed of");
    const found = this.#contexts.get(isEncrypting);
    if (found !== undefined) return found;
    const { name } = this.#algorithm;
    const { libcrypto } = this.#desk;
    const made = this.#desk.context(this.#fetched, this.#key, isEncrypting, name);
    check(libcrypto, libcrypto.call.EVP_CIPHER_CTX_set_padding(made.address, 0n), name);
    this.#contexts.set(isEncrypting, made);
    return made;
  }
}
