import type { ClientHttp2Session, connect } from "node:http2";
import type { Socket } from "node:net";
import { adoptSession } from "../http/http2-session.ts";
import { TlsSocket } from "../tls-socket.ts";

/**
 * `http2.connect` for sessions over our sockets, whoever opened them. Node takes them for streams that are there already: its
 * session would say that it is connected before the server is verified, and know nothing of TLS.
 */
export function connectOverTlsSockets(connectByNode: typeof connect): typeof connect {
  return (...given: readonly unknown[]): ClientHttp2Session => {
    const session: ClientHttp2Session = Reflect.apply(connectByNode, undefined, given);
    // What Node makes of a stream that isn't the system's has it in `stream`.
    const socket: unknown = Reflect.get(session.socket, "stream");
    if (socket instanceof TlsSocket) beginWhenSecure(session, socket);
    return session;
  };
}

function beginWhenSecure(session: ClientHttp2Session, socket: TlsSocket): void {
  if (!socket.secureConnecting) {
    adoptSession(session, socket);
    return;
  }
  const emit = session.emit.bind(session);
  let waiting: readonly [session: ClientHttp2Session, socket: Socket] | undefined;
  session.emit = (event: string | symbol, ...args: readonly unknown[]): boolean => {
    if (event !== "connect") return Reflect.apply(emit, undefined, [event, ...args]);
    waiting = [session, session.socket as Socket];
    return false;
  };
  socket.once("secureConnect", () => {
    session.emit = emit;
    adoptSession(session, socket);
    if (waiting !== undefined) emit("connect", ...waiting);
  });
}
