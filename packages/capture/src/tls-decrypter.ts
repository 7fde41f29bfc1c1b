import { CryptoError, type CryptoProvider } from "@tlskit/crypto";
import type { TrafficSecret } from "@tlskit/keyschedule";
import {
  ClientHello,
  decodeMessage,
  EndOfEarlyData,
  earlyDataIndication,
  encryptThenMac,
  extensionCodes,
  extensionIn,
  Finished,
  HelloRequest,
  HelloRetryRequest,
  KeyUpdate,
  type MessageType,
  messageTypes,
  RawClientHello,
  ServerHello,
  selectedVersion,
} from "@tlskit/messages";
import type { Opening } from "@tlskit/record";
import { callerError, TlsError } from "@tlskit/wire";
import {
  aNumber,
  anObject,
  bytes as aUint8Array,
  checkArguments,
  checkOptions,
  expectation,
  instanceOf,
  objectWith,
} from "@tlskit/wire/arguments";
import { type EarlierHandshake, earlierMessageTypes, earlierOpening } from "./earlier-keys.ts";
import { EarlyDataOpening } from "./early-data-opening.ts";
import { noSecret } from "./failures.ts";
import { KeyLog } from "./key-log.ts";
import { maxBytesPassedOver, maxClientHellos } from "./limits.ts";
import type { Moment } from "./moment.ts";
import type { TlsEvent, TlsHappening, TlsSender } from "./tls-event.ts";
import { type Lines, TlsSide } from "./tls-side.ts";
import { Tls13Keys } from "./tls13-keys.ts";
import { tls10, tls13 } from "./versions.ts";

/** What a decrypter needs. */
export interface DecrypterOptions {
  /** It has to answer at once, as those of `@tlskit/crypto-node` and `@tlskit/crypto-noble` do. */
  readonly provider: CryptoProvider;
  readonly keyLog: KeyLog;
}

/** @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault) */
export function checkDecrypterOptions(options: DecrypterOptions): void {
  checkOptions("options", options, {
    provider: objectWith("a provider of cryptography", { hashes: anObject, aeads: anObject }),
    keyLog: instanceOf(KeyLog, "@tlskit/capture"),
  });
}

const anEnd = expectation('"client" or "server"', (value) => value === "client" || value === "server");

/** Before the version is known. */
const hellos = [ClientHello, ServerHello, HelloRetryRequest, HelloRequest];

/** A ClientHello, and what the server answered. */
interface Answer {
  readonly clientHello: RawClientHello;
  readonly isRetry: boolean;
  readonly version: number;
  readonly hello: ServerHello;
}

/**
 * Reads one connection of TLS: what both ends sent, from their hellos on. Each end is read by lines of its own, which wait for
 * the other end where they have to: from its ClientHello on a client is read when it is known what the server answered.
 */
export class TlsDecrypter {
  readonly #provider: CryptoProvider;
  readonly #keyLog: KeyLog;
  readonly #sides: Readonly<Record<TlsSender, TlsSide>>;
  readonly #lines: Record<TlsSender, Lines<void> | undefined>;
  readonly #clientHellos: RawClientHello[] = [];
  readonly #answers: Answer[] = [];
  #events: TlsEvent[] = [];

  /** @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault) */
  constructor(options: DecrypterOptions) {
    checkDecrypterOptions(options);
    this.#provider = options.provider;
    this.#keyLog = options.keyLog;
    const tell = (side: TlsSide, happening: TlsHappening): void => this.#tell(side, happening);
    this.#sides = { client: new TlsSide("client", hellos, tell), server: new TlsSide("server", hellos, tell) };
    this.#lines = { client: this.#client(this.#sides.client), server: this.#server(this.#sides.server) };
  }

  /**
   * Reads on.
   * @param bytes that an end sent next. They may be kept, and aren't to be changed any more.
   * @param moment when they came.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  push(from: TlsSender, bytes: Uint8Array, moment: Moment): readonly TlsEvent[] {
    checkArguments({ from, bytes, moment }, { from: anEnd, bytes: aUint8Array, moment: anObject });
    this.#guard(from, () => this.#sides[from].push(bytes, moment));
    this.#readOn();
    this.#guard(from, () => this.#sides[from].checkWaiting());
    return this.#taken();
  }

  /**
   * Bytes of an end are missing. Nobody knows which record the next ones belong to: nothing more of it is read.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  gap(from: TlsSender, length: number): readonly TlsEvent[] {
    checkArguments({ from, length }, { from: anEnd, length: aNumber });
    this.#guard(from, () => {
      throw callerError("gap", `${length} bytes are missing in the capture`);
    });
    return this.#taken();
  }

  /** Nothing more comes: tells what could not be read because of that. */
  end(): readonly TlsEvent[] {
    for (const { role, waiting } of Object.values(this.#sides)) {
      if (waiting === 0) continue;
      this.#guard(role, () => {
        const [hellos, answers] = [this.#clientHellos.length, this.#answers.length];
        if (role === "client" && hellos > answers) {
          throw callerError("no_server_hello", "the capture has no answer to the ClientHello");
        }
        if (role === "server" && hellos === 0) {
          throw callerError("no_client_hello", "the capture has no ClientHello of this connection");
        }
        throw callerError("truncated", "what was captured ends in the middle of a record");
      });
    }
    return this.#taken();
  }

