import { type Aead, type AeadAlgorithm, checkPlace, constantTimeEqual, cryptoError } from "@tlskit/crypto";
import { type Cipher, CipherContext, CipherDesk, nonceLength } from "./cipher-context.ts";
import type { Address } from "./foreign.ts";
import { headerProtection } from "./header-protection.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { checkFixed, type Region, region, temporaryRegion } from "./memory.ts";

interface Algorithm extends Cipher {
  /** What QUIC protects headers with, by OpenSSL's name, if QUIC has the AEAD. */
  readonly headerCipher?: string;
}

/** Bytes of the longest plaintext that one call takes: lengths are of the type `int`. GCM and ChaCha20 would take more. */
const maxInt = 2 ** 31 - 1;
/** RFC 5116 §5.3: nonces of 12 bytes leave 3 for the length. */
const maxCcmLength = 2 ** 24 - 1;
const ccm = { maxLength: maxCcmLength, takesAtOnce: true } as const;

/** AES first: it is in hardware nearly everywhere. Those of AES-CCM but the first are for TLS 1.2. */
const algorithms: readonly Algorithm[] = [
  {
    name: "AES-128-GCM",
    cipher: "AES-128-GCM",
    keyLength: 16,
    tagLength: 16,
    maxLength: maxInt,
    headerCipher: "AES-128-ECB",
  },
  {
    name: "AES-256-GCM",
    cipher: "AES-256-GCM",
    keyLength: 32,
    tagLength: 16,
    maxLength: maxInt,
    headerCipher: "AES-256-ECB",
  },
  {
    name: "CHACHA20-POLY1305",
    cipher: "ChaCha20-Poly1305",
    keyLength: 32,
    tagLength: 16,
    maxLength: maxInt,
    headerCipher: "ChaCha20",
  },
  { name: "AES-128-CCM", cipher: "AES-128-CCM", keyLength: 16, tagLength: 16, ...ccm, headerCipher: "AES-128-ECB" },
  { name: "AES-256-CCM", cipher: "AES-256-CCM", keyLength: 32, tagLength: 16, ...ccm },
  { name: "AES-128-CCM-8", cipher: "AES-128-CCM", keyLength: 16, tagLength: 8, ...ccm },
  { name: "AES-256-CCM-8", cipher: "AES-256-CCM", keyLength: 32, tagLength: 8, ...ccm },
];

/** Bytes up to which it is quicker to copy what is sealed or opened than to ask where it lies. */
const shortLength = 1024;

/** Bytes of a piece, such as the byte of a record's type, that is copied even so. */
const briefLength = 64;

export function aeadAlgorithms(libcrypto: Libcrypto): readonly AeadAlgorithm[] {
  const desk = new CipherDesk(libcrypto);
  const short = region(libcrypto, shortLength);
  return algorithms.flatMap((algorithm) => {
    const fetched = libcrypto.call.EVP_CIPHER_fetch(0n, libcrypto.cString(algorithm.cipher), 0n);
    if (fetched !== 0n) return [aeadAlgorithm(desk, short, algorithm, fetched)];
    // OpenSSL can be built, or told, to do without one.
    libcrypto.call.ERR_clear_error();
    return [];
  });
}

