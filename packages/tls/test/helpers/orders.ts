import { secp256r1, TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { HandshakeType } from "@tlskit/messages";
import {
  InMemoryNetwork,
  messageStep,
  type Script,
  ScriptedClient,
  ScriptedServer,
  type ScriptedSession,
  type ScriptedTls13Peer,
  type Step,
  scriptedEarlyData,
  seededRandom,
  step,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { SessionRecorder } from "./fleet.ts";
import type { ResumedSession } from "./resuming-misbehaviour.ts";
import type { Recorder } from "./under-test.ts";
import { host, now, sharedPki, whenAvailable } from "./world.ts";

/** What came of a sequence of messages. */
export type Verdict = "underway" | "established" | "refused";

/** A handshake in which a scripted peer sends one message after the other, in its own record, as right as can be. */
export interface Play {
  send(letter: string): void;
  readonly verdict: Verdict;
  /** How many records the side under test has sent. */
  readonly records: number;
}

function bare(code: number, ...body: readonly number[]): Uint8Array {
  return Uint8Array.of(code, 0, 0, body.length, ...body);
}

/** A message that is not part of the handshake's transcript, or that has no right place at all. */
function uncounted<P extends ScriptedTls13Peer>(name: string, message: Uint8Array): Step<P> {
  return step(name, function* (peer) {
    peer.queueUncounted(message);
    yield* peer.flush();
  });
}

const keyUpdate = <P extends ScriptedTls13Peer>(): Step<P> =>
  step("KeyUpdate", function* (peer) {
    peer.queueUncounted(bare(HandshakeType.keyUpdate, 0));
    yield* peer.flush();
    if (peer.mainStage !== undefined) yield* peer.updateWriteKeys();
  });

const newSessionTicket = bare(HandshakeType.newSessionTicket, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0);

/** What a server might send. */
export const serverAlphabet: Readonly<Record<string, Script<ScriptedServer>>> = {
  ServerHello: [
    messageStep("ServerHello", (server) => server.serverHello()),
    step("keys", (server) => server.useHandshakeKeys()),
  ],
  HelloRetryRequest: [messageStep("HelloRetryRequest", (server) => server.helloRetryRequest(secp256r1))],
  EncryptedExtensions: [messageStep("EncryptedExtensions", (server) => server.encryptedExtensions())],
  CertificateRequest: [messageStep("CertificateRequest", (server) => server.certificateRequest())],
  Certificate: [messageStep("Certificate", (server) => server.certificateMessage())],
  CertificateVerify: [messageStep("CertificateVerify", (server) => server.certificateVerify())],
  Finished: [
    messageStep("Finished", (server) => server.finished()),
    step("keys", (server) => server.useApplicationKeys()),
  ],
  NewSessionTicket: [uncounted("NewSessionTicket", newSessionTicket)],
  KeyUpdate: [keyUpdate()],
  HelloRequest: [uncounted("HelloRequest", bare(0))],
  ClientHello: [
    step("ClientHello", function* (server) {
      server.queueUncounted(server.transcript[0] ?? bare(HandshakeType.clientHello));
      yield* server.flush();
    }),
  ],
  EndOfEarlyData: [uncounted("EndOfEarlyData", bare(HandshakeType.endOfEarlyData))],
  MessageHash: [uncounted("MessageHash", bare(HandshakeType.messageHash))],
};

/** What a client might send. */
export const clientAlphabet: Readonly<Record<string, Script<ScriptedClient>>> = {
  ClientHello: [
    messageStep("ClientHello", (client) =>
      client.firstHello === undefined ? client.clientHello() : client.secondClientHello(),
    ),
  ],
  Certificate: [messageStep("Certificate", (client) => client.emptyCertificate())],
  CertificateVerify: [uncounted("CertificateVerify", bare(HandshakeType.certificateVerify, 4, 3, 0, 0))],
  Finished: [
    messageStep("Finished", (client) => client.finished()),
    step("keys", (client) => client.useApplicationKeys()),
  ],
  EndOfEarlyData: [messageStep("EndOfEarlyData", (client) => client.endOfEarlyData())],
  KeyUpdate: [keyUpdate()],
  HelloRequest: [uncounted("HelloRequest", bare(0))],
  ServerHello: [uncounted("ServerHello", bare(HandshakeType.serverHello))],
  EncryptedExtensions: [uncounted("EncryptedExtensions", bare(HandshakeType.encryptedExtensions, 0, 0))],
  CertificateRequest: [uncounted("CertificateRequest", bare(HandshakeType.certificateRequest, 0, 0, 0))],
  NewSessionTicket: [uncounted("NewSessionTicket", newSessionTicket)],
  MessageHash: [uncounted("MessageHash", bare(HandshakeType.messageHash))],
};

const chosen = { cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519, secp256r1] };

/** A client goes over to new keys as soon as there are any; with early data, at its end. */
function keysBehind(letter: string, client: ScriptedClient): Steps<void> {
  const early = client.session?.earlyData === true;
  return early && letter !== "EndOfEarlyData" ? client.flush() : client.useHandshakeKeys();
}

function verdictOf(recorder: Recorder<ClientInfo> | Recorder<ServerInfo>): Verdict {
  if (recorder.error !== undefined) return "refused";
  return recorder.info === undefined ? "underway" : "established";
}

/** A client of ours and a server that sends what it is told. */
export function playServer(session?: ResumedSession): Play {
  const network = new InMemoryNetwork({ now });
  const { left, right } = network.link();
  const recorder = new SessionRecorder<ClientInfo>(left.write, left.end);
  const context = new ClientContext({
    resumption,
    ...chosen,
    provider: nodeProvider,
    random: seededRandom(1),
    clock: network.clock,
    anchors: sharedPki().anchors,
    revocation: whenAvailable,
    keyShareGroups: [x25519],
  });
  const client = new TlsClient(context, { host, session: session?.bytes }, recorder);
  if (session?.scripted.earlyData === true) client.sendEarly(scriptedEarlyData);
  const server = new ScriptedServer({
    provider: nodeProvider,
    random: seededRandom(2),
    ciphertext: right.write,
    pki: sharedPki(),
    session: session?.scripted,
  });
  left.attach(client);
  right.attach(server);
  server.start();
  client.start();
  network.run();
  return {
    send: (letter) => {
      server.perform(serverAlphabet[letter] ?? []);
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

/**
 * A server of ours and a client that sends what it is told; without a share, so that it is asked for one, if told; with a
 * session of the server's, and maybe early data, if it has one.
 */
export function playClient(
  withoutShare: boolean,
  resuming?: { readonly session: ScriptedSession; readonly server: Partial<ServerOptions> },
): Play {
  const network = new InMemoryNetwork({ now });
  const { left, right } = network.link();
  const recorder = new SessionRecorder<ServerInfo>(right.write, right.end);
  const context = new ServerContext({
    ...chosen,
    provider: nodeProvider,
    random: seededRandom(1),
    clock: network.clock,
    certificates: sharedPki().certificates.slice(0, 1),
    namedGroups: withoutShare ? [secp256r1] : [x25519],
    ...resuming?.server,
  });
  const server = new TlsServer(context, recorder);
  const client = new ScriptedClient({
    ...chosen,
    provider: nodeProvider,
    random: seededRandom(2),
    ciphertext: left.write,
    host,
    session: resuming?.session,
  });
  right.attach(server);
  left.attach(client);
  server.start();
  client.start();
  network.run();
  return {
    send: (letter) => {
      const early = resuming?.session.earlyData === true;
      // Early data's keys are made of the ClientHello, and of nothing that answers it.
      const earlyKeys = step("early keys", (peer: ScriptedClient) => peer.useEarlyKeys());
      client.perform([...(clientAlphabet[letter] ?? []), ...(early && letter === "ClientHello" ? [earlyKeys] : [])]);
      network.run();
      client.perform([step("keys", (peer) => keysBehind(letter, peer))]);
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
