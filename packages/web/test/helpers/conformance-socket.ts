import type { TransportSocket } from "@tlskit/testing";
import type { TlsSocket } from "../../src/index.ts";

/** A socket as the suite for transports sees it. */
export function conformanceSocket(socket: TlsSocket<{ readonly alpnProtocol: string | undefined }>): TransportSocket {
  const reader = socket.readable.getReader();
  const writer = socket.writable.getWriter();
  for (const promise of [reader.closed, writer.closed]) promise.catch(() => undefined);
  return {
    alpnProtocol: socket.info?.alpnProtocol,
    write: (data) => writer.write(data),
    read: async () => (await reader.read()).value,
    end: () => writer.close(),
    destroy: () => void socket.close(),
  };
}
