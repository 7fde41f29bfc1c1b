import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, type ThrowawayPki, throwawayPki } from "@tlskit/testing";
import { ServerContext, type ServerOptions, TlsServer } from "@tlskit/tls";
import type { ByteStream } from "../../src/transport.ts";

export const host = "server.example";
/** When everything happens. */
export const now = Date.UTC(2026, 5, 1, 12);

let pki: ThrowawayPki | undefined;

/** One PKI for a file's tests. */
export function sharedPki(): ThrowawayPki {
  pki ??= throwawayPki(nodeProvider, seededRandom(1), host, now, { keyTypes: ["P-256", "rsaEncryption"] });
  return pki;
}

/** What a server's connection is told of, and can do. */
export interface ServerEnd {
  send(bytes: Uint8Array): void;
  close(): void;
  /** Ends the stream without a close_notify. */
  cut(): void;
}

/** What a server of ours does besides its handshakes. */
export interface Behaviour {
  /** Asked with whatever a client says. */
  readonly answer?: ((said: Uint8Array, server: ServerEnd) => void) | undefined;
  readonly early?: ((said: Uint8Array, server: ServerEnd) => void) | undefined;
}

export function serverContext(options: Partial<ServerOptions> = {}): ServerContext {
  return new ServerContext({
    provider: nodeProvider,
    random: seededRandom(2),
    clock: () => now,
    certificates: sharedPki().certificates,
    ...options,
  });
}

/** A connection to a server of ours, in memory. */
export function connectionTo(context: ServerContext, { answer, early }: Behaviour = {}): ByteStream {
  const [client, server] = streams();
  const writer = server.writable.getWriter();
  const cut = (): void => void writer.close().catch(() => {});
  const end: ServerEnd = { send: (bytes) => tls.send(bytes), close: () => tls.close(), cut };
  const tls = new TlsServer(context, {
    ciphertext: (bytes) => void writer.write(bytes).catch(() => {}),
    plaintext: (bytes) => answer?.(bytes, end),
    earlyPlaintext: early === undefined ? undefined : (bytes) => early(bytes, end),
    ended: () => tls.close(),
    closed: cut,
  });
  tls.start();
  void (async () => {
    for await (const bytes of server.readable) tls.receive(bytes);
    tls.receiveEnd();
  })().catch(() => {});
  return client;
}

/** A connection whose other end does what it is told, raw. */
export function rawConnection(act: (server: ByteStream) => void): ByteStream {
  const [client, server] = streams();
  act(server);
  return client;
}

/** Both ends of a connection. */
function streams(): readonly [ByteStream, ByteStream] {
  const [up, down] = [pipe(), pipe()];
  return [
    { readable: down.readable, writable: up.writable },
    { readable: up.readable, writable: down.writable },
  ];
}

function pipe(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream(undefined, { highWaterMark: 64 }, { highWaterMark: 64 });
}
