import type { ConnectionHandlers } from "@tlskit/tls";
import { HandlersInUse } from "../../src/handlers.ts";
import type { RawEvents } from "../../src/runtime.ts";
import type { SocketInfo } from "../../src/socket-info.ts";
import { TlsSocket } from "../../src/tls-socket.ts";
import { ScriptedRaw } from "./scripted-raw.ts";

/** A socket over a connection that does nothing but answer what comes, and over a socket that is scripted. */
export function overConnection(answer: (handlers: ConnectionHandlers<SocketInfo>) => void): {
  readonly events: RawEvents;
  readonly raw: ScriptedRaw;
} {
  const nothing = (): void => {};
  const socket = new TlsSocket<undefined>({
    role: "client",
    handlers: new HandlersInUse({}),
    data: undefined,
    allowHalfOpen: false,
    acceptTruncation: false,
    open: (handlers) => ({
      channelBinding: () => new Uint8Array(0),
      checkDeadline: nothing,
      close: nothing,
      deadline: undefined,
      discard: nothing,
      exportKeyingMaterial: () => new Uint8Array(0),
      finished: undefined,
      receive: () => answer(handlers),
      receiveEnd: nothing,
      recordSize: 0,
      release: nothing,
      send: nothing,
      start: nothing,
      unread: 0,
      unsent: 0,
      updateKeys: nothing,
    }),
  });
  const raw = new ScriptedRaw();
  const events = TlsSocket.rawEvents(socket);
  events.open(raw);
  return { events, raw };
}
