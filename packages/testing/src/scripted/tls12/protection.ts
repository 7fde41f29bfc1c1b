import { type AeadAlgorithm, type BlockCipherAlgorithm, type HashFunction, type Steps, wait } from "@tlskit/crypto";
import type { WriteKeys } from "@tlskit/keyschedule";
import { concat } from "@tlskit/wire";
import type { Opened, Protection } from "../protection.ts";

/** RFC 5246 §6.2.3.1, §6.2.3.3: number, type, version and length. */
function authenticated(sequenceNumber: number, type: number, length: number): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(sequenceNumber));
  return concat(number, header(type, length));
}

function header(type: number, length: number): Uint8Array {
  return Uint8Array.of(type, 3, 3, length >> 8, length & 0xff);
}

/** RFC 5246 §6.2.3.3: an AEAD with nonces that stand in the record (RFC 5288) or don't (RFC 7905). */
export class Tls12AeadProtection implements Protection {
  readonly #aead: ReturnType<AeadAlgorithm["withKey"]>;
  readonly #tagLength: number;
  readonly #iv: Uint8Array;
  #sequenceNumber = 0;

  constructor(algorithm: AeadAlgorithm, { key, iv }: WriteKeys) {
    this.#aead = algorithm.withKey(key);
    this.#tagLength = algorithm.tagLength;
    this.#iv = iv;
  }

  covers(): boolean {
    return true;
  }

  *seal(type: number, content: Uint8Array): Steps<Uint8Array> {
    const number = authenticated(this.#sequenceNumber, 0, 0).subarray(0, 8);
    const explicit = this.#iv.length === 4 ? number : new Uint8Array(0);
    const start = 5 + explicit.length;
    const length = explicit.length + content.length + this.#tagLength;
    const record = concat(header(type, length), explicit, new Uint8Array(length - explicit.length));
    const additional = authenticated(this.#sequenceNumber, type, content.length);
    this.#sequenceNumber += 1;
    yield* wait(this.#aead.seal(this.#nonce(number), additional, [content], record, start));
    return record;
  }

  *open(record: Uint8Array): Steps<Opened | undefined> {
    const [type = 0] = record;
    const start = 5 + (this.#iv.length === 4 ? 8 : 0);
    const content = new Uint8Array(Math.max(0, record.length - start - this.#tagLength));
    const number =
      this.#iv.length === 4 ? record.subarray(5, start) : authenticated(this.#sequenceNumber, 0, 0).subarray(0, 8);
    const additional = authenticated(this.#sequenceNumber, type, content.length);
    try {
      yield* wait(this.#aead.open(this.#nonce(number), additional, record.subarray(start), content, 0));
    } catch {
      // Not made with these keys: it is counted by whoever asked.
      return undefined;
    }
    this.#sequenceNumber += 1;
    return { type, content };
  }

  #nonce(number: Uint8Array): Uint8Array {
    if (this.#iv.length === 4) return concat(this.#iv, number);
    const nonce = this.#iv.slice();
    for (const [index, byte] of number.entries()) nonce[4 + index] = (nonce[4 + index] ?? 0) ^ byte;
    return nonce;
  }
}

/** RFC 5246 §6.2.3.2, RFC 7366: a block cipher in CBC mode, its MAC in what is encrypted or over it. */
export class Tls12CbcProtection implements Protection {
  readonly #cipher: ReturnType<BlockCipherAlgorithm["withKey"]>;
  readonly #blockLength: number;
  readonly #hash: HashFunction;
  readonly #macKey: Uint8Array;
  readonly #encryptThenMac: boolean;
  readonly #random: (length: number) => Uint8Array;
  #sequenceNumber = 0;

  constructor(
    algorithm: BlockCipherAlgorithm,
    hash: HashFunction,
    { key, macKey }: WriteKeys,
    encryptThenMac: boolean,
    random: (length: number) => Uint8Array,
  ) {
    this.#cipher = algorithm.withKey(key);
    this.#blockLength = algorithm.blockLength;
    this.#hash = hash;
    this.#macKey = macKey;
    this.#encryptThenMac = encryptThenMac;
    this.#random = random;
  }

  covers(): boolean {
    return true;
  }

  // biome-ignore lint/correctness/useYield: block ciphers answer at once
  *seal(type: number, content: Uint8Array, padding: number): Steps<Uint8Array> {
    const mac = this.#encryptThenMac ? new Uint8Array(0) : this.mac(type, content);
    const missing = this.#blockLength - ((content.length + mac.length) % this.#blockLength) + padding;
    return this.sealBlocks(type, concat(content, mac, new Uint8Array(missing).fill(missing - 1)));
  }

  /** The MAC of the record that is next, over content; with encrypt-then-MAC it is over what is encrypted. */
  mac(type: number, content: Uint8Array): Uint8Array {
    return this.#hash.hmac(this.#macKey, concat(authenticated(this.#sequenceNumber, type, content.length), content));
  }

  /** A whole record that has encrypted these blocks, whatever is in them. */
  sealBlocks(type: number, blocks: Uint8Array): Uint8Array {
    const iv = this.#random(this.#blockLength);
    const body = concat(iv, new Uint8Array(blocks.length));
    this.#cipher.encrypt(iv, [blocks], body, iv.length);
    const mac = this.#encryptThenMac ? this.mac(type, body) : new Uint8Array(0);
    this.#sequenceNumber += 1;
    return concat(header(type, body.length + mac.length), body, mac);
  }

  // biome-ignore lint/correctness/useYield: block ciphers answer at once
  *open(record: Uint8Array): Steps<Opened | undefined> {
    const [type = 0] = record;
    const macLength = this.#encryptThenMac ? this.#hash.length : 0;
    const ciphertext = record.subarray(5 + this.#blockLength, record.length - macLength);
    if (ciphertext.length === 0 || ciphertext.length % this.#blockLength !== 0) return undefined;
    const blocks = new Uint8Array(ciphertext.length);
    this.#cipher.decrypt(record.slice(5, 5 + this.#blockLength), ciphertext, blocks, 0);
    const end = blocks.length - 1 - (blocks.at(-1) ?? 0) - (this.#encryptThenMac ? 0 : this.#hash.length);
    this.#sequenceNumber += 1;
    return { type, content: blocks.subarray(0, Math.max(0, end)) };
  }
}
