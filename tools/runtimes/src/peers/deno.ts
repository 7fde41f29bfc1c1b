/// <reference types="deno" />
import {
  acceptTls,
  type ClientContextOptions,
  createClientContext,
  createServerContext,
  type ServerContextOptions,
  type ServerTlsConn,
  startTls,
  type TlsConn,
} from "@tlskit/deno";
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
import { type ClientInfo, callerError, type ServerInfo, tls12, tls13, trustAnchorsFromPem } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { Queue } from "./queue.ts";

/** `@tlskit/deno` over connections of Deno's. */
export const denoPeers: OpenPeers = async ({ client, server }) => {
  const [connect, accept] = [denoClient(client), denoServer(server)];
  return {
    connect: ({ wire, ...attempt } = {}) => {
      const tcp = tcpPair(wire);
      return {
        client: tcp.then(({ client: conn }) => connect(conn, attempt)),
        server: tcp.then(({ server: conn }) => accept(conn)),
        cut: () => void tcp.then(({ cut }) => cut()),
      };
    },
    close: async () => {},
  };
};

/** What connects over a TCP connection, to whoever is there. */
export function denoClient(
  wishes: ClientWishes,
): (conn: Deno.TcpConn, attempt?: Pick<Attempt, "session" | "earlyData">) => Promise<ClientPeer> {
  const context = createClientContext(clientOptions(wishes));
  return async (conn, { session, earlyData } = {}) => {
    const [sessions, outcomes] = [new Queue<Uint8Array>(), new Queue<"accepted" | "rejected">()];
    const tls = await startTls(conn, {
      hostname: wishes.host,
      context,
      session,
      keepSession: (bytes) => sessions.put(bytes),
      ...(earlyData && {
        earlyData: {
          replayable: earlyData,
          outcome: (outcome) => outcomes.put(outcome === "accepted" ? "accepted" : "rejected"),
        },
      }),
    });
    const peer = new DenoClient(tls, sessions, outcomes);
    await tls.handshake();
    return peer;
  };
}

/** What serves over a TCP connection. */
export function denoServer(wishes: ServerWishes): (conn: Deno.TcpConn) => Promise<ServerPeer> {
  const context = createServerContext(serverOptions(wishes));
  return async (conn) => {
    const early: Uint8Array[] = [];
    const taking = wishes.earlyData && { earlyPlaintext: (bytes: Uint8Array) => void early.push(bytes) };
    const tls = acceptTls(conn, { context, ...taking });
    const peer = new DenoServer(tls, early);
    await tls.handshake();
    return peer;
  };
}

const versions = { "TLS 1.3": [tls13], "TLS 1.2": [tls12] } as const;

function versionOf(version: PeersVersion | undefined): Pick<ClientContextOptions, "versions"> {
  return version === undefined ? {} : { versions: versions[version] };
}

function clientOptions({
  authorities,
  version,
  alpnProtocols,
  identity,
  postHandshakeAuth,
  handshakeTimeout,
}: ClientWishes): ClientContextOptions {
  return {
    caCerts: [authorities],
    ...versionOf(version),
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
  earlyData,
  handshakeTimeout,
}: ServerWishes): ServerContextOptions {
  return {
    cert: identity.certificates,
    key: identity.key,
    ...versionOf(version),
    alpnProtocols,
    ...(clients && {
      clientCertificates: { demand: clients.demand, anchors: trustAnchorsFromPem(clients.authorities) },
    }),
    ...(earlyData && { earlyData: { maxSize: 1000, guard: { admit: () => earlyData === "taken" } } }),
    handshakeTimeout,
  };
}

class DenoPeer<Info extends ClientInfo | ServerInfo> implements PeersSocket {
  protected readonly conn: TlsConn<Info>;
  readonly #buffer = new Uint8Array(64 * 1024);

  constructor(conn: TlsConn<Info>) {
    this.conn = conn;
  }

  get info(): PeersInfo {
    const { info } = this.conn;
    if (info === undefined) throw callerError("not_established", "the handshake isn't done");
    return info;
  }

  get alpnProtocol(): string | undefined {
    return this.info.alpnProtocol;
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.conn.exportKeyingMaterial(label, context, length);
  }

  channelBinding(): Uint8Array {
    return this.conn.channelBinding("tls-exporter");
  }

  updateKeys(request: boolean): void {
    this.conn.updateKeys(request);
  }

  async write(data: Uint8Array): Promise<void> {
    await this.conn.write(data);
  }

  async read(): Promise<Uint8Array | undefined> {
    const length = await this.conn.read(this.#buffer);
    return length === null ? undefined : this.#buffer.slice(0, length);
  }

  async end(): Promise<void> {
    await this.conn.closeWrite();
  }

  destroy(): void {
    this.conn.close();
  }
}

class DenoClient extends DenoPeer<ClientInfo> implements ClientPeer {
  readonly #sessions: Queue<Uint8Array>;
  readonly #outcomes: Queue<"accepted" | "rejected">;

  constructor(conn: TlsConn<ClientInfo>, sessions: Queue<Uint8Array>, outcomes: Queue<"accepted" | "rejected">) {
    super(conn);
    this.#sessions = sessions;
    this.#outcomes = outcomes;
  }

  session(): Promise<Uint8Array> {
    return this.#sessions.take();
  }

  earlyData(): Promise<"accepted" | "rejected"> {
    return this.#outcomes.take();
  }
}

class DenoServer extends DenoPeer<ServerInfo> implements ServerPeer {
  readonly #server: ServerTlsConn;
  readonly #early: readonly Uint8Array[];

  constructor(conn: ServerTlsConn, early: readonly Uint8Array[]) {
    super(conn);
    this.#server = conn;
    this.#early = early;
  }

  get earlyData(): Uint8Array {
    return concat(...this.#early);
  }

  async requestClientCertificate(): Promise<void> {
    await this.#server.requestClientCertificate();
  }
}

/** A TCP connection on this machine, both ends of it. */
interface TcpPair {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  cut(): void;
}

/** A connection, with a wire in the middle if there is one. */
async function tcpPair(wire: Wire | undefined): Promise<TcpPair> {
  const [client, atServer] = await connection();
  if (wire === undefined) return { client, server: atServer, cut: () => close(client) };
  const [toServer, server] = await connection();
  lead(atServer, toServer, (bytes) => wire("client", bytes));
  lead(toServer, atServer, (bytes) => wire("server", bytes));
  return {
    client,
    server,
    cut: () => {
      close(atServer);
      close(toServer);
    },
  };
}

async function connection(): Promise<readonly [client: Deno.TcpConn, server: Deno.TcpConn]> {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  return await Promise.all([Deno.connect({ port, hostname: "127.0.0.1" }), listener.accept()]);
}

async function lead(from: Deno.TcpConn, to: Deno.TcpConn, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
      const changed = change(buffer.slice(0, length));
      for (let at = 0; at < changed.length; ) at += await to.write(changed.subarray(at));
    }
    await to.closeWrite();
  } catch {
    close(to);
  }
}

function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It has been closed.
  }
}
