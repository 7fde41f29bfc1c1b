import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { InMemoryNetwork, type LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import {
  ExternalPsk,
  PskClient,
  PskClientContext,
  type PskClientInfo,
  type PskClientOptions,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsServer,
  type TlsVersion,
  tls12With,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhePsk, ecdhePsk, psk, rsaPsk } from "@tlskit/tls/psk";
import { asciiBytes } from "@tlskit/wire";
import { type Edit, inTheMiddle } from "./middle12.ts";
import { Recorder } from "./under-test.ts";
import { host, now, sharedPki } from "./world.ts";

export const keyExchanges = [ecdhePsk, dhePsk, psk, rsaPsk];
export const keyOf12 = (identity: string, fill: number, length: number = 32): ExternalPsk =>
  new ExternalPsk({ identity: asciiBytes(identity), key: new Uint8Array(length).fill(fill), protocol: "TLS 1.2" });
export const ours = keyOf12("client 1", 0xa5);

/** TLS 1.2 with these suites alone. */
export function withSuites(...cipherSuites: readonly Tls12CipherSuite[]): readonly TlsVersion[] {
  return [tls12With({ cipherSuites, keyExchanges, cbc })];
}

export interface PskPairOptions {
  readonly versions?: readonly TlsVersion[];
  readonly client?: Partial<PskClientOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly tasks?: LateTasks;
  readonly middle?: { readonly client?: Edit; readonly server?: Edit };
  readonly seed?: number;
}

/** A client with pre-shared keys and a server with such and a certificate of RSA's, run until they are quiet. */
export function connectedByPsk({ versions, client = {}, server = {}, tasks, middle, seed = 1 }: PskPairOptions = {}) {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link(middle === undefined ? {} : { intercept: inTheMiddle(middle) });
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const common = {
    provider,
    clock: network.clock,
    externalPsks: [ours],
    ...(versions === undefined ? {} : { versions }),
  };
  const keyLogs: [string[], string[]] = [[], []];
  const atClient = new Recorder<PskClientInfo>(left.write, left.end);
  const atServer = new Recorder<ServerInfo>(right.write, right.end);
  const clientContext = new PskClientContext({
    resumption,
    ...common,
    random: seededRandom(seed),
    keyLog: (line) => keyLogs[0].push(line),
    ...client,
  });
  const serverContext = new ServerContext({
    ...common,
    random: seededRandom(seed + 1000),
    certificates: [sharedPki().certificateOf("rsaEncryption")],
    keyLog: (line) => keyLogs[1].push(line),
    ...server,
  });
  const clientEnd = new PskClient(clientContext, { host }, atClient);
  const serverEnd = new TlsServer(serverContext, atServer);
  left.attach(clientEnd);
  right.attach(serverEnd);
  serverEnd.start();
  clientEnd.start();
  network.run();
  return { network, client: clientEnd, server: serverEnd, atClient, atServer, keyLogs };
}

/** Data that goes both ways. */
export function exchanged({
  network,
  client,
  server,
  atClient,
  atServer,
}: ReturnType<typeof connectedByPsk>): string[] {
  client.send(asciiBytes("there"));
  server.send(asciiBytes("back"));
  network.run();
  return [atServer.text, atClient.text];
}
