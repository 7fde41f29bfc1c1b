import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Somebody's TLS over TCP, both roles, set up for TLS 1.3 with one suite, X25519 and a P-256 certificate. */
export interface Implementation {
  /** Listens on a free port of the loopback address; each connection is handed over when its handshake is done. */
  serve(accept: (socket: Duplex) => void): Promise<Listening>;
  /** Answers requests under Node's own http. */
  serveHttps(listener: RequestListener): Promise<Listening>;
  /** Connects, verifies the server, and gives the socket when the handshake is done. */
  connect(port: number): Promise<Duplex>;
  /** The same over a connection that is there, with whatever group the server likes. */
  connectOver(raw: Socket): Promise<Duplex>;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  close(): void;
}
