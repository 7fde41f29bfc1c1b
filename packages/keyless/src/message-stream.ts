import { ByteQueue, decode, decodeError } from "@tlskit/wire";
import { Header, headerLength, type MessageType, protocolVersion } from "./message.ts";

/** Types of messages by name. */
type Types = Readonly<Record<string, MessageType<string, unknown>>>;

/** A message with its id, of one of some types. */
export type Message<T extends Types> = {
  [Name in keyof T]: T[Name] extends MessageType<infer N, infer Value>
    ? { readonly name: N; readonly id: number; readonly value: Value }
    : never;
}[keyof T];

/** Messages out of a stream of bytes. A length is held against its limit before a byte of the body is waited for. */
export class MessageStream<T extends Types> {
  readonly #types: readonly MessageType<string, unknown>[];
  readonly #queue = new ByteQueue();
  #header: Header | undefined;

  /** @param types those that are taken. */
  constructor(types: T) {
    this.#types = Object.values(types);
  }

  /** Bytes that are no message yet. */
  get length(): number {
    return this.#queue.length;
  }

  /** Whether the stream may end here: between two messages. */
  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#header === undefined;
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  /**
   * The next message, if it is there as a whole.
   * @throws {TlsError} `decode_error`
   */
  next(): Message<T> | undefined {
    if (this.#header === undefined) {
      if (this.#queue.length < headerLength) return undefined;
      this.#header = decode(Header, this.#queue.take(headerLength));
    }
    const { version, type: code, id, length } = this.#header;
    if (version !== protocolVersion) throw decodeError(`version ${version} of the protocol isn't known`);
    const type = this.#types.find((candidate) => candidate.code === code);
    if (type === undefined) throw decodeError(`no message of the type ${code} is taken here`);
    if (length > type.maxLength) throw decodeError(`${type.name} has ${type.maxLength} bytes at most, not ${length}`);
    if (this.#queue.length < length) return undefined;
    this.#header = undefined;
    const value = decode(type.body, this.#queue.take(length));
    // The value was read by the codec of the very type that stands beside its name.
    return { name: type.name, id, value } as Message<T>;
  }

  clear(): void {
    this.#queue.clear();
    this.#header = undefined;
  }
}
