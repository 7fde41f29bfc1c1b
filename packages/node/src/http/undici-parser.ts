import type { Duplex } from "node:stream";

/**
 * Whether undici, Node's `fetch` too, reads a socket by HTTP/1.1: it takes a response that only the end of the connection
 * delimits for whole if the connection ends with ECONNRESET. Its parser is on the socket, under a symbol that is its own.
 */
export function isReadByUndici(socket: Duplex): boolean {
  return Object.getOwnPropertySymbols(socket).some(({ description }) => description === "parser");
}
