import { Socket } from "node:net";
import { maxSpareBuffers, spareBufferLength } from "./limits.ts";

/** Bytes up to which memory filled with zeros costs less than memory that isn't. */
const shortLength = 2048;

/** Bytes from which a buffer for records is one that is used again and again. */
const spareFrom = 8192;

/** Buffers for records that have gone. */
const spare: ArrayBuffer[] = [];

/**
 * Where connections write. Fresh memory takes longer than sealing what is written to it, and collecting it takes longer
 * still: longer buffers aren't filled with zeros first, and what is sealed needs no memory of its own. Short records share
 * Node's pool, as Buffers do.
 */
export function allocate(length: number, use: "records" | "content"): Uint8Array<ArrayBuffer> {
  return use === "content" ? ownMemory(length) : memoryForRecords(length);
}

function ownMemory(length: number): Uint8Array<ArrayBuffer> {
  return length <= shortLength ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function memoryForRecords(length: number): Uint8Array<ArrayBuffer> {
  if (length > spareBufferLength) return ownMemory(length);
  if (length >= spareFrom) {
    return new Uint8Array(spare.pop() ?? Buffer.allocUnsafeSlow(spareBufferLength).buffer, 0, length);
  }
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/**
 * What a raw stream is to call when it has written these records, so that their buffer can be used again; nothing if it
 * can't. A socket of the system has copied them by then, where another Duplex may have handed them on.
 */
export function reuse(raw: unknown, { buffer }: Uint8Array): ((error?: Error | null) => void) | undefined {
  if (!(raw instanceof Socket) || !(buffer instanceof ArrayBuffer) || buffer.byteLength !== spareBufferLength) {
    return undefined;
  }
  return (error) => {
    // Of what was not written nobody knows whether the system still reads it.
    if (!error && spare.length < maxSpareBuffers) spare.push(buffer);
  };
}
