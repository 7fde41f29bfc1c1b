import { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { HandshakeType } from "@tlskit/messages";
import {
  InMemoryNetwork,
  instantStep,
  messageStep,
  RecordType,
  type Script,
  ScriptedTls12Client,
  type ScriptedTls12ClientOptions,
  type ScriptedTls12Peer,
  ScriptedTls12Server,
  type ScriptedTls12ServerOptions,
  type Step,
  seededRandom,
  step,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ClientTarget,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
  tls12,
} from "@tlskit/tls";
import type { Play, Verdict } from "./orders.ts";
import { Recorder } from "./under-test.ts";
import { host, now, sharedPki, whenAvailable } from "./world.ts";

const cipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

/** A message that is not part of the handshake's transcript, or that has no right place at all. */
function uncounted<P extends ScriptedTls12Peer>(name: string, code: number, ...body: readonly number[]): Script<P> {
  return [
    step(name, function* (peer) {
      peer.queueUncounted(Uint8Array.of(code, 0, 0, body.length, ...body));
      yield* peer.flush();
    }),
  ];
}

/** Behind it everything is sent under the new keys, if there are any. */
const changeCipherSpec: Script<ScriptedTls12Peer> = [
  step("change_cipher_spec", function* (peer) {
    yield* peer.flush();
    peer.unprotected(RecordType.changeCipherSpec, Uint8Array.of(1));
    yield* peer.useKeys();
  }),
];

const flush: Step<ScriptedTls12Peer> = step("flush", (peer) => peer.flush());

/** What neither sends in TLS 1.2. */
const ofTls13 = {
  EndOfEarlyData: uncounted("EndOfEarlyData", HandshakeType.endOfEarlyData),
  EncryptedExtensions: uncounted("EncryptedExtensions", HandshakeType.encryptedExtensions, 0, 0),
  KeyUpdate: uncounted("KeyUpdate", HandshakeType.keyUpdate, 0),
  MessageHash: uncounted("MessageHash", HandshakeType.messageHash),
} as const;

/** What a server might send. */
export const serverAlphabet12: Readonly<Record<string, Script<ScriptedTls12Server>>> = {
  ServerHello: [
    messageStep("ServerHello", (server) => server.serverHello()),
    instantStep("main secret", (server) => {
      if (server.resumes) server.goOnWithSession();
    }),
    flush,
  ],
  Certificate: [messageStep("Certificate", (server) => server.certificateMessage()), flush],
  CertificateStatus: [messageStep("CertificateStatus", (server) => server.certificateStatus()), flush],
  ServerKeyExchange: [messageStep("ServerKeyExchange", (server) => server.serverKeyExchange()), flush],
  CertificateRequest: [messageStep("CertificateRequest", (server) => server.certificateRequest()), flush],
  ServerHelloDone: [messageStep("ServerHelloDone", (server) => server.serverHelloDone()), flush],
  NewSessionTicket: [messageStep("NewSessionTicket", (server) => server.newSessionTicket()), flush],
  ChangeCipherSpec: changeCipherSpec,
  Finished: [messageStep("Finished", (server) => server.finished()), flush],
  HelloRequest: uncounted("HelloRequest", HandshakeType.helloRequest),
  ClientHello: uncounted("ClientHello", HandshakeType.clientHello),
  ClientKeyExchange: uncounted("ClientKeyExchange", HandshakeType.clientKeyExchange, 1, 4),
  CertificateVerify: uncounted("CertificateVerify", HandshakeType.certificateVerify, 4, 3, 0, 0),
  ...ofTls13,
};

/** What a client might send. A ClientHello behind the first is the same again, and counts no more. */
export const clientAlphabet12: Readonly<Record<string, Script<ScriptedTls12Client>>> = {
  ClientHello: [
    step("ClientHello", function* (client) {
      if (client.hello.length === 0) client.queue(client.clientHello());
      else client.queueUncounted(client.hello);
      yield* client.flush();
    }),
  ],
  Certificate: [messageStep("Certificate", (client) => client.certificateMessage()), flush],
  EmptyCertificate: [messageStep("EmptyCertificate", (client) => client.emptyCertificate()), flush],
  ClientKeyExchange: [
    messageStep("ClientKeyExchange", (client) => client.clientKeyExchange()),
    instantStep("main secret", (client) => client.useMainSecret()),
    flush,
  ],
  CertificateVerify: [messageStep("CertificateVerify", (client) => client.certificateVerify()), flush],
  ChangeCipherSpec: changeCipherSpec,
  Finished: [messageStep("Finished", (client) => client.finished()), flush],
  HelloRequest: uncounted("HelloRequest", HandshakeType.helloRequest),
  ServerHello: uncounted("ServerHello", HandshakeType.serverHello),
  ServerKeyExchange: uncounted("ServerKeyExchange", HandshakeType.serverKeyExchange),
  CertificateRequest: uncounted("CertificateRequest", HandshakeType.certificateRequest, 1, 64, 0, 2, 4, 3, 0, 0),
  CertificateStatus: uncounted("CertificateStatus", HandshakeType.certificateStatus, 1, 0, 0, 1, 1),
  ServerHelloDone: uncounted("ServerHelloDone", HandshakeType.serverHelloDone),
  NewSessionTicket: uncounted("NewSessionTicket", HandshakeType.newSessionTicket, 0, 0, 0, 9, 0, 1, 7),
  ...ofTls13,
};

function verdictOf(recorder: Recorder<ClientInfo> | Recorder<ServerInfo>): Verdict {
  if (recorder.error !== undefined) return "refused";
  return recorder.info === undefined ? "underway" : "established";
}

/** A client of ours and a server that sends what it is told; `prepare` says what its ServerHello announces. */
export function play12Server(
  options: {
    readonly client?: Partial<ClientOptions>;
    readonly target?: Partial<ClientTarget>;
    readonly server?: Partial<ScriptedTls12ServerOptions>;
  } = {},
  prepare: (server: ScriptedTls12Server) => void = () => {},
): Play {
  const network = new InMemoryNetwork({ now });
  const { left, right } = network.link();
  const recorder = new Recorder<ClientInfo>(left.write, left.end);
  const context = new ClientContext({
    resumption,
    versions: [tls12],
    provider: nodeProvider,
    random: seededRandom(1),
    clock: network.clock,
    anchors: sharedPki().anchors,
    revocation: whenAvailable,
    ...options.client,
  });
  const client = new TlsClient(context, { host, ...options.target }, recorder);
  const server = new ScriptedTls12Server({
    provider: nodeProvider,
    random: seededRandom(2),
    ciphertext: right.write,
    pki: sharedPki(),
    cipherSuite,
    ...options.server,
  });
  prepare(server);
  left.attach(client);
  right.attach(server);
  server.start();
  client.start();
  network.run();
  return {
    send: (letter) => {
      server.perform(serverAlphabet12[letter] ?? []);
      network.run();
    },
    get verdict() {
      return verdictOf(recorder);
    },
    get records() {
      return left.written.length;
    },
  };
}

/** A server of ours and a client that sends what it is told. */
export function play12Client(
  options: { readonly server?: Partial<ServerOptions>; readonly client?: Partial<ScriptedTls12ClientOptions> } = {},
): Play {
  const network = new InMemoryNetwork({ now });
  const { left, right } = network.link();
  const recorder = new Recorder<ServerInfo>(right.write, right.end);
  const context = new ServerContext({
    versions: [tls12],
    provider: nodeProvider,
    random: seededRandom(1),
    clock: network.clock,
    certificates: sharedPki().certificates.slice(0, 1),
    ...options.server,
  });
  const server = new TlsServer(context, recorder);
  const client = new ScriptedTls12Client({
    provider: nodeProvider,
    random: seededRandom(2),
    ciphertext: left.write,
    host,
    cipherSuites: [cipherSuite],
    ...options.client,
  });
  right.attach(server);
  left.attach(client);
  server.start();
  client.start();
  network.run();
  return {
    send: (letter) => {
      client.perform(clientAlphabet12[letter] ?? []);
      network.run();
    },
    get verdict() {
      return verdictOf(recorder);
    },
    get records() {
      return right.written.length;
    },
  };
}
