import { printable, toHex } from "./bytes.ts";
import { callerError, TlsError } from "./error.ts";
import { Explainer, type Explanation, type Notes, type ValueNames, Whereabouts } from "./explanation.ts";
import { decodeError, Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/**
 * One description of a structure on the wire; from it come the encoder, the decoder and the explanation.
 * Codecs hold no policy: what a peer may send where is for the protocol to say. What makes them is marked for bundlers,
 * which keep descriptions otherwise that a program makes no use of.
 */
export interface Codec<T> {
  /** The type's name in the presentation language (RFC 9846 §3). */
  readonly type: string;
  /** Reads a value, under `name` in the reader's notes if it has any. */
  read(reader: Reader, name: string): T;
  write(writer: Writer, value: T): void;
}

/** The type that a codec reads. */
export type Decoded<C> = C extends Codec<infer T> ? T : never;

/**
 * Decodes a whole byte string.
 * @throws {TlsError} `decode_error`, also when bytes are left over; its message begins with the path to the field:
 * `ClientHello.extensions[3] key_share.extensionData[0].keyExchange: 32 bytes expected, 5 left`
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    return readWhole(codec, new Reader(bytes));
  } catch (error) {
    throw error instanceof TlsError ? withPath(error, codec, bytes) : error;
  }
}

function readWhole<T>(codec: Codec<T>, reader: Reader): T {
  const value = codec.read(reader, codec.type);
  reader.end();
  return value;
}

/** Reads again what could not be decoded, to see where that fails: so it costs nothing where nothing does. */
function withPath(error: TlsError, codec: Codec<unknown>, bytes: Uint8Array): TlsError {
  const whereabouts = new Whereabouts();
  try {
    readWhole(codec, new Reader(bytes, whereabouts));
  } catch {
    // It is the failure that is known already.
  }
  return error.within(whereabouts.path || codec.type);
}

/**
 * Encodes a value.
 * @throws {TlsError} `out_of_range` (the caller's fault) if it doesn't fit its description.
 */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish();
}

/**
 * Explains a byte string, as far as it can be decoded: what can't is a last part, `undecoded`, that says why.
 * @param names of values of enumerations whose descriptions have none.
 */
