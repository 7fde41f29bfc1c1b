import type { CipherSuite, NamedGroup } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  InMemoryNetwork,
  type LateTasks,
  type Link,
  type LinkOptions,
  lateProvider,
  seededRandom,
  type ThrowawayPki,
  throwawayPki,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ClientTarget,
  externalPskOffers,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { checkRevocation, type RevocationChecks } from "@tlskit/x509";
import { Recorder } from "./under-test.ts";

/** What comes along with certificates is asked for, and looked at. */
export const whenAvailable: RevocationChecks = checkRevocation({ mode: "when_available", certificates: "chain" });

export const host = "server.example";
/** When everything happens. */
export const now = Date.UTC(2026, 5, 1, 12);
export const alpnProtocols = ["h2", "http/1.1"];

export const providers = { noble: nobleProvider, node: nodeProvider } as const;

const allKeyTypes = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"] as const;
let pki: ThrowawayPki | undefined;

/** One PKI for a file's tests, with a certificate of each type: made by node:crypto, since that is quick. */
export function sharedPki(): ThrowawayPki {
  pki ??= throwawayPki(nodeProvider, seededRandom(1), host, now, { keyTypes: allKeyTypes });
  return pki;
}

/** How a pair of connections is to be. */
export interface PairOptions {
  readonly provider?: CryptoProvider;
  readonly seed?: number;
  readonly cipherSuites?: readonly CipherSuite[];
  readonly namedGroups?: readonly NamedGroup[];
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly link?: LinkOptions;
  readonly tasks?: LateTasks;
  readonly host?: string;
  readonly target?: Partial<ClientTarget>;
}

/** A client and a server, wired, not started. */
export interface Pair {
  readonly network: InMemoryNetwork;
  readonly link: Link;
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly atClient: Recorder<ClientInfo>;
  readonly atServer: Recorder<ServerInfo>;
  readonly clientKeyLog: string[];
  readonly serverKeyLog: string[];
}

/** A client and a server over a simulated link. Each has its own randomness, as two machines have. */
export function pair(options: PairOptions = {}): Pair {
  const network = new InMemoryNetwork({ now, ...(options.tasks === undefined ? {} : { tasks: options.tasks }) });
  const link = network.link(options.link);
  const seed = options.seed ?? 7;
  const plain = options.provider ?? nodeProvider;
  const provider = options.tasks === undefined ? plain : lateProvider(plain, options.tasks);
  const clientKeyLog: string[] = [];
  const serverKeyLog: string[] = [];
  const common = {
    provider,
    clock: network.clock,
    cipherSuites: options.cipherSuites,
    namedGroups: options.namedGroups,
  };
  const clientContext = new ClientContext({
    resumption,
    externalPskOffers,
    ...common,
    random: seededRandom(seed),
    anchors: sharedPki().anchors,
    revocation: whenAvailable,
    keyLog: (line) => clientKeyLog.push(line),
    ...options.client,
  });
  const serverContext = new ServerContext({
    ...common,
    random: seededRandom(seed + 1000),
    certificates: sharedPki().certificates.slice(0, 1),
    keyLog: (line) => serverKeyLog.push(line),
    ...options.server,
  });
  const atClient = new Recorder<ClientInfo>(link.left.write, link.left.end);
  const atServer = new Recorder<ServerInfo>(link.right.write, link.right.end);
  const client = new TlsClient(clientContext, { host: options.host ?? host, ...options.target }, atClient);
  const server = new TlsServer(serverContext, atServer);
  link.left.attach(client);
  link.right.attach(server);
  return { network, link, client, server, atClient, atServer, clientKeyLog, serverKeyLog };
}

/** Starts both and runs the world until it is quiet. */
export function connect(made: Pair): Pair {
  made.server.start();
  made.client.start();
  made.network.run();
  return made;
}

let clients: ThrowawayPki | undefined;

/** Whose certificates clients show: other authorities than the servers', with a certificate of each type. */
export function clientPki(): ThrowawayPki {
  clients ??= throwawayPki(nodeProvider, seededRandom(2), "client.example", now, {
    keyTypes: allKeyTypes,
    purpose: "clientAuth",
  });
  return clients;
}
