/** Bytes that connections begin with which are to be joined, the same of both. */
export const tokenLength = 16;
