import { concat } from "@tlskit/wire";

function u32(littleEndian: boolean, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [at, value] of values.entries()) view.setUint32(4 * at, value, littleEndian);
  return new Uint8Array(view.buffer);
}

function u16(littleEndian: boolean, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  for (const [at, value] of values.entries()) view.setUint16(2 * at, value, littleEndian);
  return new Uint8Array(view.buffer);
}

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(-bytes.length & 3));

/** A block of a type, with its two lengths (draft-ietf-opsawg-pcapng §3.1). */
export function block(littleEndian: boolean, type: number, body: Uint8Array): Uint8Array {
  const length = u32(littleEndian, 12 + padded(body).length);
  return concat(u32(littleEndian, type), length, padded(body), length);
}

export function sectionHeader(littleEndian: boolean, version = 1): Uint8Array {
  const body = concat(
    u32(littleEndian, 0x1a2b3c4d),
    u16(littleEndian, version, 0),
    u32(littleEndian, 0xffff_ffff, 0xffff_ffff),
  );
  return block(littleEndian, 0x0a0d0d0a, body);
}

export function interfaceDescription(
  littleEndian: boolean,
  described: {
    readonly linkType: number;
    readonly snapLength?: number;
    readonly options?: readonly (readonly [number, Uint8Array])[];
  },
): Uint8Array {
  const { linkType, snapLength = 0, options = [] } = described;
  const written = options.flatMap(([code, value]) => [u16(littleEndian, code, value.length), padded(value)]);
  const end = options.length === 0 ? [] : [u16(littleEndian, 0, 0)];
  return block(
    littleEndian,
    1,
    concat(u16(littleEndian, linkType, 0), u32(littleEndian, snapLength), ...written, ...end),
  );
}

/** @param time in the interface's unit. */
export function enhancedPacket(littleEndian: boolean, captured: number, time: bigint, bytes: Uint8Array): Uint8Array {
  const [high, low] = [Number(time >> 32n), Number(time & 0xffff_ffffn)];
  return block(littleEndian, 6, concat(u32(littleEndian, captured, high, low, bytes.length, bytes.length), bytes));
}

export function simplePacket(littleEndian: boolean, originalLength: number, bytes: Uint8Array): Uint8Array {
  return block(littleEndian, 3, concat(u32(littleEndian, originalLength), bytes));
}

/** Secrets of a type: 0x544c534b is a TLS key log. */
export function secrets(littleEndian: boolean, type: number, bytes: Uint8Array): Uint8Array {
  return block(littleEndian, 10, concat(u32(littleEndian, type, bytes.length), bytes));
}
