import { once } from "node:events";
import type { Duplex } from "node:stream";

/** Writes a chunk again and again, waiting whenever the stream says so; gives the bytes written. */
export async function pour(socket: Duplex, chunk: Uint8Array, goesOn: () => boolean): Promise<number> {
  let sent = 0;
  while (goesOn()) {
    sent += chunk.length;
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  return sent;
}

/** A peer that goes away in the middle is no news here, nor is what it sends. */
export function discard(socket: Duplex): void {
  socket.on("error", () => undefined);
  socket.resume();
}
