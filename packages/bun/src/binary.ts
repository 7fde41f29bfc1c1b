import { type Expectation, expectation } from "@tlskit/wire/arguments";

/** Bytes as Bun takes them. */
export type Binary = ArrayBufferView | ArrayBufferLike;

export const someBytes: Expectation = expectation(
  "an ArrayBuffer or a view of one",
  (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
);

export function bytesOf(binary: Binary): Uint8Array {
  return ArrayBuffer.isView(binary)
    ? new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength)
    : new Uint8Array(binary);
}