function aeadAlgorithm(desk: CipherDesk, short: Region, algorithm: Algorithm, fetched: Address): AeadAlgorithm {
  const { name, keyLength, tagLength, headerCipher } = algorithm;
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    synchronous: true,
    withKey: (key) => {
      if (key.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${key.length}`);
      }
      return new OpensslAead(desk, short, algorithm, fetched, Uint8Array.from(key));
    },
    headerProtection:
      headerCipher === undefined ? undefined : headerProtection(desk.libcrypto, headerCipher, keyLength),
  };
}

class OpensslAead implements Aead {
  readonly #desk: CipherDesk;
  readonly #short: Region;
  readonly #algorithm: Algorithm;
  readonly #fetched: Address;
  readonly #key: Uint8Array;
  #sealing: CipherContext | undefined;
  #opening: CipherContext | undefined;
  #isDisposed = false;

  constructor(desk: CipherDesk, short: Region, algorithm: Algorithm, fetched: Address, key: Uint8Array) {
    this.#desk = desk;
    this.#short = short;
    this.#algorithm = algorithm;
    this.#fetched = fetched;
    this.#key = key;
  }

  seal(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    pieces: readonly Uint8Array[],
    into: Uint8Array,
    at: number,
  ): void {
    this.#checkNonce(nonce);
    checkFixed(into);
    let length = 0;
    for (const piece of pieces) {
      checkFixed(piece);
      length += piece.length;
    }
    checkPlace([nonce, additionalData], pieces, into, at, length + this.#algorithm.tagLength);
    const { name, maxLength, takesAtOnce } = this.#algorithm;
    if (length > maxLength) {
      throw cryptoError("invalid_argument", `${name} takes ${maxLength} bytes, got ${length}`);
    }
    const context = this.#sealing ?? this.#context(true);
    this.#sealing = context;
    context.startSealing(nonce, additionalData, length);
    if (length + this.#algorithm.tagLength <= shortLength)
      this.#sealJoined(context, pieces, length, this.#short, into, at);
    else if (takesAtOnce !== true || pieces.length === 1) this.#sealWhereItLies(context, pieces, into, at);
    else {
      const joined = temporaryRegion(this.#desk.libcrypto, length + this.#algorithm.tagLength);
      this.#sealJoined(context, pieces, length, joined, into, at);
    }
  }

  #sealWhereItLies(context: CipherContext, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void {
    const { addressOf } = this.#desk.libcrypto;
    const { bytes, address } = this.#short;
    this.#desk.inUse = [pieces, into];
    try {
      let place = addressOf(into) + BigInt(at);
      for (const piece of pieces) {
        const { length } = piece;
        if (length > briefLength) this.#encrypt(context, addressOf(piece), place, length);
        else if (length > 0) {
          bytes.set(piece);
          this.#encrypt(context, address, place, length);
          bytes.fill(0, 0, length);
        }
        place += BigInt(length);
      }
      context.finishSealing(place);
    } finally {
      this.#desk.inUse = undefined;
    }
  }

  /** In one piece, in memory of ours. */
  #sealJoined(
    context: CipherContext,
    pieces: readonly Uint8Array[],
    length: number,
    { bytes, address }: Region,
    into: Uint8Array,
    at: number,
  ): void {
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    try {
      this.#encrypt(context, address, address, length);
      context.finishSealing(address + BigInt(length));
      into.set(bytes.subarray(0, length + this.#algorithm.tagLength), at);
    } finally {
      bytes.fill(0, 0, length + this.#algorithm.tagLength);
    }
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): void {
    this.#checkNonce(nonce);
    checkFixed(into);
    checkFixed(ciphertext);
    const length = Math.max(0, ciphertext.length - this.#algorithm.tagLength);
    checkPlace([nonce, additionalData], [ciphertext], into, at, length);
    if (this.#isAuthentic(nonce, additionalData, ciphertext, into, at)) return;
    into.fill(0, at, at + length);
    throw cryptoError("authentication_failed", "the ciphertext is not authentic");
  }

  /** Whether it is; if so, the plaintext is in its place. */
  #isAuthentic(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    ciphertext: Uint8Array,
    into: Uint8Array,
    at: number,
  ): boolean {
    const length = ciphertext.length - this.#algorithm.tagLength;
    const { maxLength, takesAtOnce } = this.#algorithm;
    if (length < 0 || length > maxLength) return false;
    if (length === 0 && takesAtOnce === true) {
      // OpenSSL checks no tag of AES-CCM where there is nothing to decrypt.
      const tag = new Uint8Array(this.#algorithm.tagLength);
      this.seal(nonce, additionalData, [], tag, 0);
      return constantTimeEqual(tag, ciphertext);
    }
    const context = this.#opening ?? this.#context(false);
    this.#opening = context;
    const opens = (from: Address, to: Address): boolean => {
      context.startOpening(nonce, additionalData, length, from + BigInt(length));
      return context.update(from, to, length) && context.finishOpening();
    };
    if (ciphertext.length > shortLength) {
      const { addressOf } = this.#desk.libcrypto;
      this.#desk.inUse = [ciphertext, into];
      try {
        return opens(addressOf(ciphertext), addressOf(into) + BigInt(at));
      } finally {
        this.#desk.inUse = undefined;
      }
    }
    const { bytes, address } = this.#short;
    bytes.set(ciphertext);
    try {
      const isAuthentic = opens(address, address);
      if (isAuthentic) into.set(bytes.subarray(0, length), at);
      return isAuthentic;
    } finally {
      bytes.fill(0, 0, ciphertext.length);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#key.fill(0);
    this.#sealing?.dispose();
    this.#opening?.dispose();
  }

  #context(isSealing: boolean): CipherContext {
    if (this.#isDisposed) throw cryptoError("invalid_argument", "an AEAD is used that was disposed of");
    return new CipherContext(this.#desk, this.#algorithm, this.#fetched, this.#key, isSealing);
  }

  #encrypt(context: CipherContext, from: Address, to: Address, length: number): void {
    if (!context.update(from, to, length)) {
      throw cryptoError("provider_failed", `libcrypto failed: ${this.#algorithm.name}`);
    }
  }

  #checkNonce(nonce: Uint8Array): void {
    if (nonce.length !== nonceLength) {
      const { name } = this.#algorithm;
      throw cryptoError("invalid_argument", `${name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
  }
}
