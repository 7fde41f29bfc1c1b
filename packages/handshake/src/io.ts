import type { CipherSuite, Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import type { TrafficSecret, WriteKeys } from "@tlskit/keyschedule";
import { decodeMessage, type MessageType } from "@tlskit/messages";
import {
  aBoolean,
  aFunction,
  bytes as aUint8Array,
  check,
  checkArguments,
  type Expectations,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import type { EarlyDataIo } from "./early-data.ts";

/** Which keys protect a part of a connection. Before any are installed, nothing does. */
export type Epoch = "early" | "handshake" | "application";

/** A message of one of the accepted types, told apart by `name`, with its bytes (header included) for the transcript. */
export type Received<Type> =
  Type extends MessageType<infer Message, infer Name>
    ? { readonly name: Name; readonly message: Message; readonly bytes: Uint8Array }
    : never;

const given = { type: objectWith("a type of messages", {}), bytes: aUint8Array };

/**
 * Decodes a message, for a host's `receive`: of the types that it accepts a `MessageAssembler` says which it is.
 * @param bytes header included
 * @throws {TlsError} `invalid_argument` (the caller's fault), `decode_error`
 */
export function received<Type extends MessageType<unknown>>(type: Type, bytes: Uint8Array): Received<Type> {
  checkArguments({ type, bytes }, given);
  // The message was decoded by the very type that it is paired with, which TypeScript can't see.
  return { name: type.name, message: decodeMessage(type, bytes), bytes } as Received<Type>;
}

/**
 * What a handshake needs from whatever hosts it: a TLS connection over a byte stream, a QUIC stack, a test. It knows
 * nothing of records.
 */
export interface HandshakeIo {
  /**
   * The next message, which must be of one of these types. Its bytes aren't to be changed any more.
   * @throws {TlsError} whatever is wrong with what came instead
   */
  receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>>;
  /** Sends a message under the keys installed for writing, and answers with its bytes for the transcript. */
  send<Message>(type: MessageType<Message>, message: Message): Uint8Array;
  /**
   * The peer now waits for us, so that nothing of a message can be here: it would have been written before what it
   * answers was sent.
   * @throws {TlsError} `unexpected_message` if a part of a message is left over
   */
  endOfFlight(): void;
  /** RFC 9846 §E.4: a change_cipher_spec for middleboxes; nothing for hosts without them. */
  changeCipherSpec(): void;
  /**
   * Protects what is read from here on.
   * @throws {TlsError} `unexpected_message` if a part of a message is left over (RFC 9846 §5.1): `checkNothingLeft` of
   *   `MessageAssembler` tells
   */
  installRead(epoch: Epoch, cipherSuite: CipherSuite, secret: TrafficSecret): void;
  /** Protects what is sent from here on. */
  installWrite(epoch: Epoch, cipherSuite: CipherSuite, secret: TrafficSecret): void;
  /** RFC 9846 §4.3.10: the client may have sent early data, which is to be passed over. */
  skipEarlyData(limit: number): void;
  /** A host without it neither sends nor accepts early data. */
  readonly earlyData?: EarlyDataIo | undefined;
  /** A host without it has TLS 1.3 alone. */
  readonly earlier?: EarlierIo | undefined;
}

/** What protects one direction before TLS 1.3. */
export interface EarlierKeys {
  /** ProtocolVersion. */
  readonly version: number;
  readonly cipherSuite: Tls12CipherSuite;
  readonly keys: WriteKeys;
  /** RFC 7366: of suites with CBC, whether the MAC is over the ciphertext. */
  readonly encryptThenMac: boolean;
}

/**
 * What a handshake of TLS 1.2 or earlier needs of its host besides. At a client a host with it passes HelloRequests over
 * wherever another message is waited for (RFC 5246 §7.4.1.1), up to a limit, as long as the version isn't TLS 1.3.
 */
export interface EarlierIo {
  /**
   * The version is settled. A change_cipher_spec that was dropped until now, since TLS 1.3 would have had it dropped, is
   * refused, and from here on each that isn't asked for.
   * @throws {TlsError} `unexpected_message` as the alert
   */
  begin(version: number): void;
  /**
   * RFC 5246 §7.1: waits for the peer's change_cipher_spec, which is no message.
   * @throws {TlsError} `unexpected_message` as the alert, if something else comes, or if a part of a message is left over
   */
  receiveChangeCipherSpec(): Steps<void>;
  /** Protects what is read from here on: directly behind a change_cipher_spec. */
  installRead(keys: EarlierKeys): void;
  /** Protects what is sent from here on: directly behind a change_cipher_spec. */
  installWrite(keys: EarlierKeys): void;
}

const members: Expectations<HandshakeIo> = {
  receive: aFunction,
  send: aFunction,
  endOfFlight: aFunction,
  changeCipherSpec: aFunction,
  installRead: aFunction,
  installWrite: aFunction,
  skipEarlyData: aFunction,
  earlier: optional(
    objectWith("what TLS 1.2 needs", {
      begin: aFunction,
      receiveChangeCipherSpec: aFunction,
      installRead: aFunction,
      installWrite: aFunction,
    }),
  ),
  earlyData: optional(
    objectWith("what early data is sent and received by", {
      hasEnd: aBoolean,
      send: aFunction,
      answered: aFunction,
      receive: aFunction,
    }),
  ),
};

const anIo = objectWith("a HandshakeIo", members);

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkIo(io: HandshakeIo): void {
  check(io, "io", anIo);
}
