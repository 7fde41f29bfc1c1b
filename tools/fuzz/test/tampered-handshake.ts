import { TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  InMemoryNetwork,
  LateTasks,
  type Link,
  lateProvider,
  type Side,
  seededRandom,
  type ThrowawayPki,
  throwawayPki,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ConnectionHandlers,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  type TlsError,
  TlsServer,
  type TraceEvent,
} from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";
import { Tamperer, type Tampering } from "./tampering.ts";

/** Everything that happens here happens then. */
export const now: number = Date.UTC(2026, 5, 1, 12);
export const host = "server.example";

let pki: ThrowawayPki | undefined;

function sharedPki(): ThrowawayPki {
  pki ??= throwawayPki(nodeProvider, seededRandom(1), host, now, {
    keyTypes: ["Ed25519"],
    authorityKeyType: "Ed25519",
  });
  return pki;
}

/** What each side sends once it takes the handshake for done. */
export const said: Readonly<Record<Side, Uint8Array>> = {
  left: asciiBytes("what the client has to say"),
  right: asciiBytes("what the server has to say"),
};

/** What a connection told its application. */
export class Witness<Info> implements ConnectionHandlers<Info> {
  info: Info | undefined;
  /** Nothing until it is over. */
  outcome: TlsError | "orderly" | undefined;
  /** Bytes that it wrote. */
  emitted = 0;
  /** Calls that came after it was over. */
  callsAfterEnd = 0;
  readonly keyLines: string[] = [];
  readonly alertsSent: number[] = [];
  steps = 0;
  readonly #data: Uint8Array[] = [];
  readonly #write: (bytes: Uint8Array) => void;
  readonly #established: () => void;

  constructor(write: (bytes: Uint8Array) => void, established: () => void) {
    this.#write = write;
    this.#established = established;
  }

  get data(): Uint8Array {
    return concat(...this.#data);
  }

  readonly ciphertext = (bytes: Uint8Array): void => {
    this.#count();
    this.emitted += bytes.length;
    this.#write(bytes);
  };

  readonly plaintext = (bytes: Uint8Array): void => {
    this.#count();
    this.#data.push(bytes.slice());
  };

  readonly established = (info: Info): void => {
    this.#count();
    this.info = info;
    this.#established();
  };

  readonly trace = (event: TraceEvent): void => {
    this.#count();
    if (event.type === "alert" && event.direction === "sent") this.alertsSent.push(event.description);
  };

  readonly closed = (error: TlsError | undefined): void => {
    this.#count();
    this.outcome = error ?? "orderly";
  };

  #count(): void {
    this.steps += 1;
    if (this.outcome !== undefined) this.callsAfterEnd += 1;
  }
}

/** How a connection went. */
export interface Course {
  readonly link: Link;
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly atClient: Witness<ClientInfo>;
  readonly atServer: Witness<ServerInfo>;
}

/** What the two sides are set up with, if not with what is quick. */
export interface CourseOptions {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  /** For providers that answer late, in an order of its own. */
  readonly late?: boolean;
}

/**
 * A client and a server with a man in the middle: both say something once they take the handshake for done, and close.
 * In the end the time for handshakes is over and the transport is lost, so that nothing is left waiting.
 */
export function tamperedHandshake(tampering: Tampering, options: CourseOptions = {}): Course {
  const tasks = options.late === true ? new LateTasks(seededRandom(9)) : undefined;
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const tamperer = new Tamperer(tampering);
  const link = network.link({ intercept: (from, bytes) => tamperer.intercept(from, bytes) });
  const common = {
    provider: tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks),
    clock: network.clock,
    cipherSuites: [TLS_CHACHA20_POLY1305_SHA256],
    namedGroups: [x25519],
    alpnProtocols: ["h2"],
  };
  const clientContext = new ClientContext({
    ...common,
    random: seededRandom(7),
    anchors: sharedPki().anchors,
    keyLog: (line) => atClient.keyLines.push(line),
    ...options.client,
  });
  const serverContext = new ServerContext({
    ...common,
    random: seededRandom(8),
    certificates: sharedPki().certificates,
    keyLog: (line) => atServer.keyLines.push(line),
    ...options.server,
  });
  const atClient = new Witness<ClientInfo>(link.left.write, () => {
    client.send(said.left);
    client.close();
  });
  const atServer = new Witness<ServerInfo>(link.right.write, () => {
    server.send(said.right);
    server.close();
  });
  const client: TlsClient = new TlsClient(clientContext, { host }, atClient);
  const server: TlsServer = new TlsServer(serverContext, atServer);
  link.left.attach(client);
  link.right.attach(server);
  server.start();
  client.start();
  network.run();
  for (const bytes of tamperer.takeHeld("left")) link.right.inject(bytes);
  for (const bytes of tamperer.takeHeld("right")) link.left.inject(bytes);
  network.run();
  network.advance(60_000);
  link.lose();
  network.run();
  return { link, client, server, atClient, atServer };
}
