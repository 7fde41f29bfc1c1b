/** For runtimes that can connect and not listen: they connect twice, and somebody joins the two. */
import type { Socket } from "node:net";

/** Bytes that connections begin with which are to be joined, the same of both. */
export const tokenLength = 16;

/** What a TCP server does with its connections: joins those that begin with the same bytes. */
export function joiner(): (socket: Socket) => void {
  const waiting = new Map<string, Socket>();
  return (socket) => {
    socket.once("readable", () => {
      const token = String(socket.read(tokenLength));
      const other = waiting.get(token);
      if (other === undefined) {
        waiting.set(token, socket);
        return;
      }
      waiting.delete(token);
      for (const [from, to] of [
        [socket, other],
        [other, socket],
      ] as const) {
        from.pipe(to);
        from.on("close", () => to.destroySoon());
      }
    });
  };
}
