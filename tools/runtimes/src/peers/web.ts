import { RotatingTicketKeys, SealedTickets } from "@tlskit/sessions";
import type {
  Attempt,
  ClientPeer,
  ClientWishes,
  OpenPeers,
  PeersInfo,
  PeersSocket,
  PeersVersion,
  PemIdentity,
  ServerPeer,
  ServerWishes,
  Wire,
} from "@tlskit/testing";
import {
  type CertificateWithKey,
  type ClientInfo,
  type CryptoProvider,
  callerError,
  certificatesFromPem,
  ownCertificates,
  postHandshakeAuthentication,
  privateKeyFromPem,
  resumption,
  type ServerInfo,
  type TlsVersion,
  tls12,
  tls13,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import type { ServerTlsSocket } from "@tlskit/web";
import {
  accept,
  type ByteStream,
  connect,
  createClientContext,
  createServerContext,
  type TlsSocket,
} from "@tlskit/web";
import { concat } from "@tlskit/wire";
import { Queue } from "./queue.ts";

/** A connection beneath TLS, both ends of it. */
export interface StreamPair {
  readonly client: ByteStream;
  readonly server: ByteStream;
  cut(): void;
}

/** `@tlskit/web` over streams. */
export function webPeers(
  provider: CryptoProvider,
  open: (wire: Wire | undefined) => StreamPair | Promise<StreamPair>,
): OpenPeers {
  return async ({ client, server }) => {
    const connect = await webClient(provider, client);
    const accept = await webServer(provider, server);
    return {
      connect: ({ wire, ...attempt } = {}) => {
        const streams = Promise.resolve(open(wire));
        return {
          client: streams.then((pair) => connect(pair.client, attempt)),
          server: streams.then((pair) => accept(pair.server)),
          cut: () => void streams.then(({ cut }) => cut()),
        };
      },
      close: async () => {},
    };
  };
}

/** What connects over a stream, to whoever is there. */
export async function webClient(
  provider: CryptoProvider,
  wishes: ClientWishes,
): Promise<(stream: ByteStream, attempt?: Pick<Attempt, "session" | "earlyData">) => Promise<ClientPeer>> {
  const context = await createClientContext({ provider, ...clientOptions(wishes, provider) });
  return async (stream, { session, earlyData } = {}) => {
    const sessions = new Queue<Uint8Array>();
    const outcomes = new Queue<"accepted" | "rejected">();
    const socket = connect(stream, context, {
      host: wishes.host,
      session,
      keepSession: (bytes) => sessions.put(bytes),
      earlyData: earlyData && {
        replayable: earlyData,
        outcome: (outcome) => outcomes.put(outcome === "accepted" ? "accepted" : "rejected"),
      },
    });
    const peer = new WebClient(socket, sessions, outcomes);
    await socket.opened;
    return peer;
  };
}

/** What serves over a stream. */
export async function webServer(
  provider: CryptoProvider,
  wishes: ServerWishes,
): Promise<(stream: ByteStream) => Promise<ServerPeer>> {
  const context = await createServerContext({ provider, ...serverOptions(wishes, provider) });
  return async (stream) => {
    const early: Uint8Array[] = [];
    const takes = wishes.earlyData === undefined ? {} : { earlyData: (bytes: Uint8Array) => void early.push(bytes) };
    const socket = accept(stream, context, takes);
    const peer = new WebServer(socket, early);
    await socket.opened;
    return peer;
  };
}

const versionValues: Readonly<Record<PeersVersion, TlsVersion>> = { "TLS 1.3": tls13, "TLS 1.2": tls12 };

function identityOf({ certificates, key }: PemIdentity, provider: CryptoProvider): CertificateWithKey {
  const chain = certificatesFromPem(certificates).certificates;
  // WebCrypto derives no public keys at once.
  return { chain, key: privateKeyFromPem(key, { provider, publicKey: chain[0]?.subjectPublicKeyInfo }) };
}

function clientOptions(
  { authorities, version, alpnProtocols, identity, postHandshakeAuth, handshakeTimeout }: ClientWishes,
  provider: CryptoProvider,
): Parameters<typeof createClientContext>[0] {
  return {
    anchors: trustAnchorsFromPem(authorities),
    versions: version && [versionValues[version]],
    alpnProtocols,
    certificates: identity && ownCertificates([identityOf(identity, provider)]),
    postHandshakeAuth: postHandshakeAuth === true ? postHandshakeAuthentication : undefined,
    resumption,
    handshakeTimeout,
  };
}

function serverOptions(
  { identity, version, alpnProtocols, clients, resumption: resumes, earlyData, handshakeTimeout }: ServerWishes,
  provider: CryptoProvider,
): Parameters<typeof createServerContext>[0] {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  return {
    certificates: [identityOf(identity, provider)],
    versions: version && [versionValues[version]],
    alpnProtocols,
    clientCertificates: clients && { demand: clients.demand, anchors: trustAnchorsFromPem(clients.authorities) },
    tickets: resumes
      ? new SealedTickets({ provider, random, keys: new RotatingTicketKeys({ random, clock: Date.now }) })
      : undefined,
    earlyData: earlyData && { maxSize: 1000, guard: { admit: () => earlyData === "taken" } },
    handshakeTimeout,
  };
}

class WebPeer<Info extends ClientInfo | ServerInfo> implements PeersSocket {
  readonly #socket: TlsSocket<Info>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(socket: TlsSocket<Info>) {
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
  }

  get info(): PeersInfo {
    const { info } = this.#socket;
    if (info === undefined) throw callerError("not_established", "the handshake isn't done");
    return info;
  }

  get alpnProtocol(): string | undefined {
    return this.info.alpnProtocol;
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#socket.exportKeyingMaterial(label, context, length);
  }

  channelBinding(): Uint8Array {
    return this.#socket.channelBinding("tls-exporter");
  }

  updateKeys(request: boolean): void {
    this.#socket.updateKeys(request);
  }

  async write(data: Uint8Array): Promise<void> {
    await this.#writer.write(data);
  }

  async read(): Promise<Uint8Array | undefined> {
    // workerd has a value behind the end, too.
    const { done, value } = await this.#reader.read();
    return done ? undefined : value;
  }

  async end(): Promise<void> {
    await this.#writer.close();
  }

  destroy(): void {
    this.#socket.close();
  }
}

class WebClient extends WebPeer<ClientInfo> implements ClientPeer {
  readonly #sessions: Queue<Uint8Array>;
  readonly #outcomes: Queue<"accepted" | "rejected">;

  constructor(socket: TlsSocket<ClientInfo>, sessions: Queue<Uint8Array>, outcomes: Queue<"accepted" | "rejected">) {
    super(socket);
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

class WebServer extends WebPeer<ServerInfo> implements ServerPeer {
  readonly #socket: ServerTlsSocket;
  readonly #early: readonly Uint8Array[];

  constructor(socket: ServerTlsSocket, early: readonly Uint8Array[]) {
    super(socket);
    this.#socket = socket;
    this.#early = early;
  }

  get earlyData(): Uint8Array {
    return concat(...this.#early);
  }

  async requestClientCertificate(): Promise<void> {
    await this.#socket.requestClientCertificate();
  }
}