  #taken(): readonly TlsEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #tell({ role, moment }: TlsSide, happening: TlsHappening): void {
    this.#events.push({ ...happening, from: role, moment });
  }

  /** Resumes the lines of both ends until neither learns anything that the other may wait for. */
  #readOn(): void {
    for (let known = -1; known !== this.#clientHellos.length + this.#answers.length; ) {
      known = this.#clientHellos.length + this.#answers.length;
      for (const role of ["client", "server"] as const) this.#guard(role, () => void this.#lines[role]?.next());
    }
  }

  /** Does something with an end; what is wrong with it is told, and nothing more of this end is. */
  #guard(role: TlsSender, act: () => void): void {
    if (this.#lines[role] === undefined) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof TlsError || error instanceof CryptoError)) throw error;
      const side = this.#sides[role];
      const isPeers = error instanceof TlsError && error.kind === "peer";
      const where = isPeers ? ` (record ${side.records} of the ${role})` : "";
      this.#tell(side, { type: "undecrypted", code: error.code, reason: `${error.message}${where}` });
      this.#lines[role] = undefined;
      side.forget();
    }
  }

  /** What a client sends, from its ClientHello on; before TLS 1.3 of several handshakes. */
  *#client(side: TlsSide): Lines<never> {
    let answer: Answer | undefined;
    for (;;) {
      const step = yield* side.step();
      if (step.type === "changeCipherSpec") this.#changeKeys(side, answer);
      else if (step.messageType?.code === ClientHello.code) {
        if (this.#clientHellos.length >= maxClientHellos) {
          throw callerError("too_many_handshakes", `more than ${maxClientHellos} ClientHellos in a connection`);
        }
        this.#clientHellos.push(decodeMessage(RawClientHello, step.bytes));
        answer = yield* this.#answerTo(this.#clientHellos.length - 1);
        if (answer.version !== tls13) side.messageTypes = earlierMessageTypes(earlierHandshake(answer));
        else if (answer.isRetry) this.#passOverEarlyData(side, answer);
        else yield* this.#clientOfTls13(side, answer);
      }
    }
  }

  /** What a server sends, from its answer to a ClientHello on. */
  *#server(side: TlsSide): Lines<never> {
    let answer: Answer | undefined;
    for (;;) {
      const step = yield* side.step();
      if (step.type === "changeCipherSpec") this.#changeKeys(side, answer);
      else if (step.messageType?.code === ServerHello.code) {
        const isRetry = step.messageType.name === HelloRetryRequest.name;
        const hello = decodeMessage(isRetry ? HelloRetryRequest : ServerHello, step.bytes);
        const clientHello = yield* this.#clientHello(this.#answers.length);
        // RFC 9846 §4.3.1: legacy_version is TLS 1.2's there.
        const version = extensionIn(hello, selectedVersion) ?? hello.legacyVersion;
        answer = { clientHello, isRetry, version, hello };
        this.#answers.push(answer);
        if (!isRetry) this.#tell(side, { type: "negotiated", version, cipherSuite: hello.cipherSuite });
        if (version < tls10 || version > tls13) {
          throw callerError("unknown_version", `the version 0x${version.toString(16).padStart(4, "0")} isn't known`);
        }
        if (version !== tls13) side.messageTypes = earlierMessageTypes(earlierHandshake(answer));
        else if (!isRetry) yield* this.#serverOfTls13(side, answer);
      }
    }
  }

  *#answerTo(clientHello: number): Lines<Answer> {
    for (;;) {
      const answer = this.#answers[clientHello];
      if (answer !== undefined) return answer;
      yield undefined;
    }
  }

  *#clientHello(answer: number): Lines<RawClientHello> {
    for (;;) {
      const clientHello = this.#clientHellos[answer];
      if (clientHello !== undefined) return clientHello;
      yield undefined;
    }
  }

  /** RFC 5246 §7.1: before TLS 1.3 an end's keys change where it says so; in TLS 1.3 it means nothing (RFC 9846 §5). */
  #changeKeys(side: TlsSide, answer: Answer | undefined): void {
    if (answer === undefined || answer.version === tls13) return;
    const mainSecret = this.#keyLog.mainSecret(answer.clientHello.random);
    side.protect(earlierOpening(this.#provider, earlierHandshake(answer), mainSecret, side.role));
  }

  /** RFC 9846 §4.3.10: behind a HelloRetryRequest a server passes over early data that was sent with the first ClientHello. */
  #passOverEarlyData(side: TlsSide, { clientHello }: Answer): void {
    if (!offersEarlyData(clientHello)) return;
    const reason = "the server asked for another ClientHello: whatever early data there was is passed over";
    this.#tell(side, { type: "undecrypted", code: "early_data", reason });
    side.passOver(maxBytesPassedOver);
  }

  *#clientOfTls13(side: TlsSide, answer: Answer): Lines<never> {
    const keys = this.#keysOfTls13(answer);
    const [early, handshake] = [keys.secret("client early"), keys.secret("client handshake")];
    const opening = handshake && keys.opening(handshake);
    // Another ClientHello has been asked for where this isn't the answer to the first, and then early data is over.
    const mayBeEarly = offersEarlyData(answer.clientHello) && this.#answers[0] === answer;
    if (!mayBeEarly) return yield* this.#tls13(side, keys, opening);
    if (early !== undefined && opening !== undefined) {
      return yield* this.#tls13(side, keys, new EarlyDataOpening(keys.opening(early), opening));
    }
    const reason = "the key log has no secret for early data: whatever the client sent of it is passed over";
    this.#tell(side, { type: "undecrypted", code: "early_data", reason });
    side.passOver(maxBytesPassedOver);
    return yield* this.#tls13(side, keys, opening);
  }

  *#serverOfTls13(side: TlsSide, answer: Answer): Lines<never> {
    const keys = this.#keysOfTls13(answer);
    const handshake = keys.secret("server handshake");
    return yield* this.#tls13(side, keys, handshake && keys.opening(handshake));
  }

  #keysOfTls13({ clientHello, hello }: Answer): Tls13Keys {
    return new Tls13Keys(this.#provider, this.#keyLog, clientHello.random, hello.cipherSuite);
  }

  /** RFC 9846 §2: what an end sends behind its hello. */
  *#tls13(side: TlsSide, keys: Tls13Keys, handshake: Opening | undefined): Lines<never> {
    side.messageTypes = messageTypes;
    let secret: TrafficSecret | undefined = keys.secret(`${side.role} application`);
    if (handshake !== undefined) {
      side.protect(handshake);
      if (handshake instanceof EarlyDataOpening) yield* earlyData(side, handshake);
      else yield* upTo(side, Finished);
    } else if (secret !== undefined) {
      const reason = "the key log has no handshake traffic secret: the handshake's messages are passed over";
      this.#tell(side, { type: "undecrypted", code: "no_secret", reason });
      side.passOver(maxBytesPassedOver);
    }
    for (;;) {
      if (secret === undefined)
        throw noSecret(`the key log has no secret of this connection for what the ${side.role} sends`);
      side.protect(keys.opening(secret));
      yield* upTo(side, KeyUpdate);
      secret = secret.next();
    }
  }
}

/** Reads up to a message of this type. */
function* upTo(side: TlsSide, { code }: MessageType<unknown>): Lines<void> {
  for (;;) {
    const step = yield* side.step();
    if (step.type === "message" && step.messageType?.code === code) return;
  }
}

/** Reads early data, which ends where the client says so or, if the server hasn't taken it, goes on; and up to Finished. */
function* earlyData(side: TlsSide, opening: EarlyDataOpening): Lines<void> {
  side.isEarly = true;
  for (;;) {
    const step = yield* side.step();
    if (step.type !== "message") continue;
    if (step.messageType?.code === EndOfEarlyData.code) opening.end();
    if (step.messageType?.code === Finished.code) break;
  }
  side.isEarly = false;
}

function offersEarlyData(clientHello: RawClientHello): boolean {
  return extensionCodes(clientHello).includes(earlyDataIndication.code);
}

function earlierHandshake({ clientHello, version, hello }: Answer): EarlierHandshake {
  return {
    version,
    cipherSuite: hello.cipherSuite,
    randoms: { client: clientHello.random, server: hello.random },
    encryptThenMac: extensionCodes(hello).includes(encryptThenMac.code),
  };
}
