import { Alert, ByteQueue, decodeError, peerError, type TlsError } from "@tlskit/wire";
import { describeHandshakeType } from "./handshake-type.ts";
import { type MessageLimits, maxUnknownMessageLength, messageLimits } from "./limits.ts";
import { handshakeHeaderLength, type MessageType, typeOfMessage, unexpectedMessage } from "./message.ts";

/**
 * Handshake messages out of a stream of fragments: they may be cut and joined in any way (RFC 9846 §5.1).
 * What may come is said at the place that takes the next one, so that a message that may not, or is too long, is
 * refused by its header, before the rest of it is kept.
 */
export class MessageAssembler {
  readonly #pending = new ByteQueue();
  readonly #limits: Readonly<Record<string, number>>;

  /** @param limits how long messages may be, by their names. */
  constructor(limits: MessageLimits = messageLimits) {
    this.#limits = { ...limits };
  }

  /** Adds a fragment. The bytes may be kept until they have been taken, and are never written to. */
  push(fragment: Uint8Array): void {
    this.#pending.push(fragment);
  }

  /** Whether nothing is left of what was pushed: what a key change demands (RFC 9846 §5.1). */
  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** The type that the next message says it is of; nothing if nothing of it is there. */
  get nextType(): number | undefined {
    return this.isEmpty ? undefined : this.#pending.at(0);
  }

  /**
   * RFC 9846 §5.1#key-change-alignment, §4.7.3#old-keys-checked: messages in front of a key change end with a record; nor
   * can anything of a message be here where the peer waits for us. Hosts of a handshake call this at both.
   * @param where for the sentence: `where the peer's keys change`
   * @throws {TlsError} `unexpected_message` as the alert, with this code
   */
  checkNothingLeft(code: string, where: string): void {
    if (this.isEmpty) return;
    throw peerError(code, Alert.unexpectedMessage, `bytes of a message are left over ${where}`);
  }

  /**
   * The next message, header included, and its type among those accepted; nothing if it is not there whole.
   * @throws {TlsError} `unexpected_message`, `decode_error` for a length that no such message has, `message_too_long`
   */
  next<const Types extends readonly MessageType<unknown>[]>(
    accept: Types,
  ): { readonly type: Types[number]; readonly bytes: Uint8Array } | undefined {
    const pending = this.#pending;
    if (pending.length === 0) return undefined;
    const code = pending.at(0);
    const candidates = accept.filter((type) => type.code === code);
    if (candidates.length === 0) throw unexpectedMessage(code, accept);
    const bytes = this.#take((length) => this.#checkLength(candidates, length));
    if (bytes === undefined) return undefined;
    const type = typeOfMessage(candidates, bytes);
    if (type === undefined) throw unexpectedMessage(code, accept);
    return { type, bytes };
  }

  /**
   * The next message whatever it is, header included, for whoever only looks on: its type if it is one of those that are
   * known, so that others can be passed over; nothing if it is not there whole.
   * @throws {TlsError} `decode_error` for a length that no such message has, `message_too_long`
   */
  nextOfAny<T extends MessageType<unknown>>(
    known: readonly T[],
  ): { readonly type: T | undefined; readonly bytes: Uint8Array } | undefined {
    if (this.isEmpty) return undefined;
    const code = this.#pending.at(0);
    const candidates = known.filter((type) => type.code === code);
    const bytes = this.#take((length) => {
      if (candidates.length > 0) this.#checkLength(candidates, length);
      else if (length > maxUnknownMessageLength) {
        throw tooLong(`${describeHandshakeType(code)} has ${length} bytes`, maxUnknownMessageLength);
      }
    });
    return bytes && { type: typeOfMessage(candidates, bytes), bytes };
  }

  /** A whole message, if it is there, whose length has been found right. */
  #take(checkLength: (length: number) => void): Uint8Array | undefined {
    const pending = this.#pending;
    if (pending.length < handshakeHeaderLength) return undefined;
    const length = (pending.at(1) << 16) | (pending.at(2) << 8) | pending.at(3);
    checkLength(length);
    const end = handshakeHeaderLength + length;
    return pending.length < end ? undefined : pending.take(end);
  }

  #checkLength(candidates: readonly MessageType<unknown>[], length: number): void {
    const says = (): string => `${candidates.map(({ name }) => name).join(" or ")} has ${length} bytes`;
    const possible = Math.max(...candidates.map(({ maxLength }) => maxLength));
    // RFC 9846 §6#syntax: no message of the type has that many.
    if (length > possible) throw decodeError(`${says()}, and can have at most ${possible}`);
    const limit = Math.max(...candidates.map(({ name, maxLength }) => this.#limits[name] ?? maxLength));
    if (length > limit) throw tooLong(says(), limit);
  }
}

function tooLong(says: string, limit: number): TlsError {
  return peerError("message_too_long", Alert.internalError, `${says}, of which at most ${limit} are taken`);
}
