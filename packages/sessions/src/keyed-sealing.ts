import {
  type AeadAlgorithm,
  type AeadName,
  CryptoError,
  type CryptoProvider,
  type HashFunction,
  hashOf,
  hkdfExpand,
  hkdfExtract,
  type Random,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { asciiBytes, callerError, concat, equalBytes } from "@tlskit/wire";
import { aFunction, checkOptions, objectWith } from "@tlskit/wire/arguments";
import { aProvider } from "./expectations.ts";
import { type TicketKey, type TicketKeys, ticketKeyNameLength } from "./ticket-keys.ts";

/** By the first byte of what is sealed, the preferred one first: members of a fleet may have different providers. */
const aeads: readonly (readonly [form: number, name: AeadName])[] = [
  [1, "AES-256-GCM"],
  [2, "CHACHA20-POLY1305"],
];

const saltLength = 16;
const headerLength = 1 + ticketKeyNameLength + saltLength;

/** What is sealed with ticket keys. */
export interface KeyedSealingOptions {
  /** With SHA-256, and AES-256-GCM or ChaCha20-Poly1305. */
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly keys: TicketKeys;
}

/**
 * Bytes that a server gives out, sealed with a ticket key, and understands when they come back.
 *
 * They begin with a byte that says how they are sealed, the key's name and a salt, then the ciphertext. Each is sealed
 * under a key of its own, derived from ticket key, purpose and salt: what is given out for one purpose is nothing for
 * another, and random nonces of a whole fleet under one key would be safe for 2^32 of them only (NIST SP 800-38D §8.3).
 */
export class KeyedSealing {
  readonly #purpose: string;
  readonly #random: Random;
  readonly #keys: TicketKeys;
  readonly #hash: HashFunction;
  readonly #aeads: readonly (readonly [form: number, aead: AeadAlgorithm])[];

  /**
   * @param caller whose options these are, for errors.
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `unsupported_choice` (the caller's fault)
   */
  constructor(caller: string, purpose: "ticket" | "cookie", options: KeyedSealingOptions) {
    checkOptions(caller, options, {
      provider: aProvider,
      random: aFunction,
      keys: objectWith("ticket keys, such as new RotatingTicketKeys", { current: aFunction }),
    });
    this.#purpose = purpose;
    this.#random = options.random;
    this.#keys = options.keys;
    this.#hash = hashOf(options.provider, "SHA-256");
    this.#aeads = aeads.flatMap(([form, name]) => {
      const aead = options.provider.aeads.find((one) => one.name === name);
      return aead === undefined ? [] : [[form, aead] as const];
    });
    if (this.#aeads.length === 0) {
      throw callerError("unsupported_choice", "the provider has neither AES-256-GCM nor ChaCha20-Poly1305");
    }
  }

  /** Nothing if there is no key now. */
  *seal(contents: Uint8Array): Steps<Uint8Array | undefined> {
    const [key] = yield* wait(this.#keys.current());
    const [preferred] = this.#aeads;
    if (key === undefined || preferred === undefined) return undefined;
    const [form, algorithm] = preferred;
    const salt = this.#random(saltLength);
    const header = concat(Uint8Array.of(form), key.name, salt);
    const { aead, nonce } = this.#derive(algorithm, key, salt);
    const sealed = new Uint8Array(headerLength + contents.length + algorithm.tagLength);
    sealed.set(header);
    yield* wait(aead.seal(nonce, header, [contents], sealed, headerLength));
    aead.dispose();
    return sealed;
  }

  /** Nothing if it isn't sealed for this purpose under a key that is live. */
  *open(sealed: Uint8Array): Steps<Uint8Array | undefined> {
    const algorithm = this.#aeads.find(([form]) => form === sealed[0])?.[1];
    if (algorithm === undefined || sealed.length < headerLength + algorithm.tagLength) return undefined;
    const name = sealed.subarray(1, 1 + ticketKeyNameLength);
    const key = (yield* wait(this.#keys.current())).find((live) => equalBytes(live.name, name));
    if (key === undefined) return undefined;
    const header = sealed.subarray(0, headerLength);
    const { aead, nonce } = this.#derive(algorithm, key, header.subarray(1 + ticketKeyNameLength));
    const ciphertext = sealed.subarray(headerLength);
    const contents = new Uint8Array(ciphertext.length - algorithm.tagLength);
    try {
      yield* wait(aead.open(nonce, header, ciphertext, contents, 0));
      return contents;
    } catch (error) {
      if (error instanceof CryptoError && error.code === "authentication_failed") return undefined;
      throw error;
    } finally {
      aead.dispose();
    }
  }

  /** The key for one of them, which seals once, so that its nonce needn't differ from any other. */
  #derive(algorithm: AeadAlgorithm, { secret }: TicketKey, salt: Uint8Array) {
    const { keyLength, nonceLength } = algorithm;
    const derived = hkdfExpand(
      this.#hash,
      hkdfExtract(this.#hash, salt, secret),
      asciiBytes(`tlskit ${this.#purpose} ${algorithm.name}`),
      keyLength + nonceLength,
    );
    const aead = algorithm.withKey(derived.subarray(0, keyLength));
    return { aead, nonce: derived.slice(keyLength) };
  }
}
