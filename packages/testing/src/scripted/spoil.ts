import { concat } from "@tlskit/wire";
import { frame, type RawExtended, type RawExtension } from "./raw-messages.ts";

/** Ways to spoil a message. Each takes it with its header. */
export const spoil: {
  readonly withoutLastByte: (message: Uint8Array) => Uint8Array;
  readonly withTrailingByte: (message: Uint8Array) => Uint8Array;
  readonly withoutBody: (message: Uint8Array) => Uint8Array;
  readonly announcing: (length: number) => (message: Uint8Array) => Uint8Array;
} = {
  /** The body ends one byte early; the message's length agrees. */
  withoutLastByte: (message) => frame(message[0] ?? 0, message.subarray(4, -1)),
  /** The body has a byte too many; the message's length agrees. */
  withTrailingByte: (message) => frame(message[0] ?? 0, concat(message.subarray(4), Uint8Array.of(0))),
  withoutBody: (message) => frame(message[0] ?? 0, new Uint8Array(0)),
  /** The header announces so many bytes. */
  announcing: (length) => (message) =>
    concat(Uint8Array.of(message[0] ?? 0, length >> 16, (length >> 8) & 0xff, length & 0xff), message.subarray(4)),
};

/** How long a message can be by its syntax, in bytes without the header; more than this no header can announce. */
export const longest = {
  clientHello: 131_396,
  serverHello: 65_607,
  encryptedExtensions: 65_537,
  certificate: 0xff_ffff,
  certificateVerify: 65_539,
  finished: 64,
  newSessionTicket: 131_338,
} as const;

/** One more than what stands there. */
export function incremented(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  const index = at < 0 ? changed.length + at : at;
  changed[index] = ((changed[index] ?? 0) + 1) & 0xff;
  return changed;
}

/** A message with one more extension, at its end. */
export function withExtension<T extends RawExtended>(message: T, extension: RawExtension): T {
  return { ...message, extensions: [...message.extensions, extension] };
}

/** A message without an extension. */
export function withoutExtension<T extends RawExtended>(message: T, code: number): T {
  return { ...message, extensions: message.extensions.filter((extension) => extension.code !== code) };
}

/** A message with other data in an extension, in its place; added if it was not there. */
export function withExtensionData<T extends RawExtended>(message: T, extension: RawExtension): T {
  const present = message.extensions.some(({ code }) => code === extension.code);
  if (!present) return withExtension(message, extension);
  return {
    ...message,
    extensions: message.extensions.map((old) => (old.code === extension.code ? extension : old)),
  };
}

/** A message with an extension twice. */
export function withExtensionTwice<T extends RawExtended>(message: T, code: number): T {
  return {
    ...message,
    extensions: message.extensions.flatMap((extension) =>
      extension.code === code ? [extension, extension] : [extension],
    ),
  };
}
