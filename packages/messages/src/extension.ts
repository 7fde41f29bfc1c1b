import {
  Alert,
  type Codec,
  decode,
  decodeError,
  enumeration,
  explained,
  mapped,
  peerError,
  prefixed,
  rest,
  uint16,
} from "@tlskit/wire";
import { describeExtension } from "./extensions.ts";

/** A kind of extension in one kind of message: its code point and what its data is. */
export interface ExtensionType<T> {
  readonly name: string;
  readonly code: number;
  readonly data: Codec<T>;
}

/** An extension as it stands in a message. Make one with {@link extension}, read one with {@link extensionIn}. */
export interface Extension {
  readonly code: number;
  /** What the description of this code point in this message gives; bytes where there is no description. */
  readonly value: unknown;
}

/** An extension whose data was not looked into. */
export interface RawExtension {
  readonly code: number;
  readonly data: Uint8Array;
}

/** A message that has extensions, or has left out the very field. */
export interface HasExtensions<E extends Extension | RawExtension = Extension | RawExtension> {
  readonly extensions: readonly E[] | undefined;
}

/** An extension to be sent. */
export function extension<T>(type: ExtensionType<T>, value: T): Extension {
  return { code: type.code, value };
}

/**
 * A message's extension of a type, decoded, or `undefined`.
 * @throws {TlsError} `decode_error`, only if the message's extensions are raw: then this one is decoded here.
 */
export function extensionIn<T>(message: HasExtensions, type: ExtensionType<T>): T | undefined {
  const found = message.extensions?.find(({ code }) => code === type.code);
  if (found === undefined) return undefined;
  if ("data" in found) return decode({ ...type.data, type: type.name }, found.data);
  // The message's decoder read this code point with this type's codec: both are from the same message's table.
  return found.value as T;
}

/** The code points of a message's extensions, in order. */
export function extensionCodes(message: HasExtensions): readonly number[] {
  return (message.extensions ?? []).map(({ code }) => code);
}

const extensionType = enumeration("ExtensionType", 2);

/**
 * `Extension extensions<min..2^16-1>`: what is described in `types` is decoded, everything else is bytes.
 * RFC 9846 §4.3#no-duplicates, RFC 5246 §7.4.1.4#no-duplicates: no type twice. Each description takes up its data to the last byte
 * (RFC 9846 §4.3#trailing-data-checked, §4.3#no-trailing-data-sent).
 */
export function extensions(types: readonly ExtensionType<unknown>[], min: number = 0): Codec<readonly Extension[]> {
  const described = new Map(types.map((type) => [type.code, prefixed(type.data, 0, 0xffff)]));
  const undescribed = prefixed(rest, 0, 0xffff);
  const dataOf = (code: number): Codec<unknown> => described.get(code) ?? undescribed;
  const list: Codec<readonly Extension[]> = {
    type: `Extension<${min}..65535>`,
    read: (reader, name) =>
      explained(reader, name, list.type, () => {
        const length = uint16.read(reader, "length");
        if (length < min) throw decodeError(`at least ${min} bytes expected, got ${length}`);
        const inner = reader.sub(length);
        const read: Extension[] = [];
        const seen = new Set<number>();
        while (inner.remaining > 0) {
          read.push(
            explained(inner, String(read.length), "Extension", () => {
              const code = extensionType.read(inner, "extensionType");
              inner.notes?.identify(inner.notes.nameOf("ExtensionType", code) ?? describeExtension(code));
              if (seen.has(code)) {
                throw peerError("duplicate_extension", Alert.decodeError, `${describeExtension(code)} comes twice`);
              }
              seen.add(code);
              return { code, value: dataOf(code).read(inner, "extensionData") };
            }),
          );
        }
        return read;
      }),
    write: (writer, value) => {
      writer.vector(2, (inner) => {
        for (const { code, value: data } of value) {
          extensionType.write(inner, code);
          dataOf(code).write(inner, data);
        }
      });
    },
  };
  return list;
}

/**
 * As {@link extensions}, for messages of earlier versions that may leave out the very field (RFC 5246 §7.4.1.2#format,
 * RFC 9846 §4.2.2#older-extensions).
 */
export function extensionsIfAny(types: readonly ExtensionType<unknown>[]): Codec<readonly Extension[] | undefined> {
  const present = extensions(types);
  return {
    type: present.type,
    read: (reader, name) => (reader.remaining === 0 ? undefined : present.read(reader, name)),
    write: (writer, value) => {
      if (value !== undefined) present.write(writer, value);
    },
  };
}

const nothingDescribed = extensionsIfAny([]);

/** As {@link extensionsIfAny}, with nothing described: no type twice all the same. */
export const rawExtensionsIfAny: Codec<readonly RawExtension[] | undefined> = mapped(nothingDescribed, {
  // Where nothing is described each value is bytes.
  read: (list) => list?.map(({ code, value }) => ({ code, data: value as Uint8Array })),
  write: (list) => list?.map(({ code, data }) => ({ code, value: data })),
});
