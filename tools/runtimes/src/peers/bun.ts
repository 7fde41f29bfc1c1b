import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import {
  connect,
  createClientContext,
  createServerContext,
  listen,
  type SocketHandler,
  type TlsSocket,
} from "@tlskit/bun";
import type {
  Attempt,
  ClientPeer,
  ClientWishes,
  OpenPeers,
  PeersInfo,
  PeersSocket,
  PeersVersion,
  ServerPeer,
  ServerWishes,
  Wire,
} from "@tlskit/testing";
import { callerError, type TlsVersion, tls12, tls13, trustAnchorsFromPem } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { Queue } from "./queue.ts";

const hostname = "127.0.0.1";

/** `@tlskit/bun` over TCP, with something in the middle that can be cut. */
export const bunPeers: OpenPeers = async ({ client, server }) => {
  const connectTo = bunClient(client);
  const serve = bunServer(server);
  return {
    connect: ({ wire, ...attempt } = {}) => {
      const listening = serve();
      const middle = listeningMiddle(listening.port, wire);
      return {
        client: middle.then(({ port }) => connectTo(port, attempt)),
        server: listening.next().finally(() => listening.close()),
        cut: () => void middle.then(({ cut }) => cut()),
      };
    },
    close: async () => {},
  };
};

/** A client, for any number of connections to ports of this machine. */
export function bunClient(wishes: ClientWishes): (port: number, attempt?: Attempt) => Promise<ClientPeer> {
  const context = createClientContext(clientOptions(wishes));
  return async (port, { session, earlyData } = {}) => {
    const peer = new BunClient();
    const tls = {
      context,
      serverName: wishes.host,
      ...(session && { session }),
      ...(earlyData && { earlyData: { replayable: earlyData, outcome: peer.outcome } }),
    };
    await connect<BunPeer>({ hostname, port, tls, allowHalfOpen: true, socket: { ...handlers, open }, data: peer });
    return peer;
  };
}

/** What listens on a port of this machine. */
interface Listening {
  readonly port: number;
  /** The next connection, when its handshake is done; fails with what ended that. */
  next(): Promise<ServerPeer>;
  close(): void;
}

/** A server, which listens as often as it is asked to. */
export function bunServer(wishes: ServerWishes): () => Listening {
  const context = createServerContext(serverOptions(wishes));
  return () => {
    const accepted = new Queue<BunServer>();
    const listener = listen<BunPeer>({
      hostname,
      port: 0,
      allowHalfOpen: true,
      tls: { context },
      socket: {
        ...handlers,
        open: (socket) => {
          const peer = new BunServer();
          socket.data = peer;
          open(socket);
          accepted.put(peer);
        },
        handshake: (socket, success, error) => (socket.data as BunServer).shaken(success, error), // so `open` has made it
        // Early data is taken where there is a handler for it.
        ...(wishes.earlyData && { earlyData: (socket, data) => (socket.data as BunServer).cameEarly(data) }),
      },
    });
    return {
      port: listener.port ?? 0,
      next: async () => (await accepted.take()).established,
      close: () => listener.stop(),
    };
  };
}

interface Middle {
  readonly port: number;
  cut(): void;
}

/** What connects whoever comes, once, to a port, and changes the bytes in between. */
async function listeningMiddle(to: number, wire: Wire = (_from, bytes) => bytes): Promise<Middle> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    server.close();
    const upstream = connectTcp({ host: hostname, port: to, allowHalfOpen: true, noDelay: true });
    sockets.push(client, upstream);
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      // What the one is told, the other is.
      socket.on("close", () => sockets.forEach((other) => void other.destroy()));
    }
    client.pipe(changed((bytes) => wire("client", bytes))).pipe(upstream);
    upstream.pipe(changed((bytes) => wire("server", bytes))).pipe(client);
  });
  server.listen(0, hostname);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  return { port, cut: () => sockets.forEach((socket) => void socket.destroy()) };
}

function changed(change: (bytes: Uint8Array) => Uint8Array): Transform {
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      const bytes = change(new Uint8Array(chunk));
      done(null, bytes.length === 0 ? undefined : bytes);
    },
  });
}

const versionValues: Readonly<Record<PeersVersion, TlsVersion>> = { "TLS 1.3": tls13, "TLS 1.2": tls12 };

function clientOptions({
  authorities,
  version,
  alpnProtocols,
  identity,
  postHandshakeAuth,
  handshakeTimeout,
}: ClientWishes): Parameters<typeof createClientContext>[0] {
  return {
    ca: authorities,
    versions: version && [versionValues[version]],
    alpnProtocols,
    ...(identity && { cert: identity.certificates, key: identity.key }),
    postHandshakeAuth,
    handshakeTimeout,
  };
}

