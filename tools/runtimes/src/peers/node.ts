import { once } from "node:events";
import type { Socket } from "node:net";
import { finished } from "node:stream/promises";
import {
  accept,
  type ConnectOptions,
  connect,
  createClientContext,
  createServerContext,
  type TlsSocket,
} from "@tlskit/node";
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
} from "@tlskit/testing";
import { callerError, trustAnchorsFromPem } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { Queue } from "./queue.ts";
import { tcpPair } from "./tcp.ts";

/** `@tlskit/node` over TCP, wherever there is Node's `net`. */
export const nodePeers: OpenPeers = async ({ client, server }) => {
  const [connect, accept] = [nodeClient(client), nodeServer(server)];
  return {
    connect: ({ wire, ...attempt } = {}) => {
      const tcp = tcpPair(wire);
      return {
        client: tcp.then(({ client: socket }) => connect(socket, attempt)),
        server: tcp.then(({ server: socket }) => accept(socket)),
        cut: () => void tcp.then(({ cut }) => cut()),
      };
    },
    close: async () => {},
  };
};

/** What connects over a TCP connection, to whoever is there. */
export function nodeClient(
  wishes: ClientWishes,
): (socket: Socket, attempt?: Pick<Attempt, "session" | "earlyData">) => Promise<ClientPeer> {
  const context = createClientContext(clientOptions(wishes));
  return async (socket, { session, earlyData } = {}) => {
    const outcomes = new Queue<"accepted" | "rejected">();
    const early: Partial<ConnectOptions> =
      earlyData === undefined
        ? {}
        : {
            earlyData: {
              replayable: earlyData,
              outcome: (outcome) => outcomes.put(outcome === "accepted" ? "accepted" : "rejected"),
            },
          };
    const resumed = session === undefined ? {} : { session };
    const tls = connect({ socket, host: wishes.host, context, allowHalfOpen: true, ...resumed, ...early });
    const peer = new NodeClient(tls, outcomes);
    await tls.established;
    return peer;
  };
}

/** What serves over a TCP connection. */
export function nodeServer(wishes: ServerWishes): (socket: Socket) => Promise<ServerPeer> {
  const context = createServerContext(serverOptions(wishes));
  return async (socket) => {
    const tls = accept(socket, { context, allowHalfOpen: true });
    const peer = new NodeServer(tls, wishes.earlyData !== undefined);
    await tls.established;
    return peer;
  };
}

const minAndMax: Readonly<Record<PeersVersion, "TLSv1.3" | "TLSv1.2">> = { "TLS 1.3": "TLSv1.3", "TLS 1.2": "TLSv1.2" };

function versionOf(version: PeersVersion | undefined): Pick<ConnectOptions, "minVersion" | "maxVersion"> {
  return version === undefined ? {} : { minVersion: minAndMax[version], maxVersion: minAndMax[version] };
}

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
}: ServerWishes): Parameters<typeof createServerContext>[0] {
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

class NodePeer implements PeersSocket {
  protected readonly socket: TlsSocket;

  constructor(socket: TlsSocket) {
    this.socket = socket;
    // Errors that nobody waits for are seen by the next call.
    socket.on("error", () => undefined);
    finished(socket).catch(() => undefined);
  }

  get info(): PeersInfo {
    const { info } = this.socket;
    if (info === undefined) throw callerError("not_established", "the handshake isn't done");
    return info;
  }

  get alpnProtocol(): string | undefined {
    return this.info.alpnProtocol;
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.socket.exportKeyingMaterial(length, label, context);
  }

  channelBinding(): Uint8Array {
    return this.socket.channelBinding("tls-exporter");
  }

  updateKeys(request: boolean): void {
    this.socket.updateKeys(request);
  }

  async write(data: Uint8Array): Promise<void> {
    const { socket } = this;
    // A Duplex takes a write after its end for a reason to destroy itself.
    if (socket.writableEnded) throw callerError("ended", "the socket was ended");
    await new Promise<void>((resolve, reject) => {
      socket.write(data, (error) => (error ? reject(error) : resolve()));
    });
  }

  async read(): Promise<Uint8Array | undefined> {
    const { socket } = this;
    for (;;) {
      if (socket.errored !== null) throw socket.errored;
      const data: unknown = socket.read();
      if (data instanceof Uint8Array) return data;
      if (socket.readableEnded) return undefined;
      if (socket.destroyed) throw socket.errored ?? callerError("closed", "the socket was destroyed");
      const watching = new AbortController();
      const { signal } = watching;
      await Promise.race(["readable", "end", "close"].map((event) => once(socket, event, { signal }).catch(() => [])));
      watching.abort();
    }
  }

  async end(): Promise<void> {
    const { socket } = this;
    if (socket.writableEnded) return;
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.end(() => {
        socket.off("error", reject);
        resolve();
      });
    });
  }

  destroy(): void {
    this.socket.destroy();
  }
}

class NodeClient extends NodePeer implements ClientPeer {
  readonly #sessions = new Queue<Uint8Array>();
  readonly #outcomes: Queue<"accepted" | "rejected">;

  constructor(socket: TlsSocket, outcomes: Queue<"accepted" | "rejected">) {
    super(socket);
    this.#outcomes = outcomes;
    socket.on("session", (bytes: Uint8Array) => this.#sessions.put(bytes));
  }

  session(): Promise<Uint8Array> {
    return this.#sessions.take();
  }

  earlyData(): Promise<"accepted" | "rejected"> {
    return this.#outcomes.take();
  }
}

class NodeServer extends NodePeer implements ServerPeer {
  readonly #early: Uint8Array[] = [];

  constructor(socket: TlsSocket, takesEarlyData: boolean) {
    super(socket);
    if (takesEarlyData) socket.on("earlyData", (bytes: Uint8Array) => this.#early.push(bytes));
  }

  get earlyData(): Uint8Array {
    return concat(...this.#early);
  }

  async requestClientCertificate(): Promise<void> {
    await this.socket.requestClientCertificate();
  }
}