export function explain(codec: Codec<unknown>, bytes: Uint8Array, names?: ValueNames): Explanation {
  const explainer = new Explainer(names);
  const reader = new Reader(bytes, explainer);
  let failure: string | undefined;
  explainer.enter(codec.type, codec.type, 0);
  try {
    readWhole(codec, reader);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const whole = explainer.finish(bytes.length, failure);
  const [inner] = whole.parts;
  if (inner?.end !== bytes.length) return whole;
  return failure === undefined ? inner : { ...inner, meaning: failure };
}

/** Reads something that has parts. Costs nothing when nobody asked for an explanation. */
export function explained<T>(
  reader: Reader,
  name: string,
  type: string,
  read: (reader: Reader) => T,
  meaning?: (value: T) => string | undefined,
): T {
  const { notes } = reader;
  if (notes === undefined) return read(reader);
  notes.enter(name, type, reader.offset);
  const value = read(reader);
  notes.leave(reader.offset, meaning && (() => meaning(value)));
  return value;
}

function uint(
  type: string,
  read: (reader: Reader) => number,
  write: (writer: Writer, value: number) => void,
): Codec<number> {
  return {
    type,
    read: (reader, name) => explained(reader, name, type, read, String),
    write,
  };
}

/** A number of one byte. */
export const uint8: Codec<number> = uint(
  "uint8",
  (reader) => reader.u8(),
  (writer, value) => writer.u8(value),
);
/** A number of two bytes. */
export const uint16: Codec<number> = uint(
  "uint16",
  (reader) => reader.u16(),
  (writer, value) => writer.u16(value),
);
/** A number of three bytes. */
export const uint24: Codec<number> = uint(
  "uint24",
  (reader) => reader.u24(),
  (writer, value) => writer.u24(value),
);
/** A number of four bytes. */
export const uint32: Codec<number> = uint(
  "uint32",
  (reader) => reader.u32(),
  (writer, value) => writer.u32(value),
);
/** A number of eight bytes. */
export const uint64: Codec<bigint> = {
  type: "uint64",
  read: (reader, name) => explained(reader, name, "uint64", (from) => from.u64(), String),
  write: (writer, value) => writer.u64(value),
};

/**
 * A number whose values have names; one without a name is passed through.
 * @param nameOf the names, where they are few; others are for whoever explains to know ({@link ValueNames}).
 */
// @__NO_SIDE_EFFECTS__
export function enumeration(type: string, size: 1 | 2, nameOf?: (value: number) => string | undefined): Codec<number> {
  const hex = (value: number): string => `0x${value.toString(16).padStart(size * 2, "0")}`;
  const read = (reader: Reader): number => (size === 1 ? reader.u8() : reader.u16());
  const meaning = (value: number, notes: Notes | undefined): string =>
    `${nameOf?.(value) ?? notes?.nameOf(type, value) ?? "unknown"} (${hex(value)})`;
  return {
    type,
    read: (reader, name) => explained(reader, name, type, read, (value) => meaning(value, reader.notes)),
    write: (writer, value) => (size === 1 ? writer.u8(value) : writer.u16(value)),
  };
}

/** `opaque name[length]`: so many bytes. */
// @__NO_SIDE_EFFECTS__
export function opaque(length: number): Codec<Uint8Array> {
  const type = `opaque[${length}]`;
  const read = (reader: Reader): Uint8Array => reader.bytes(length);
  return {
    type,
    read: (reader, name) => explained(reader, name, type, read, shortHex),
    write: (writer, value) => {
      if (value.length !== length) {
        throw callerError("out_of_range", `${type} takes ${length} bytes, got ${value.length}`);
      }
      writer.bytes(value);
    },
  };
}

/** All bytes up to the end of what encloses them. */
export const rest: Codec<Uint8Array> = {
  type: "opaque",
  read: (reader, name) => explained(reader, name, "opaque", (from) => from.rest(), shortHex),
  write: (writer, value) => writer.bytes(value),
};

/** How many bytes the length of a vector of up to `max` bytes takes (RFC 9846 §3.4). */
function lengthSize(max: number): 1 | 2 | 3 {
  return max < 0x100 ? 1 : max < 0x1_0000 ? 2 : 3;
}

/** A vector's bounds, in bytes. */
interface Bounds {
  readonly type: string;
  readonly min: number;
  readonly max: number;
}

/** Reads a length, and what is behind it. */
function behindLength<T>(bounds: Bounds, content: (inner: Reader) => T): (reader: Reader) => T {
  const length = uints[lengthSize(bounds.max)];
  return (reader) => {
    const bytes = length.read(reader, "length");
    if (bytes < bounds.min || bytes > bounds.max) {
      throw decodeError(`${bounds.min} to ${bounds.max} bytes expected, got ${bytes}`);
    }
    return content(reader.sub(bytes));
  };
}

const uints = { 1: uint8, 2: uint16, 3: uint24 } as const;

function writeVector(writer: Writer, bounds: Bounds, content: (writer: Writer) => void): void {
  checkBounds(bounds, writer.vector(lengthSize(bounds.max), content));
}

function checkBounds({ type, min, max }: Bounds, length: number): void {
  if (length < min || length > max) {
    throw callerError("out_of_range", `${type} takes ${min} to ${max} bytes, got ${length}`);
  }
}

/** `opaque name<min..max>`: bytes behind their length. */
// @__NO_SIDE_EFFECTS__
export function opaqueVector(min: number, max: number): Codec<Uint8Array> {
  const bounds: Bounds = { type: `opaque<${min}..${max}>`, min, max };
  const length = uints[lengthSize(max)];
  const read = behindLength(bounds, (inner) => {
    const { notes, offset } = inner;
    const bytes = inner.rest();
    if (bytes.length > 0) {
      notes?.enter("bytes", "opaque", offset);
      notes?.leave(inner.offset, () => shortHex(bytes));
    }
    return bytes;
  });
  return {
    type: bounds.type,
    read: (reader, name) => explained(reader, name, bounds.type, read),
    write: (writer, value) => {
      checkBounds(bounds, value.length);
      length.write(writer, value.length);
      writer.bytes(value);
    },
  };
}

/** `T name<min..max>`: items one behind the other, as many as fill the length. */
// @__NO_SIDE_EFFECTS__
export function vector<T>(item: Codec<T>, min: number, max: number): Codec<readonly T[]> {
  const bounds: Bounds = { type: `${item.type}<${min}..${max}>`, min, max };
  const read = behindLength(bounds, (inner) => {
    const items: T[] = [];
    while (inner.remaining > 0) items.push(item.read(inner, String(items.length)));
    return items;
  });
  return {
    type: bounds.type,
    read: (reader, name) => explained(reader, name, bounds.type, read),
    write: (writer, items) =>
      writeVector(writer, bounds, (inner) => {
        for (const value of items) item.write(inner, value);
      }),
  };
}

/** A structure behind its length: a vector that holds just one value. */
// @__NO_SIDE_EFFECTS__
export function prefixed<T>(content: Codec<T>, min: number, max: number): Codec<T> {
  const bounds: Bounds = { type: content.type, min, max };
  const read = behindLength(bounds, (inner) => {
    const value = content.read(inner, content.type);
    inner.end();
    return value;
  });
  return {
    type: content.type,
    read: (reader, name) => explained(reader, name, content.type, read),
    write: (writer, value) => writeVector(writer, bounds, (inner) => content.write(inner, value)),
  };
}

/** The codecs of a structure's fields, in the order of the wire. */
export type Fields<T> = { readonly [Name in keyof T]-?: Codec<T[Name]> };

/** `struct { … } Type`: named fields, one behind the other. */
// @__NO_SIDE_EFFECTS__
export function struct<T extends object>(type: string, fields: Fields<T>): Codec<T> {
  const list: (readonly [Extract<keyof T, string>, Codec<unknown>])[] = [];
  for (const field in fields) list.push([field, fields[field]]);
  const read = (reader: Reader): T => {
    const value: Partial<Record<keyof T, unknown>> = {};
    for (const [field, codec] of list) value[field] = codec.read(reader, field);
    // Every field that T names has been read by the codec of its type.
    return value as T;
  };
  return {
    type,
    read: (reader, name) => explained(reader, name, type, read),
    write: (writer, value) => {
      for (const [field, codec] of list) codec.write(writer, value[field]);
    },
  };
}

/** Nothing: a structure without fields. */
export const empty: Codec<null> = {
  type: "empty",
  read: () => null,
  write: () => {},
};

/** A codec's value in another form. */
// @__NO_SIDE_EFFECTS__
export function mapped<Wire, T>(
  codec: Codec<Wire>,
  map: {
    readonly read: (wire: Wire) => T;
    readonly write: (value: T) => Wire;
    readonly meaning?: (value: T) => string;
  },
): Codec<T> {
  return {
    type: codec.type,
    read: (reader, name) => {
      const value = map.read(codec.read(reader, name));
      const { meaning } = map;
      if (meaning !== undefined) reader.notes?.annotate(() => meaning(value));
      return value;
    },
    write: (writer, value) => codec.write(writer, map.write(value)),
  };
}

/** The first bytes in hexadecimal digits, and how many there are in all. */
function shortHex(bytes: Uint8Array): string {
  const shown = bytes.length > 32 ? `${toHex(bytes.subarray(0, 32))}… (${bytes.length} bytes)` : toHex(bytes);
  return shown;
}

/** What a peer sent as text, for a meaning: ASCII, with everything else escaped. */
export function textMeaning(bytes: Uint8Array): string {
  return JSON.stringify(printable(bytes));
}
