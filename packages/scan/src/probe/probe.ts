import { CryptoError } from "@tlskit/crypto";
import {
  cookie,
  decodeMessage,
  extensionIn,
  HelloRetryRequest,
  ServerHello,
  selectedGroup,
  selectedVersion,
  signedCertificateTimestamps,
} from "@tlskit/messages";
import { ContentType } from "@tlskit/record";
import { TlsError } from "@tlskit/wire";
import type { ByteStream } from "../transport.ts";
import { versionOf, versions } from "../version.ts";
import type { Answer } from "./answer.ts";
import { canShare, type HelloMaking, type MadeHello, makeHello, makeSecondHello } from "./client-hello.ts";
import { type Draft, emptyDraft } from "./draft.ts";
import type { HelloOffer, ReadUntil } from "./hello.ts";
import { Octets, type Patience } from "./octets.ts";
import { handshakeRecords, record } from "./records.ts";
import { type ServerMessage, ServerMessages } from "./server-messages.ts";
import { probeSsl2 } from "./ssl2.ts";
import { readTls12Flight } from "./tls12-flight.ts";
import { readTls13Flight } from "./tls13-flight.ts";

/** What a probe is made with. */
export interface ProbeOptions extends HelloMaking {
  readonly patience: Patience;
}

/**
 * Sends a ClientHello over a stream on which TLS is to begin, and reads the answer. The stream is used up.
 * @throws {TlsError} `invalid_offer`, `unsupported_group`, `out_of_range` (the caller's fault). Whatever a server does is an
 * answer.
 */
export async function probe(
  stream: ByteStream,
  offer: HelloOffer,
  until: ReadUntil,
  options: ProbeOptions,
): Promise<Answer> {
  const octets = new Octets(stream, options.patience);
  try {
    return await probeOn(octets, offer, until, options);
  } finally {
    octets.release();
  }
}

/**
 * As {@link probe}, for whoever goes on with the connection: nothing may come behind the answer without being asked for.
 * @throws {TlsError} as `probe`
 */
export async function probeOn(
  octets: Octets,
  offer: HelloOffer,
  until: ReadUntil,
  options: HelloMaking,
): Promise<Answer> {
  if (offer.versions.includes("SSL 2.0")) return await probeSsl2(octets, offer, options.random);
  const course = new Probe(octets, offer, options, await makeHello(offer, options));
  return await course.run(until);
}

/** The course of one probe. */
class Probe {
  readonly #octets: Octets;
  readonly #offer: HelloOffer;
  readonly #options: HelloMaking;
  readonly #answer: Draft = emptyDraft();
  readonly #messages: ServerMessages;
  /** The latest hello. */
  #made: MadeHello;
  /** All handshake messages until now: what keys are derived over. */
  readonly #transcript: Uint8Array[] = [];

  constructor(octets: Octets, offer: HelloOffer, options: HelloMaking, made: MadeHello) {
    this.#octets = octets;
    this.#offer = offer;
    this.#options = options;
    this.#messages = new ServerMessages(octets, this.#answer.seen);
    this.#made = made;
  }

  async run(until: ReadUntil): Promise<Answer> {
    try {
      await this.#readAnswer(until);
    } catch (error) {
      // What can't be decoded, or a key share that is none.
      if (!isOfPeer(error)) throw error;
      this.#messages.unreadable(error.message);
    }
    return { ...this.#answer, end: this.#messages.end };
  }

  async #readAnswer(until: ReadUntil): Promise<void> {
    this.#send(this.#made);
    let message = await this.#messages.next();
    if (message?.type === HelloRetryRequest) {
      this.#noteRetry(message);
      if (until === "hello" || !(await this.#sendSecondHello())) return;
      message = await this.#messages.next();
    }
    if (message === undefined) return;
    if (message.type !== ServerHello)
      return this.#messages.unreadable("it began with something else than a ServerHello");
    this.#noteHello(message);
    if (until === "hello") return;
    if (this.#answer.version === "TLS 1.3") {
      const hellos = { last: this.#made, messages: this.#transcript };
      return await readTls13Flight(this.#messages, this.#answer, hellos, this.#options.provider);
    }
    if (this.#answer.version !== undefined) return await readTls12Flight(this.#messages, this.#answer);
    this.#messages.unreadable("it chose a version that there isn't");
  }

  #send({ message }: MadeHello): void {
    const { recordVersion, recordSize, versions: offered } = this.#offer;
    // RFC 9846 §5.1: the first hello has TLS 1.0's number there, for the sake of old servers.
    const usual = offered.every((version) => version === "SSL 3.0") ? versions["SSL 3.0"] : versions["TLS 1.0"];
    this.#transcript.push(message);
    this.#answer.seen.push({ from: "client", type: "handshake", bytes: message });
    this.#octets.write(handshakeRecords(message, recordVersion ?? usual, recordSize));
  }

  #noteRetry({ bytes }: ServerMessage): void {
    this.#transcript.push(bytes);
    const retry = decodeMessage(HelloRetryRequest, bytes);
    this.#answer.retry = retry;
    this.#answer.version = versionOf(extensionIn(retry, selectedVersion) ?? retry.legacyVersion);
  }

  /** RFC 9846 §4.2.2. Answers whether it could be made. */
  async #sendSecondHello(): Promise<boolean> {
    const { retry } = this.#answer;
    if (retry === undefined) return false;
    const group = extensionIn(retry, selectedGroup);
    if (group !== undefined && !canShare(this.#options.provider, group)) {
      this.#messages.unreadable(`it asks for a key share in a group that none can be made in, 0x${group.toString(16)}`);
      return false;
    }
    this.#made = await makeSecondHello(this.#made, { group, cookie: extensionIn(retry, cookie) }, this.#options);
    // RFC 9846 §E.4: in front of the second flight, for the sake of whoever is on the way.
    this.#octets.write(record(ContentType.changeCipherSpec, versions["TLS 1.2"], Uint8Array.of(1)));
    this.#answer.seen.push({ from: "client", type: "change_cipher_spec", bytes: Uint8Array.of(1) });
    this.#send(this.#made);
    return true;
  }

  #noteHello({ bytes }: ServerMessage): void {
    this.#transcript.push(bytes);
    const hello = decodeMessage(ServerHello, bytes);
    this.#answer.serverHello = hello;
    this.#answer.version = versionOf(extensionIn(hello, selectedVersion) ?? hello.legacyVersion);
    this.#answer.signedCertificateTimestamps = extensionIn(hello, signedCertificateTimestamps);
  }
}

function isOfPeer(error: unknown): error is Error {
  return error instanceof CryptoError || (error instanceof TlsError && error.kind === "peer");
}
