import {
  Alert,
  type Codec,
  decode,
  type Explanation,
  explain,
  peerError,
  prefixed,
  struct,
  type TlsError,
  Writer,
} from "@tlskit/wire";
import { describeHandshakeType, handshakeType } from "./handshake-type.ts";
import { valueNames } from "./value-names.ts";

/** A kind of handshake message: its code and what its body is. */
export interface MessageType<T, Name extends string = string> {
  /** The RFC's name of the structure: `ServerHello`. */
  readonly name: Name;
  readonly code: number;
  readonly body: Codec<T>;
  /** Bytes of a body at most, by its syntax: a header that announces more is refused before the rest is read. */
  readonly maxLength: number;
  /** For kinds that share a code (HelloRetryRequest is a ServerHello): whether a body is one of this kind. */
  readonly matches?: (body: Uint8Array) => boolean;
}

/** Bytes of a handshake message's header: type and length. */
export const handshakeHeaderLength = 4;

/** A handshake message with its header. */
export function encodeMessage<T>(type: MessageType<T>, message: T): Uint8Array {
  const writer = new Writer();
  writer.u8(type.code);
  writer.vector(3, (body) => type.body.write(body, message));
  return writer.finish();
}

/**
 * Decodes a whole message, header included, which is known to be of this type.
 * @throws {TlsError} `decode_error`
 */
export function decodeMessage<T>(type: MessageType<T>, message: Uint8Array): T {
  return decode(type.body, message.subarray(handshakeHeaderLength));
}

/** The first of some types that a message is of, or nothing. */
export function typeOfMessage<T extends MessageType<unknown>>(types: readonly T[], message: Uint8Array): T | undefined {
  return types.find(
    (type) => type.code === message[0] && (type.matches?.(message.subarray(handshakeHeaderLength)) ?? true),
  );
}

/** A message with its header as one description: what explains it. */
function whole<T>(type: MessageType<T>): Codec<{ readonly msgType: number; readonly body: T }> {
  return struct<{ readonly msgType: number; readonly body: T }>(type.name, {
    msgType: handshakeType,
    body: prefixed(type.body, 0, 0xff_ffff),
  });
}

/** Explains a message, header included. */
export function explainMessage(type: MessageType<unknown>, message: Uint8Array): Explanation {
  return explain(whole(type), message, valueNames);
}

/** RFC 9846 §4#order-checked, §4.7.3#before-finished: a message that has no place where it came. */
export function unexpectedMessage(code: number, expected: readonly MessageType<unknown>[]): TlsError {
  const names = expected.map(({ name }) => name).join(" or ");
  return peerError(
    "unexpected_message",
    Alert.unexpectedMessage,
    `${describeHandshakeType(code)} came where ${names === "" ? "no handshake message" : names} was expected`,
  );
}
