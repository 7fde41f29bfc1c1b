/**
 * Where the record layer gets its buffers, each of the length that is asked for and nobody else's. A runtime may know of a
 * quicker way than one filled with zeros: what a caller gets of a buffer has been written to.
 */
export type Allocate = (length: number) => Uint8Array<ArrayBuffer>;

export const newBuffer: Allocate = (length) => new Uint8Array(length);
