/** What a buffer is for: records that are to be sent, or what is in records that have come. */
export type BufferUse = "records" | "content";

/**
 * Where the record layer gets its buffers, each of the length that is asked for and nobody else's. A runtime may know of a
 * quicker way than memory filled with zeros: what a caller gets of a buffer has been written to. It may also use a
 * buffer for records again, once they have gone.
 */
export type Allocate = (length: number, use: BufferUse) => Uint8Array<ArrayBuffer>;

export const newBuffer: Allocate = (length) => new Uint8Array(length);