function serverOptions({
  identity,
  version,
  alpnProtocols,
  clients,
  resumption,
  earlyData,
  handshakeTimeout,
}: ServerWishes): Parameters<typeof createServerContext>[0] {
  return {
    cert: identity.certificates,
    key: identity.key,
    versions: version && [versionValues[version]],
    alpnProtocols,
    clientCertificates: clients && { demand: clients.demand, anchors: trustAnchorsFromPem(clients.authorities) },
    tickets: resumption ?? false,
    ...(earlyData && { earlyData: { maxSize: 1000, guard: { admit: () => earlyData === "taken" } } }),
    handshakeTimeout,
  };
}

/** Chunks that wait for a reader before the socket is paused. */
const mostChunks = 2;

/** The peer is the socket's `data`. */
const handlers: SocketHandler<BunPeer> = {
  data: (socket, data) => socket.data.came(data),
  drain: (socket) => socket.data.change(),
  end: (socket) => socket.data.ended(),
  // Told to whoever reads and writes, by `close`.
  error: () => undefined,
  close: (socket, error) => socket.data.closed(error),
  session: (socket, session) => socket.data.keepSession(session),
};

function open(socket: TlsSocket<BunPeer>): void {
  socket.data.of(socket);
}

class BunPeer implements PeersSocket {
  #socket: TlsSocket<BunPeer> | undefined;
  readonly #chunks: Uint8Array[] = [];
  #hasEnded = false;
  #closed: { readonly error: Error | undefined } | undefined;
  #changed = Promise.withResolvers<void>();

  of(socket: TlsSocket<BunPeer>): void {
    this.#socket = socket;
  }

  came(data: Uint8Array): void {
    this.#chunks.push(new Uint8Array(data));
    if (this.#chunks.length >= mostChunks) this.socket.pause();
    this.change();
  }

  ended(): void {
    this.#hasEnded = true;
    this.change();
  }

  closed(error: Error | undefined): void {
    this.#closed = { error };
    this.change();
  }

  protected get socket(): TlsSocket<BunPeer> {
    if (this.#socket === undefined) throw callerError("not_established", "the handshake isn't done");
    return this.#socket;
  }

  keepSession(_session: Uint8Array): void {}

  get info(): PeersInfo {
    const { info } = this.socket;
    if (info === undefined) throw callerError("not_established", "the handshake isn't done");
    return info;
  }

  get alpnProtocol(): string | undefined {
    return this.info.alpnProtocol;
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return new Uint8Array(this.socket.exportKeyingMaterial(length, label, context));
  }

  channelBinding(): Uint8Array {
    return this.socket.channelBinding("tls-exporter");
  }

  updateKeys(request: boolean): void {
    this.socket.updateKeys(request);
  }

  async write(data: Uint8Array): Promise<void> {
    let written = 0;
    do {
      const taken = this.socket.write(data, written);
      if (taken < 0) throw this.#closed?.error ?? callerError("closed", "the socket takes nothing any more");
      written += taken;
      if (written < data.length) await this.#changed.promise;
    } while (written < data.length);
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (this.#chunks.length < mostChunks) this.#socket?.resume();
      if (chunk !== undefined) return chunk;
      if (this.#hasEnded) return undefined;
      if (this.#closed !== undefined) throw this.#closed.error ?? callerError("closed", "the socket is closed");
      await this.#changed.promise;
    }
  }

  async end(): Promise<void> {
    this.socket.end();
  }

  destroy(): void {
    this.#socket?.close();
  }

  /** For whoever waits. */
  change(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }
}

class BunClient extends BunPeer implements ClientPeer {
  readonly #sessions = new Queue<Uint8Array>();
  readonly #outcomes = new Queue<"accepted" | "rejected">();

  override keepSession(session: Uint8Array): void {
    this.#sessions.put(session);
  }

  readonly outcome = (outcome: string): void => this.#outcomes.put(outcome === "accepted" ? "accepted" : "rejected");

  session(): Promise<Uint8Array> {
    return this.#sessions.take();
  }

  earlyData(): Promise<"accepted" | "rejected"> {
    return this.#outcomes.take();
  }
}

class BunServer extends BunPeer implements ServerPeer {
  readonly #early: Uint8Array[] = [];
  readonly #shaken = Promise.withResolvers<ServerPeer>();
  /** Kept when the handshake is done. */
  readonly established: Promise<ServerPeer> = this.#shaken.promise;

  shaken(success: boolean, error: Error | null): void {
    if (success) this.#shaken.resolve(this);
    else this.#shaken.reject(error);
  }

  cameEarly(data: Uint8Array): void {
    this.#early.push(new Uint8Array(data));
  }

  get earlyData(): Uint8Array {
    return concat(...this.#early);
  }

  async requestClientCertificate(): Promise<void> {
    await this.socket.requestClientCertificate();
  }
}
