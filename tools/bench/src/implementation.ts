import type { Duplex } from "node:stream";

/** Somebody's TLS over TCP, both roles, set up for TLS 1.3 with one suite, X25519 and a P-256 certificate. */
export interface Implementation {
  readonly name: string;
  /** Listens on a free port of the loopback address; each connection is handed over when its handshake is done. */
  serve(accept: (socket: Duplex) => void): Promise<{ readonly port: number; close(): void }>;
  /** Connects, verifies the server, and gives the socket when the handshake is done. */
  connect(port: number): Promise<Duplex>;
}

/** What every implementation is given: the same certificate, in the forms that they take. */
export interface BenchPki {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}
