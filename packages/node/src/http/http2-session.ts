import { type ClientHttp2Session, constants, type Http2Session, type Http2Stream } from "node:http2";
import { Socket as PlainSocket } from "node:net";
import { Alert, peerError } from "@tlskit/tls";
import { TlsSocket } from "../tls-socket.ts";
import { setFraming } from "./whole-message.ts";

/**
 * Tells a session that runs over a TlsSocket, and the requests in it, what a session of `node:tls` is told; and the
 * socket, which streams the peer has begun and not ended.
 *
 * Node wraps a stream that isn't the system's, and its sessions and requests see the wrapper alone. What is set on
 * `session.socket` is, by Node's documentation of that object, set on what it stands for: the wrapper.
 */
export function adoptSession(session: Http2Session, socket: TlsSocket): void {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily } = socket;
  const wrapper: object = session.socket;
  // What net.Socket has its addresses from: it would ask the wrapper's handle, which knows none.
  Reflect.set(wrapper, "_getpeername", () => ({ address: remoteAddress, port: remotePort, family: remoteFamily }));
  Reflect.set(wrapper, "_getsockname", () => ({ address: localAddress, port: localPort, family: localFamily }));
  for (const [name, value] of factsOf(socket)) Reflect.set(wrapper, name, value);
  // Node looked before it could know.
  Object.defineProperty(session, "encrypted", { value: true, configurable: true });
  Object.defineProperty(session, "alpnProtocol", { value: socket.alpnProtocol, configurable: true });
  watchStreams(session, socket);
  refuseWeakSuite(session, socket);
}

/** RFC 9113 §9.2.2, Appendix A: in TLS 1.2 no suite without ephemeral keys and an AEAD. There are none unless `versions` says so. */
function refuseWeakSuite(session: Http2Session, { info }: TlsSocket): void {
  if (info === undefined || !("protection" in info.cipherSuite)) return;
  const { name, keyExchange, protection } = info.cipherSuite;
  if (protection.type === "AEAD" && /^(?:EC)?DHE/.test(keyExchange)) return;
  const error = peerError("inadequate_security", Alert.insufficientSecurity, `HTTP/2 isn't spoken with ${name}`);
  session.destroy(error, constants.NGHTTP2_INADEQUATE_SECURITY);
}

/** What a TlsSocket has and no plain socket does; methods stay its own. */
function* factsOf(socket: TlsSocket): Generator<[string, unknown]> {
  for (const name of ["encrypted", "servername", "alpnProtocol", ...Object.getOwnPropertyNames(TlsSocket.prototype)]) {
    if (name in PlainSocket.prototype) continue;
    const value: unknown = Reflect.get(socket, name);
    yield [name, typeof value === "function" ? value.bind(socket) : value];
  }
}

/**
 * A stream that the peer hasn't ended is cut off with the connection, and Node ends it then as if it were whole. So the
 * end of a connection is orderly, without a close_notify, only where there is no such stream (RFC 9113 §5.1).
 */
function watchStreams(session: Http2Session, socket: TlsSocket): void {
  const open = new Set<Http2Stream>();
  const watch = <Stream extends Http2Stream>(stream: Stream): Stream => {
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    return stream;
  };
  session.on("stream", watch);
  if (isClient(session)) {
    const request = session.request.bind(session);
    session.request = (...args) => watch(request(...args));
  }
  setFraming(socket, {
    receivesWhole: () => [...open].every((stream) => stream.closed || stream.state.remoteClose === 1),
    // A session ends its socket before it destroys it.
    sendsWhole: () => false,
  });
}

function isClient(session: Http2Session): session is ClientHttp2Session {
  return "request" in session;
}
