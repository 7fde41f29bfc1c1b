import { Socket } from "node:net";
import { maxSpareBuffers, spareBufferLength } from "./limits.ts";

/** Bytes up to which memory filled with zeros costs less than memory that isn't. */
const shortLength = 2048;

/** Bytes from which a buffer for records is one that is used again and again. */
const spareFrom = 8192;

/** Buffers for records that have gone. */
const spare: ArrayBuffer[] = [];

/**
 * Where connections write: memory of its own, which for longer buffers isn't filled with zeros first. Fresh memory takes
 * longer than sealing what is written to it, and collecting it takes longer still.
 */
export function allocate(length: number, use: "records" | "content"): Uint8Array<ArrayBuffer> {
  if (length <= shortLength) return new Uint8Array(length);
  if (use === "content" || length < spareFrom || length > spareBufferLength) {
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  }
  return new Uint8Array(spare.pop() ?? Buffer.allocUnsafeSlow(spareBufferLength).buffer, 0, length);
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
