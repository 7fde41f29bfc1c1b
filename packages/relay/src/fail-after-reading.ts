import type { Socket } from "node:net";
import { lastWordsTime } from "./limits.ts";

/** What the system says of a write to a peer that has closed the connection. */
const peerIsGone: ReadonlySet<unknown> = new Set(["ECONNABORTED", "ECONNRESET", "EPIPE"]);

/**
 * Has a socket tell that its peer has gone only when what came from it before has been read: a write learns of it first, and
 * a socket that is destroyed for it gives nothing any more, not even the alert that tells a page why.
 */
export function failAfterReading(socket: Socket): void {
  const { _write, _writev } = socket;
  socket._write = (chunk, encoding, written) =>
    _write.call(socket, chunk, encoding, (error) => tellLater(socket, written, error));
  if (_writev !== undefined) {
    socket._writev = (chunks, written) => _writev.call(socket, chunks, (error) => tellLater(socket, written, error));
  }
}

function tellLater(
  socket: Socket,
  written: (error?: Error | null) => void,
  error: NodeJS.ErrnoException | null = null,
): void {
  if (!peerIsGone.has(error?.code) || socket.readableEnded || socket.destroyed) {
    written(error);
    return;
  }
  const allRead = (): void => {
    clearTimeout(timer);
    socket.off("end", allRead);
    socket.off("close", allRead);
    written(error);
  };
  const timer = setTimeout(allRead, lastWordsTime);
  socket.prependListener("end", allRead);
  socket.prependListener("close", allRead);
}
