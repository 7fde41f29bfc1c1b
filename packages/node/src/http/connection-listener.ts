import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import { TlsError } from "@tlskit/tls";

/**
 * Takes from one of Node's servers for HTTP the listener that makes HTTP of its connections: it is to get them when they
 * are secure. Node's own servers for HTTPS share that listener with those for HTTP in just this way.
 * @throws {TlsError} `unsupported_runtime` in a Node that does it otherwise: its server would speak HTTP in the clear
 */
export function takeConnectionListener(server: Server): (this: Server, socket: Duplex) => void {
  const listeners = server.listeners("connection");
  const [listener] = listeners;
  if (listener === undefined || listeners.length !== 1) {
    throw new TlsError("internal", "unsupported_runtime", "this Node's HTTP servers get connections in another way");
  }
  server.removeAllListeners("connection");
  // Any Duplex may be given to it, says Node's documentation of the event, which types don't.
  return listener as (this: Server, socket: Duplex) => void;
}
