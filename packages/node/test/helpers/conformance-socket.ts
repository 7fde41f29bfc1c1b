import { once } from "node:events";
import { finished } from "node:stream/promises";
import type { TransportSocket } from "@tlskit/testing";
import type { TlsSocket } from "../../src/index.ts";

/** An AbortController, its method bound. */
function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** A TlsSocket as the suite for transports sees it. */
export function conformanceSocket(socket: TlsSocket): TransportSocket {
  socket.on("error", () => undefined);
  // Errors that nobody waits for are seen by the next call.
  finished(socket).catch(() => undefined);
  return {
    get alpnProtocol() {
      return socket.alpnProtocol === false ? undefined : socket.alpnProtocol;
    },
    async write(data) {
      // A Duplex takes a write after its end for a reason to destroy itself.
      if (socket.writableEnded) throw new Error("the socket was ended");
      await new Promise<void>((resolve, reject) => {
        socket.write(data, (error) => (error ? reject(error) : resolve()));
      });
    },
    async read() {
      for (;;) {
        if (socket.errored !== null) throw socket.errored;
        const data: unknown = socket.read();
        if (data instanceof Uint8Array) return data;
        if (socket.readableEnded) return undefined;
        if (socket.destroyed) throw socket.errored ?? new Error("the socket was destroyed");
        const { signal, abort } = abortable();
        await Promise.race(
          ["readable", "end", "close"].map((event) => once(socket, event, { signal }).catch(() => [])),
        );
        abort();
      }
    },
    async end() {
      if (socket.writableEnded) return;
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.end(() => {
          socket.off("error", reject);
          resolve();
        });
      });
    },
    destroy() {
      socket.destroy();
    },
  };
}
