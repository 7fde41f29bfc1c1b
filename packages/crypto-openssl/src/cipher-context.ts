import { type AeadName, cryptoError } from "@tlskit/crypto";
import { check, checkAddress } from "./answers.ts";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { Cell, type Region, region, temporaryRegion } from "./memory.ts";
import { type Owned, Owner } from "./owned.ts";

export const nonceLength = 12;

export interface Cipher {
  readonly name: AeadName;
  /** OpenSSL's name. */
  readonly cipher: string;
  readonly keyLength: number;
  readonly tagLength: number;
  /** Bytes of the longest plaintext. */
  readonly maxLength: number;
  /** Whether it is told the length first, and takes the whole of it at once. */
  readonly takesAtOnce?: true;
}

/** openssl/evp.h: `EVP_CTRL_AEAD_SET_IVLEN`, `EVP_CTRL_AEAD_GET_TAG`, `EVP_CTRL_AEAD_SET_TAG` */
const control = { setNonceLength: 0x9n, getTag: 0x10n, setTag: 0x11n } as const;

/** What all contexts of a provider use, one after the other. */
export class CipherDesk {
  readonly libcrypto: Libcrypto;
  readonly owner: Owner;
  readonly key: Region;
  readonly nonce: Region;
  readonly additionalData: Region;
  readonly written: Cell;
  /** What of a caller's libcrypto has the address of: an engine may forget a variable that isn't used any more. */
  inUse: unknown;

  constructor(libcrypto: Libcrypto) {
    this.libcrypto = libcrypto;
    this.owner = new Owner(libcrypto, "EVP_CIPHER_CTX_free");
    this.key = region(libcrypto, 32);
    this.nonce = region(libcrypto, nonceLength);
    this.additionalData = region(libcrypto, 256);
    this.written = new Cell(libcrypto);
  }
}

/**
 * An `EVP_CIPHER_CTX` with a key in it, for any number of records in one direction: OpenSSL settles with the key how AES-CCM
 * works. Takes addresses, and checks none.
 */
export class CipherContext {
  readonly #desk: CipherDesk;
  readonly #name: AeadName;
  readonly #takesAtOnce: boolean;
  readonly #tagSize: bigint;
  readonly #isSealing: 0n | 1n;
  readonly #owned: Owned;

  constructor(
    desk: CipherDesk,
    { name, takesAtOnce, tagLength }: Cipher,
    fetched: Address,
    key: Uint8Array,
    isSealing: boolean,
  ) {
    this.#desk = desk;
    this.#name = name;
    this.#takesAtOnce = takesAtOnce === true;
    this.#tagSize = BigInt(tagLength);
    this.#isSealing = isSealing ? 1n : 0n;
    const { libcrypto, owner } = desk;
    this.#owned = owner.own(checkAddress(libcrypto, libcrypto.call.EVP_CIPHER_CTX_new(), name));
    const { address } = this.#owned;
    this.#check(libcrypto.call.EVP_CipherInit_ex(address, fetched, 0n, 0n, 0n, this.#isSealing));
    if (this.#takesAtOnce) {
      this.#check(libcrypto.call.EVP_CIPHER_CTX_ctrl(address, control.setNonceLength, BigInt(nonceLength), 0n));
      this.#check(libcrypto.call.EVP_CIPHER_CTX_ctrl(address, control.setTag, this.#tagSize, 0n));
    }
    desk.key.bytes.set(key);
    const answer = libcrypto.call.EVP_CipherInit_ex(address, 0n, 0n, desk.key.address, 0n, this.#isSealing);
    desk.key.bytes.fill(0);
    this.#check(answer);
  }

  /** The first call for a record to be sealed. */
  startSealing(nonce: Uint8Array, additionalData: Uint8Array, length: number): void {
    this.#start(nonce);
    this.#authenticate(additionalData, length);
  }

  /** The first call for a record to be opened. */
  startOpening(nonce: Uint8Array, additionalData: Uint8Array, length: number, tag: Address): void {
    this.#start(nonce);
    this.#check(this.#desk.libcrypto.call.EVP_CIPHER_CTX_ctrl(this.#owned.address, control.setTag, this.#tagSize, tag));
    this.#authenticate(additionalData, length);
  }

  /**
   * Writes as many bytes as it reads. False if they aren't authentic, and the cipher can tell so early. One that takes
   * what it seals at once is called for nothing, too: OpenSSL 3.0 makes no tag otherwise.
   */
  update(from: Address, to: Address, length: number): boolean {
    const { libcrypto, written } = this.#desk;
    const place = written.cleared;
    const answer = libcrypto.call.EVP_CipherUpdate(this.#owned.address, to, place, from, BigInt(length));
    return answer === 1 && written.int === length ? true : this.#refused();
  }

  /** The last call for a record that is sealed. */
  finishSealing(tag: Address): void {
    if (!this.#finish()) throw cryptoError("provider_failed", `libcrypto failed: ${this.#name}`);
    this.#check(this.#desk.libcrypto.call.EVP_CIPHER_CTX_ctrl(this.#owned.address, control.getTag, this.#tagSize, tag));
  }

  /** The last call for a record that is opened: whether it is authentic. */
  finishOpening(): boolean {
    return this.#finish();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #start(nonce: Uint8Array): void {
    const { libcrypto, nonce: own } = this.#desk;
    own.bytes.set(nonce);
    this.#check(libcrypto.call.EVP_CipherInit_ex(this.#owned.address, 0n, 0n, 0n, own.address, this.#isSealing));
  }

  #authenticate(additionalData: Uint8Array, plaintextLength: number): void {
    const { libcrypto, written } = this.#desk;
    const { EVP_CipherUpdate } = libcrypto.call;
    const { address } = this.#owned;
    if (this.#takesAtOnce) this.#check(EVP_CipherUpdate(address, 0n, written.cleared, 0n, BigInt(plaintextLength)));
    if (additionalData.length === 0) return;
    const usual = this.#desk.additionalData;
    const isUsual = additionalData.length <= usual.bytes.length;
    const own = isUsual ? usual : temporaryRegion(libcrypto, additionalData.length);
    own.bytes.set(additionalData);
    const length = BigInt(additionalData.length);
    this.#check(EVP_CipherUpdate(address, 0n, written.cleared, own.address, length));
    if (!isUsual) own.bytes.fill(0);
  }

  /** Nothing is written but where the cipher is one that OpenSSL gives blocks to: none here. */
  #finish(): boolean {
    const { libcrypto, written, nonce } = this.#desk;
    const answer = libcrypto.call.EVP_CipherFinal_ex(this.#owned.address, nonce.address, written.cleared);
    return answer === 1 && written.int === 0 ? true : this.#refused();
  }

  #refused(): false {
    this.#desk.libcrypto.call.ERR_clear_error();
    return false;
  }

  #check(answer: number): void {
    check(this.#desk.libcrypto, answer, this.#name);
  }
}
