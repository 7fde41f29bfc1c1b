/**
 * A source of cryptographically secure random bytes, in a new buffer at each call.
 * A test passes a seeded one; nobody else may.
 */
export type Random = (length: number) => Uint8Array;
