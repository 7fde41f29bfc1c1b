import { TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { Certificate } from "@tlskit/messages";
import { decodeClientSession, encodeClientSession, MemorySessionStore } from "@tlskit/sessions";
import {
  type earlyDataClientDeviations,
  type earlyDataServerDeviations,
  InMemoryNetwork,
  type LateTasks,
  lateProvider,
  type ScriptedSession,
  scriptedClient,
  scriptedEarlyData,
  scriptedServer,
  seededRandom,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  resumption,
  ServerContext,
  type ServerInfo,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { asciiBytes, encode } from "@tlskit/wire";
import { expect } from "vitest";
import { Fleet, SessionRecorder } from "./fleet.ts";
import type { Course } from "./misbehaviour.ts";
import { alpnProtocols, host, now, sharedPki } from "./world.ts";

const cipherSuites = [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256];
const age = 60_000;

/** How a connection with a scripted peer that resumes went. */
export interface ResumingCourse extends Course {
  readonly recorder: SessionRecorder<ClientInfo> | SessionRecorder<ServerInfo>;
}

/** A session of our client's and of the scripted server that it is to. */
export interface ResumedSession {
  readonly scripted: ScriptedSession;
  readonly bytes: Uint8Array;
}

/** A session as if it had been made a minute ago. */
export function clientSession(earlyData: boolean, alpn: string = "h2"): ResumedSession {
  const presharedKey = new Uint8Array(32).fill(8);
  const scripted: ScriptedSession = {
    ticket: new Uint8Array(80).fill(9),
    presharedKey,
    cipherSuite: TLS_AES_128_GCM_SHA256,
    obfuscatedTicketAge: 0,
    earlyData,
  };
  const certificateList = sharedPki().certificate.chain.map(({ der }) => ({ certData: der, extensions: [] }));
  const bytes = encodeClientSession({
    version: 0x0304,
    cipherSuite: scripted.cipherSuite.code,
    signatureScheme: 0x0403,
    secret: presharedKey,
    extendedMainSecret: true,
    ticket: scripted.ticket,
    ticketLifetime: 7200,
    sessionId: new Uint8Array(0),
    ticketAgeAdd: 12_345,
    maxEarlyData: 16_384,
    acrossNames: false,
    receivedAt: now - age,
    verifiedAt: now - age,
    serverName: asciiBytes(host),
    alpnProtocol: asciiBytes(alpn),
    binding: new Uint8Array(0),
    certificate: encode(Certificate.body, { certificateRequestContext: new Uint8Array(0), certificateList }),
    externalMark: new Uint8Array(0),
  });
  return { scripted, bytes };
}

/** A client of ours with a session, and a scripted server that resumes it. */
export function resumingAgainstServer(
  deviation: (typeof earlyDataServerDeviations)[number],
  earlyData: boolean,
  tasks?: LateTasks,
  base: CryptoProvider = nodeProvider,
): ResumingCourse {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const provider = tasks === undefined ? base : lateProvider(base, tasks);
  const { scripted: session, bytes } = clientSession(earlyData);
  const context = new ClientContext({
    resumption,
    provider,
    cipherSuites,
    random: seededRandom(3),
    clock: network.clock,
    anchors: sharedPki().anchors,
    alpnProtocols,
  });
  const recorder = new SessionRecorder<ClientInfo>(left.write, left.end);
  const client: TlsClient = new TlsClient(
    context,
    { host, session: bytes },
    {
      ...bound(recorder),
      ended: () => {
        recorder.ended();
        client.close();
      },
    },
  );
  if (earlyData) client.sendEarly(scriptedEarlyData);
  const peer = scriptedServer({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: right.write,
    ended: right.end,
    pki: sharedPki(),
    session,
    deviation,
  });
  left.attach(client);
  right.attach(peer);
  peer.start();
  client.start();
  network.run();
  return { network, recorder, peer };
}

/** A server of ours, and a scripted client with a session of it. */
export function resumingAgainstClient(
  deviation: (typeof earlyDataClientDeviations)[number],
  earlyData: boolean,
  tasks?: LateTasks,
  base: CryptoProvider = nodeProvider,
): ResumingCourse {
  const fleet = new Fleet();
  const network = new InMemoryNetwork({ now: now + age, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const provider = tasks === undefined ? base : lateProvider(base, tasks);
  const server = {
    cipherSuites,
    alpnProtocols,
    earlyData: fleet.earlyData,
    certificates: sharedPki().certificates.slice(0, 1),
  };
  const context = new ServerContext({
    ...server,
    provider,
    random: seededRandom(3),
    clock: network.clock,
    tickets: fleet.tickets,
  });
  const recorder = new SessionRecorder<ServerInfo>(right.write, right.end);
  const connection: TlsServer = new TlsServer(context, {
    ...bound(recorder),
    ended: () => {
      recorder.ended();
      connection.close();
    },
  });
  const peer = scriptedClient({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: left.write,
    ended: left.end,
    host,
    cipherSuites,
    alpnProtocols,
    session: { ...sessionOf(fleet, server), earlyData },
    deviation,
  });
  right.attach(connection);
  left.attach(peer);
  connection.start();
  peer.start();
  network.run();
  return { network, recorder, peer };
}

/** A session that a client of ours has got of the same server, a minute ago by the time of others. */
export function sessionOf(
  fleet: Fleet,
  server: Parameters<Fleet["connected"]>[1],
  protocols: readonly string[] = alpnProtocols,
): ScriptedSession {
  const sessions = new MemorySessionStore({ clock: fleet.clock });
  fleet.connected({ cipherSuites, alpnProtocols: protocols, sessions }, server);
  const session = decodeClientSession(sessions.take(host) ?? new Uint8Array(0));
  if (session === undefined) throw new TypeError("no session came");
  const cipherSuite = cipherSuites.find(({ code }) => code === session.cipherSuite);
  if (cipherSuite === undefined) throw new TypeError("a session of another cipher suite");
  const { ticket, secret: presharedKey, ticketAgeAdd } = session;
  return { ticket, presharedKey, cipherSuite, obfuscatedTicketAge: (ticketAgeAdd + age) % 2 ** 32 };
}

function bound<Info>(recorder: SessionRecorder<Info>) {
  const { ciphertext, plaintext, established, ended, closed, session, earlyPlaintext, earlyDataOutcome } = recorder;
  return { ciphertext, plaintext, established, ended, closed, session, earlyPlaintext, earlyDataOutcome };
}

/** Holds what was negotiated to what the deviation says. */
export function checkNegotiated(
  { negotiated }: Pick<(typeof earlyDataClientDeviations)[number], "negotiated">,
  { recorder }: ResumingCourse,
): void {
  expect(recorder.info).toMatchObject({ resumed: negotiated?.resumed, earlyData: negotiated?.earlyData });
}
