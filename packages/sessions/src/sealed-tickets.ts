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
  run,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { asciiBytes, callerError, concat, equalBytes } from "@tlskit/wire";
import { aFunction, bytes, checkArguments, checkOptions, objectWith } from "@tlskit/wire/arguments";
import { aProvider } from "./expectations.ts";
import { type TicketKey, type TicketKeys, ticketKeyNameLength } from "./ticket-keys.ts";
import type { Tickets } from "./tickets.ts";

/** By the first byte of a ticket, the preferred one first: members of a fleet may have different providers. */
const aeads: readonly (readonly [form: number, name: AeadName])[] = [
  [1, "AES-256-GCM"],
  [2, "CHACHA20-POLY1305"],
];

const saltLength = 16;
const headerLength = 1 + ticketKeyNameLength + saltLength;

/** What self-contained tickets are made with. */
export interface SealedTicketsOptions {
  /** With SHA-256, and AES-256-GCM or ChaCha20-Poly1305. */
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly keys: TicketKeys;
}

/**
 * Self-contained tickets: the session, sealed with a ticket key, so that a server keeps nothing.
 *
 * A ticket is a byte that says how it is sealed, its key's name, a salt, and the ciphertext. Each is sealed under a key of
 * its own, derived from ticket key and salt: random nonces of a whole fleet under one key would be safe for 2^32 tickets
 * only (NIST SP 800-38D §8.3).
 */
export class SealedTickets implements Tickets {
  readonly #random: Random;
  readonly #keys: TicketKeys;
  readonly #hash: HashFunction;
  readonly #aeads: readonly (readonly [form: number, aead: AeadAlgorithm])[];

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `unsupported_choice` (the caller's fault) */
  constructor(options: SealedTicketsOptions) {
    checkOptions("SealedTickets", options, {
      provider: aProvider,
      random: aFunction,
      keys: objectWith("ticket keys, such as new RotatingTicketKeys", { current: aFunction }),
    });
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

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  ticketFor(session: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ session }, { session: bytes });
    return run(this.#seal(session));
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  sessionOf(ticket: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ ticket }, { ticket: bytes });
    return run(this.#open(ticket));
  }

  *#seal(session: Uint8Array): Steps<Uint8Array | undefined> {
    const [key] = yield* wait(this.#keys.current());
    const [preferred] = this.#aeads;
    if (key === undefined || preferred === undefined) return undefined;
    const [form, algorithm] = preferred;
    const salt = this.#random(saltLength);
    const header = concat(Uint8Array.of(form), key.name, salt);
    const { aead, nonce } = this.#derive(algorithm, key, salt);
    const ticket = new Uint8Array(headerLength + session.length + algorithm.tagLength);
    ticket.set(header);
    yield* wait(aead.seal(nonce, header, [session], ticket, headerLength));
    aead.dispose();
    return ticket;
  }

  *#open(ticket: Uint8Array): Steps<Uint8Array | undefined> {
    const algorithm = this.#aeads.find(([form]) => form === ticket[0])?.[1];
    if (algorithm === undefined || ticket.length < headerLength + algorithm.tagLength) return undefined;
    const name = ticket.subarray(1, 1 + ticketKeyNameLength);
    const key = (yield* wait(this.#keys.current())).find((live) => equalBytes(live.name, name));
    if (key === undefined) return undefined;
    const header = ticket.subarray(0, headerLength);
    const { aead, nonce } = this.#derive(algorithm, key, header.subarray(1 + ticketKeyNameLength));
    const ciphertext = ticket.subarray(headerLength);
    const session = new Uint8Array(ciphertext.length - algorithm.tagLength);
    try {
      yield* wait(aead.open(nonce, header, ciphertext, session, 0));
      return session;
    } catch (error) {
      if (error instanceof CryptoError && error.code === "authentication_failed") return undefined;
      throw error;
    } finally {
      aead.dispose();
    }
  }

  /** The key for one ticket, which seals once, so that its nonce needn't differ from any other. */
  #derive(algorithm: AeadAlgorithm, { secret }: TicketKey, salt: Uint8Array) {
    const { keyLength, nonceLength } = algorithm;
    const derived = hkdfExpand(
      this.#hash,
      hkdfExtract(this.#hash, salt, secret),
      asciiBytes(`tlskit ticket ${algorithm.name}`),
      keyLength + nonceLength,
    );
    const aead = algorithm.withKey(derived.subarray(0, keyLength));
    return { aead, nonce: derived.slice(keyLength) };
  }
}
