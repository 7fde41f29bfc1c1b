import type { BlockCipher, BlockCipherAlgorithm, HashFunction, Random } from "@tlskit/crypto";
import { constantTimeEqual } from "@tlskit/crypto";
import { callerError, concat } from "@tlskit/wire";
import { aBoolean, aFunction, aNumber, bytes, check, objectWith } from "@tlskit/wire/arguments";
import type { ContentType } from "../content-type.ts";
import { asBadRecordMac, badRecordMac, checkContentLength, checkRecordVersion } from "../failures.ts";
import { lengthOf, writeHeader } from "../header.ts";
import { maxPlaintextLength, maxTls12CiphertextLength, recordHeaderLength } from "../limits.ts";
import type { OpenedRecord, Opening, Sealing } from "../protection.ts";
import { authenticatedLength, SequenceNumber, writeAuthenticated } from "../sequence-number.ts";
import { checkOpened, tls12 } from "../tls12.ts";
import { type MacThenEncrypt, macThenEncrypt, paddingFor } from "./mac-then-encrypt.ts";
import { ownVectors, type Vectors } from "./vectors.ts";

/** What protects the records of one direction in TLS 1.2, if it is a block cipher in CBC mode with an HMAC. */
export interface Tls12CbcKeys {
  readonly cipher: BlockCipherAlgorithm;
  readonly hash: HashFunction;
  readonly key: Uint8Array;
  readonly macKey: Uint8Array;
  /** How many blocks may be encrypted with the key. */
  readonly blockLimit: number;
  /** RFC 7366: whether the MAC is over the ciphertext, and not in it. */
  readonly encryptThenMac: boolean;
}

const cbcKeys = objectWith("the keys of a direction in TLS 1.2, for CBC", {
  cipher: objectWith("a block cipher, as blockCipherOf of @tlskit/crypto gives it", {
    withKey: aFunction,
    blockLength: aNumber,
  }),
  hash: objectWith("a hash, as hashOf of @tlskit/crypto gives it", { hmac: aFunction, length: aNumber }),
  key: bytes,
  macKey: bytes,
  blockLimit: aNumber,
  encryptThenMac: aBoolean,
});

/** What is inside a record behind its vector, in one of the two orders of MAC and encryption. */
interface Protection extends MacThenEncrypt {
  /** Bytes that there are at least. */
  readonly least: number;
  /** Bytes behind whole blocks. */
  readonly behind: number;
}

/** What a version has of its own. */
export interface CbcRules {
  /** ProtocolVersion. */
  readonly version: number;
  readonly vectors: Vectors;
}

/**
 * How TLS 1.2 protects records by CBC (RFC 5246 §6.2.3.2#iv). Each record has an IV of its own, which nobody can foresee.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function tls12CbcSealing(keys: Tls12CbcKeys, random: Random): Sealing {
  check(random, "random", aFunction);
  return new CbcSealing(keys, (blockLength) => ({ version: tls12, vectors: ownVectors(blockLength, random) }));
}

/** How a version before TLS 1.3 writes records by CBC. */
export class CbcSealing implements Sealing {
  readonly #protection: Protection;
  readonly #version: number;
  readonly #vectors: Vectors;
  readonly #blockLength: number;
  readonly #number = new SequenceNumber();
  readonly #blocksOfLongest: number;
  #blocksLeft: number;

  constructor(keys: Tls12CbcKeys, rulesFor: (blockLength: number) => CbcRules) {
    check(keys, "keys", cbcKeys);
    this.#blockLength = keys.cipher.blockLength;
    const { version, vectors } = rulesFor(this.#blockLength);
    this.#version = version;
    this.#vectors = vectors;
    this.#protection = protectionOf(keys, vectors.inRecord > 0);
    this.#blocksLeft = keys.blockLimit;
    this.#blocksOfLongest = this.#blocksIn(this.#bodyOf(maxPlaintextLength));
  }

  #blocksIn(body: number): number {
    return Math.ceil(body / this.#blockLength);
  }

  #bodyOf(content: number): number {
    return this.#vectors.inRecord + this.#protection.size(content);
  }

