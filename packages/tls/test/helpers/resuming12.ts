import { byCode, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { Certificate } from "@tlskit/messages";
import { decodeClientSession, encodeClientSession, MemorySessionStore } from "@tlskit/sessions";
import type { ScriptedTls12Session } from "@tlskit/testing";
import { tls12With } from "@tlskit/tls";
import { asciiBytes, encode } from "@tlskit/wire";
import { Fleet } from "./fleet.ts";
import { suites12, type World12 } from "./misbehaviour12.ts";
import { alpnProtocols, host, now, sharedPki } from "./world.ts";

/** A session that a ticket stands for, and one that has an identifier alone. */
export const byTicket: ScriptedTls12Session = {
  mainSecret: new Uint8Array(48).fill(8),
  extended: true,
  cipherSuite: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  ticket: new Uint8Array(80).fill(9),
  sessionId: new Uint8Array(0),
};

export const byIdentifier: ScriptedTls12Session = {
  ...byTicket,
  ticket: new Uint8Array(0),
  sessionId: new Uint8Array(32).fill(9),
};

/** A client with a session of a minute ago, and the server that it is to: by a ticket, or by an identifier. */
export function resumingServer(session: ScriptedTls12Session): World12 {
  const certificateList = sharedPki().certificate.chain.map(({ der }) => ({ certData: der, extensions: [] }));
  const bytes = encodeClientSession({
    version: 0x0303,
    cipherSuite: session.cipherSuite.code,
    signatureScheme: 0x0403,
    secret: session.mainSecret,
    extendedMainSecret: session.extended,
    ticket: session.ticket,
    ticketLifetime: 7200,
    sessionId: session.sessionId,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    acrossNames: false,
    receivedAt: now - 60_000,
    verifiedAt: now - 60_000,
    serverName: asciiBytes(host),
    alpnProtocol: asciiBytes(alpnProtocols[0] ?? ""),
    binding: new Uint8Array(0),
    certificate: encode(Certificate.body, { certificateRequestContext: new Uint8Array(0), certificateList }),
    externalMark: new Uint8Array(0),
  });
  return { target: { session: bytes }, scriptedServer: { session } };
}

/** A server, and a client with a ticket that it got a minute ago. */
export function resumingClient(): World12 {
  const fleet = new Fleet();
  const sessions = new MemorySessionStore({ clock: fleet.clock });
  const server = {
    versions: [tls12With({ cipherSuites: suites12 })],
    alpnProtocols,
    certificates: sharedPki().certificates.slice(0, 1),
  };
  fleet.connected({ versions: [tls12With({ cipherSuites: suites12 })], alpnProtocols, sessions }, server);
  return {
    now: now + 60_000,
    server: { ...server, tickets: fleet.tickets },
    scriptedClient: { session: scriptedSession(sessions.take(host)) },
  };
}

function scriptedSession(bytes: Uint8Array = new Uint8Array(0)): ScriptedTls12Session {
  const session = decodeClientSession(bytes);
  const cipherSuite = session && byCode(suites12, session.cipherSuite);
  if (session === undefined || cipherSuite === undefined) throw new TypeError("no session came");
  const { secret: mainSecret, extendedMainSecret: extended, ticket } = session;
  return { mainSecret, extended, cipherSuite, ticket, sessionId: new Uint8Array(32).fill(6) };
}
