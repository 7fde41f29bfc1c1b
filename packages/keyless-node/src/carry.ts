import type { ConnectionHandlers } from "@tlskit/keyless";
import type { TlsSocket } from "@tlskit/node";
import { lastWordsTime } from "./limits.ts";

/** One end of the protocol, whichever. */
interface End {
  readonly deadline: number | undefined;
  readonly unread?: number;
  receive(bytes: Uint8Array): void;
  receiveEnd(): void;
  close(): void;
  checkDeadline(): void;
}

/** What the deadlines of connections are counted by: it never goes back. */
export const clock = (): number => performance.now();

/** Has a socket carry one end of the protocol, which is closed with the socket and the socket with it. */
export function carry<E extends End>(socket: TlsSocket, open: (handlers: ConnectionHandlers) => E): E {
  let timer: NodeJS.Timeout | undefined;
  let hangUp: NodeJS.Timeout | undefined;
  let corked = false;
  let full = false;

  const arm = (): void => {
    const { deadline } = end;
    if (timer !== undefined || deadline === undefined || socket.destroyed) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        end.checkDeadline();
        arm();
      },
      Math.max(0, deadline - clock()),
    );
  };
  // What waits for answers, or for a peer that doesn't read them, isn't read: it waits in the system, and at the peer.
  const flow = (): void => {
    if (full || (end.unread ?? 0) > 0) socket.pause();
    else socket.resume();
  };
  const uncork = (): void => {
    corked = false;
    socket.uncork();
    arm();
  };

  const end = open({
    bytes: (bytes) => {
      // What is sent in one go is one record.
      if (!corked) {
        corked = true;
        socket.cork();
        process.nextTick(uncork);
      }
      if (!socket.write(bytes) && !full) {
        full = true;
        flow();
      }
    },
    closed: (error) => {
      clearTimeout(timer);
      if (error !== undefined) {
        socket.destroy(error);
        return;
      }
      socket.end(() => socket.destroy());
      // A peer that reads nothing doesn't read an end either.
      hangUp = setTimeout(() => socket.destroy(), lastWordsTime);
    },
    drained: flow,
  });

  socket.on("drain", () => {
    full = false;
    flow();
  });
  socket.on("data", (chunk: Buffer) => {
    end.receive(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    if (socket.destroyed) return;
    arm();
    flow();
  });
  socket.on("end", () => end.receiveEnd());
  socket.on("close", () => {
    end.close();
    clearTimeout(timer);
    clearTimeout(hangUp);
  });
  return end;
}