  /** As many as there are blocks for if all were as long as can be. */
  get recordsLeft(): number {
    return Math.floor(this.#blocksLeft / this.#blocksOfLongest);
  }

  get sequenceNumber(): number {
    return this.#number.next;
  }

  get mostOfFirst(): number | undefined {
    return this.#vectors.foreseeable ? 1 : undefined;
  }

  size(_type: ContentType, content: number): number {
    return recordHeaderLength + this.#bodyOf(content);
  }

  seal(type: ContentType, pieces: readonly Uint8Array[], into: Uint8Array, at: number, size: number): void {
    if (this.recordsLeft <= 0) throw callerError("record_limit_reached", "this key may seal no more records");
    const content = lengthOf(pieces);
    checkContentLength(content);
    const body = size - recordHeaderLength;
    const header = new Uint8Array(authenticatedLength);
    writeAuthenticated(header, this.#number, type, this.#version, content);
    writeHeader(into, at, type, this.#version, body);
    this.#number.useUp();
    this.#blocksLeft -= this.#blocksIn(body);
    const vector = this.#vectors.next();
    const [begin, end] = [at + recordHeaderLength + this.#vectors.inRecord, at + size];
    if (this.#vectors.inRecord > 0) into.set(vector, at + recordHeaderLength);
    this.#protection.seal(vector, header, pieces, into, begin);
    this.#vectors.used(into.subarray(begin, end - this.#protection.behind));
  }

  dispose(): void {
    this.#protection.dispose();
  }
}

/**
 * How TLS 1.2 reads records that are protected by CBC. Whatever is wrong with one is `bad_record_mac`
 * (RFC 5246 §7.2.2#bad-padding).
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function tls12CbcOpening(keys: Tls12CbcKeys): Opening {
  return new CbcOpening(keys, () => ({ version: tls12, vectors: undefined }));
}

/** How a version before TLS 1.3 reads records by CBC. */
export class CbcOpening implements Opening {
  readonly #protection: Protection;
  readonly #version: number;
  /** Where they don't stand in the record. */
  readonly #vectors: Vectors | undefined;
  readonly #blockLength: number;
  readonly #number = new SequenceNumber();
  readonly synchronous = true;

  constructor(
    keys: Tls12CbcKeys,
    rulesFor: (blockLength: number) => Pick<CbcRules, "version"> & { readonly vectors: Vectors | undefined },
  ) {
    check(keys, "keys", cbcKeys);
    this.#blockLength = keys.cipher.blockLength;
    const { version, vectors } = rulesFor(this.#blockLength);
    this.#version = version;
    this.#vectors = vectors;
    this.#protection = protectionOf(keys, vectors === undefined);
  }

  get sequenceNumber(): number {
    return this.#number.next;
  }

  /** RFC 5246 §7.1: of every type: a change_cipher_spec of a later handshake is protected as what is in front of it. */
  accepts(): boolean {
    return true;
  }

  maxBody(): number {
    return maxTls12CiphertextLength;
  }

  open(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): OpenedRecord {
    checkRecordVersion(header, this.#version);
    const { least, behind } = this.#protection;
    const begin = this.#vectors === undefined ? this.#blockLength : 0;
    // How long a record is everybody sees.
    if (body.length < begin + least || (body.length - behind) % this.#blockLength !== 0) throw badRecordMac();
    const authenticated = new Uint8Array(authenticatedLength);
    writeAuthenticated(authenticated, this.#number, header[0] ?? 0, this.#version, 0);
    const ciphertext = body.subarray(begin);
    const iv = this.#vectors?.next() ?? Uint8Array.from(body.subarray(0, begin));
    // Before anything is written to where it may lie.
    this.#vectors?.used(ciphertext.subarray(0, ciphertext.length - behind));
    // What lies where its content goes is opened where it lies, and moved over its IV then.
    const target = body.buffer === into.buffer ? at + begin : at;
    let length: number;
    try {
      length = this.#protection.open(iv, authenticated.subarray(0, 11), ciphertext, into, target);
    } catch (error) {
      throw asBadRecordMac(error);
    }
    this.#number.useUp();
    if (target !== at) into.copyWithin(at, target, target + length);
    return checkOpened(header, length);
  }

  dispose(): void {
    this.#protection.dispose();
  }
}

function protectionOf(
  { cipher, hash, key, macKey, encryptThenMac }: Tls12CbcKeys,
  vectorInRecord: boolean,
): Protection {
  const { blockLength } = cipher;
  if (encryptThenMac) return new EncryptThenMac(cipher, hash, key, macKey, vectorInRecord);
  const least = blockLength * Math.ceil((hash.length + 1) / blockLength);
  return { ...macThenEncrypt(cipher, key, hash, macKey), least, behind: 0 };
}

/** RFC 7366 §3#mac-first, §3#wrong-mac: the MAC is over IV and ciphertext, so that nothing is decrypted that isn't authentic. */
class EncryptThenMac implements Protection {
  readonly least: number;
  readonly behind: number;
  readonly #cipher: BlockCipher;
  readonly #blockLength: number;
  readonly #hash: HashFunction;
  readonly #macKey: Uint8Array;
  /** RFC 7366 §3: in TLS 1.0 vectors stand nowhere, and are not authenticated. */
  readonly #vectorInRecord: boolean;

  constructor(
    cipher: BlockCipherAlgorithm,
    hash: HashFunction,
    key: Uint8Array,
    macKey: Uint8Array,
    vectorInRecord: boolean,
  ) {
    this.#blockLength = cipher.blockLength;
    this.#cipher = cipher.withKey(key);
    this.#hash = hash;
    this.#macKey = Uint8Array.from(macKey);
    this.#vectorInRecord = vectorInRecord;
    this.behind = hash.length;
    this.least = cipher.blockLength + hash.length;
  }

  size(content: number): number {
    return content + paddingFor(content, this.#blockLength) + this.#hash.length;
  }

  seal(iv: Uint8Array, header: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void {
    const content = lengthOf(pieces);
    const padding = paddingFor(content, this.#blockLength);
    const filling = new Uint8Array(padding).fill(padding - 1);
    this.#cipher.encrypt(iv, [...pieces, filling], into, at);
    const end = at + content + padding;
    into.set(this.#mac(header.subarray(0, 11), iv, into.subarray(at, end)), end);
  }

  open(iv: Uint8Array, header: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): number {
    const end = ciphertext.length - this.#hash.length;
    const encrypted = ciphertext.subarray(0, end);
    if (!constantTimeEqual(this.#mac(header, iv, encrypted), ciphertext.subarray(end))) throw badRecordMac();
    this.#cipher.decrypt(iv, encrypted, into, at);
    const plaintext = into.subarray(at, at + end);
    const padding = plaintext[end - 1] ?? 0;
    const length = end - 1 - padding;
    // Whoever has the keys has padded it so: that tells nobody else anything.
    if (length < 0 || plaintext.subarray(length).some((byte) => byte !== padding)) {
      plaintext.fill(0);
      throw badRecordMac();
    }
    plaintext.fill(0, length);
    return length;
  }

  /** RFC 7366 §3: over the record's number, type, version, and what of it stands in front of the MAC. */
  #mac(header: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const parts = this.#vectorInRecord ? [iv, ciphertext] : [ciphertext];
    const length = lengthOf(parts);
    return this.#hash.hmac(this.#macKey, concat(header, Uint8Array.of(length >> 8, length & 0xff), ...parts));
  }

  dispose(): void {
    this.#cipher.dispose();
    this.#macKey.fill(0);
  }
}
