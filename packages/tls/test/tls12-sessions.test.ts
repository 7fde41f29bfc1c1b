import {
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
} from "@tlskit/ciphersuites";
import {
  type ClientHello,
  encryptThenMac,
  extendedMainSecret,
  extension,
  extensionIn,
  ServerHello,
  sessionTicket,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { decodeClientSession, decodeServerSession, encodeClientSession, encodeServerSession } from "@tlskit/sessions";
import {
  Alert,
  type ClientOptions,
  ownCertificates,
  type ServerOptions,
  tls12,
  tls12With,
  tls13,
  VerifiedChain,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { peerError } from "@tlskit/wire";
import { TrustAnchors } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { run } from "./helpers/fleet.ts";
import { type Edits, Fleet12, fresh, noting, offeringNone, tls12Without, withoutExtension } from "./helpers/fleet12.ts";
import {
  changing,
  changingClientHello,
  changingServerHello,
  type Edit,
  inTheMiddle,
  ofType,
  without,
} from "./helpers/middle12.ts";
import { text } from "./helpers/scenarios.ts";
import { clientPki, connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const day = 86_400_000;
const both = [tls13, tls12];

/** A connection, and what was sent in it. */
function seen(fleet: Fleet12, client?: Partial<ClientOptions>, server?: Partial<ServerOptions>) {
  const sent: { client: number[]; server: number[] } = { client: [], server: [] };
  const made = fleet.spoilt({ client: noting(sent.client), server: noting(sent.server) }, client, server);
  return { sent, made };
}

/** The ClientHello of a connection. */
function helloOf(fleet: Fleet12, client?: Partial<ClientOptions>): ClientHello {
  const hellos: ClientHello[] = [];
  const edit = changingClientHello((hello) => {
    hellos.push(hello);
    return {};
  });
  fleet.spoilt({ client: edit }, client);
  const [hello] = hellos;
  if (hello === undefined) throw new TypeError("no ClientHello");
  return hello;
}

/** A server that echoes the client's session id. */
function echoing(): Edits & { readonly ids: readonly Uint8Array[] } {
  const ids: Uint8Array[] = [];
  return {
    ids,
    client: changingClientHello(({ legacySessionId }) => {
      ids.push(legacySessionId.slice());
      return {};
    }),
    server: changingServerHello(() => ({ legacySessionIdEcho: ids[0] ?? new Uint8Array(0) })),
  };
}

describe("a session of TLS 1.2 (RFC 5077)", () => {
  // RFC 5077 §3.2#announced, RFC 7627 §5.3#answered
  it("is resumed out of the store, over and over, and answers all that a full handshake does", () => {
    const fleet = new Fleet12();
    const { atClient: full } = fleet.connected();
    for (const later of [day / 4, day / 2]) {
      fleet.later = later;
      const { atClient, atServer, client, server, network } = fleet.connected();
      for (const { info } of [atClient, atServer]) {
        expect(info).toMatchObject({
          version: 0x0303,
          resumed: true,
          verifiedAt: now,
          serverName: host,
          serverCertificates: full.info?.serverCertificates,
          signatureScheme: full.info?.signatureScheme,
          cipherSuite: full.info?.cipherSuite,
          namedGroup: undefined,
        });
      }
      expect(atClient.info?.peer.certificates).toHaveLength(full.info?.peer.certificates.length ?? 0);
      client.send(text("there"));
      server.send(text("and back"));
      network.run();
      expect([atServer.text, atClient.text]).toEqual(["there", "and back"]);
      const exported = client.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40);
      expect(server.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40)).toEqual(exported);
      expect(server.channelBinding("tls-unique")).toEqual(client.channelBinding("tls-unique"));
    }
  });

  // RFC 5246 §7.3#abbreviated, RFC 5077 §3.1, §3.3#issued, RFC 6066 §1.1#resumed
  it("has a server that finishes first, one round trip, and a new ticket", () => {
    const fleet = new Fleet12();
    expect(seen(fleet)).toMatchObject({ sent: { client: [1, 16, 0], server: [2, 11, 12, 14, 4, 0] } });
    expect(seen(fleet)).toMatchObject({ sent: { client: [1, 0], server: [2, 4, 0] } });
  });

  it("is resumed by a client and a server that have TLS 1.3 as well", () => {
    const fleet = fresh({ versions: both });
    expect(fleet.resumed({ versions: both })).toBe(true);
    expect(fleet.resumed({ versions: [tls12] }, { versions: both })).toBe(true);
  });

  it.each([
    ["RSA", TLS_RSA_WITH_AES_128_GCM_SHA256, rsa],
    ["DHE", TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, dhe],
  ] as const)("is resumed where its key exchange was %s", (_, suite, keyExchange) => {
    const versions = [tls12With({ cipherSuites: [suite], keyExchanges: [keyExchange] })];
    const server = { versions, certificates: [sharedPki().certificateOf("rsaEncryption")] };
    const fleet = new Fleet12();
    const { atClient: full } = fleet.connected({ versions }, server);
    for (const again of [fleet.connected({ versions }, server), fleet.connected({ versions }, server)]) {
      for (const { info } of [again.atClient, again.atServer]) {
        expect(info).toMatchObject({ resumed: true, cipherSuite: suite });
        expect(info?.signatureScheme).toBe(full.info?.signatureScheme);
      }
    }
    expect(full.info?.signatureScheme === undefined).toBe(keyExchange === rsa);
  });

  it("is told to a handler, as bytes that another connection can be given", () => {
    const fleet = new Fleet12();
    const session = encodeClientSession(fleet.session());
    expect(fleet.resumed({ sessions: undefined }, {}, { session })).toBe(true);
  });

  // RFC 5077 §3.2#sent
  it("is asked for by an empty ticket, or offered by one", () => {
    expect(extensionIn(helloOf(new Fleet12()), sessionTicket)).toEqual(new Uint8Array(0));
    expect(extensionIn(helloOf(fresh()), sessionTicket)?.length).toBeGreaterThan(0);
  });

  // RFC 5077 §3.2#not-wanted
  it("is not asked for by a client that has nowhere to keep it", () => {
    const hellos: ClientHello[] = [];
    const client = changingClientHello((hello) => {
      hellos.push(hello);
      return {};
    });
    connect(pair({ client: { versions: [tls12] }, link: { intercept: inTheMiddle({ client }) } }));
    expect(hellos).toHaveLength(1);
    expect(hellos.map((hello) => extensionIn(hello, sessionTicket))).toEqual([undefined]);
  });

  // RFC 5077 §3.2#not-unasked, §3.3#only-announced
  it("comes with no ticket to a client that hasn't asked", () => {
    const codes: number[] = [];
    const client = changingClientHello(withoutExtension(sessionTicket));
    new Fleet12().spoilt({ client, server: noting(codes) });
    expect(codes).toContain(ServerHello.code);
    expect(codes).not.toContain(Tls12NewSessionTicket.code);
  });

  it("is none where there can be no ticket, which says so by an empty one", () => {
    const noStore = (): never => {
      throw new RangeError("no store");
    };
    for (const [ticketFor, failing] of [
      [() => undefined, 0],
      [noStore, 1],
    ] as const) {
      const fleet = new Fleet12();
      const failures: unknown[] = [];
      const { sent, made } = seen(
        fleet,
        {},
        {
          tickets: { ticketFor, sessionOf: () => undefined },
          resumptionFailed: (error: unknown) => void failures.push(error),
        },
      );
      expect(sent.server).toContain(Tls12NewSessionTicket.code);
      expect(made.atClient.info?.resumed).toBe(false);
      expect(fleet.sessions.bytes).toBe(0);
      expect(failures).toHaveLength(failing);
    }
  });

  it("holds a handshake up no longer than one may take, where tickets never come", () => {
    const never = { then: () => undefined };
    for (const tickets of [
      { ticketFor: () => never, sessionOf: () => undefined },
      { ticketFor: () => undefined, sessionOf: () => never },
    ]) {
      const fleet = fresh();
      const { server, atServer, network } = run(fleet.made({}, { tickets }));
      expect([atServer.info, atServer.error]).toEqual([undefined, undefined]);
      fleet.later = 30_000;
      server.checkDeadline();
      network.run();
      expect(atServer.error).toMatchObject({ code: "handshake_timeout" });
    }
  });

  it("is kept where a server resumes it and gives no new ticket", () => {
    const fleet = fresh();
    const tickets = { ticketFor: () => undefined, sessionOf: (ticket: Uint8Array) => fleet.tickets.sessionOf(ticket) };
    for (let again = 0; again < 3; again += 1) expect(fleet.resumed({}, { tickets })).toBe(true);
    expect(fleet.resumed({}, { ticketCount: 0 })).toBe(true);
    expect(fleet.resumed()).toBe(true);
  });

  it("is resumed as the client's that showed a certificate, and by nobody else", () => {
    const alice = { certificates: ownCertificates([clientPki().certificateOf("P-256")]) };
    const bob = { certificates: ownCertificates([clientPki().certificateOf("Ed25519")]) };
    const asking = { clientCertificates: { demand: "required", anchors: clientPki().anchors } } as const;
    const fleet = fresh(alice, asking);
    const { atServer } = fleet.connected(alice, asking);
    expect(atServer.info).toMatchObject({
      resumed: true,
      clientCertificates: clientPki()
        .certificateOf("P-256")
        .chain.map(({ der }) => der),
      clientSignatureScheme: { name: "ecdsa_secp256r1_sha256" },
    });
    expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    // CVE-2025-23419
    expect(fleet.resumed(alice, {})).toBe(false);
    expect(fleet.resumed(alice, asking)).toBe(false);
    expect(fleet.resumed(bob, asking)).toBe(false);
  });
});

describe("the client of a session of TLS 1.2", () => {
  const alice = { certificates: ownCertificates([clientPki().certificateOf("P-256")]) };
  const asking = { demand: "required", anchors: clientPki().anchors } as const;

  it("is asked about when it has proved to have the session, and not whoever has seen its ticket go by", () => {
    let asked = 0;
    const server = {
      clientCertificates: {
        ...asking,
        checkClient: () => {
          asked += 1;
        },
      },
    };
    const fleet = fresh(alice, server);
    const bytes = fleet.sessions.take(host);
    const session = bytes && decodeClientSession(bytes);
    if (session === undefined) throw new TypeError("no session");
    expect(asked).toBe(1);
    const stolen = encodeClientSession({ ...session, secret: new Uint8Array(48).fill(1) });
    expect(run(fleet.made(alice, server, { session: stolen })).atServer.info).toBeUndefined();
    expect(asked).toBe(1);
    expect(fleet.resumed(alice, server, { session: bytes })).toBe(true);
    expect(asked).toBe(2);
  });

  it("is refused by the application as in a full handshake, and its session is offered no more", () => {
    let refuses = false;
    const checkClient = () => {
      if (refuses) throw peerError("not_any_more", Alert.accessDenied, "she has left");
    };
    const server = { clientCertificates: { ...asking, checkClient } };
    const fleet = fresh(alice, server);
    refuses = true;
    const { atServer, atClient } = run(fleet.made(alice, server));
    expect(atServer.error).toMatchObject({ code: "not_any_more" });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
    expect(fleet.sessions.bytes).toBe(0);
  });
});

describe("session identifiers beside tickets (RFC 5077 §3.4)", () => {
  /** What a connection's hellos say, which somebody in the middle may change. */
  function identifiers(fleet: Fleet12, change: Partial<ClientHello> = {}) {
    const ids: Uint8Array[] = [];
    const answers: ServerHello[] = [];
    const client = changingClientHello((hello) => {
      ids.push(hello.legacySessionId);
      return change;
    });
    const server = changingServerHello((hello) => {
      answers.push(hello);
      return {};
    });
    const made = fleet.spoilt({ client, server }, { versions: both });
    return { sent: ids[0], answer: answers[0], made };
  }

  // RFC 5077 §3.4#no-session-id
  it("are empty in the answer to a full handshake", () => {
    const { sent, answer } = identifiers(new Fleet12());
    expect(sent).toHaveLength(32);
    expect(answer?.legacySessionIdEcho).toHaveLength(0);
  });

  // RFC 5077 §3.4#session-id-echoed
  it("are the client's own where the server takes its ticket", () => {
    const { sent, answer, made } = identifiers(fresh());
    expect(sent).toHaveLength(32);
    expect(answer?.legacySessionIdEcho).toEqual(sent);
    expect(made.atClient.info?.resumed).toBe(true);
  });

  // RFC 5077 §3.4#session-id-unused
  it("mean nothing to a server, which goes by the ticket", () => {
    for (const legacySessionId of [new Uint8Array(0), new Uint8Array(32).fill(5)]) {
      const codes: number[] = [];
      fresh().spoilt({ client: changingClientHello(() => ({ legacySessionId })), server: noting(codes) });
      // It resumes: no certificate.
      expect(codes.slice(0, 2)).toEqual([ServerHello.code, Tls12NewSessionTicket.code]);
      expect(identifiers(fresh(), { legacySessionId }).answer?.legacySessionIdEcho).toEqual(legacySessionId);
    }
  });
});

describe("a session of TLS 1.2 with CBC", () => {
  const suites = [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256];
  const versions = [tls12With({ cipherSuites: suites, cbc })];
  const without = versions.map((version) => offeringNone(version, encryptThenMac));

  // RFC 7366 §2#both-sides: like all extensions it is settled anew.
  it.each<[string, Partial<ClientOptions>, Partial<ClientOptions>]>([
    ["with encrypt-then-MAC in both handshakes", { versions }, { versions }],
    ["without it in both", { versions: without }, { versions: without }],
    ["with it in the second alone", { versions: without }, { versions }],
  ])("is resumed %s", (_, first, second) => {
    const fleet = new Fleet12();
    fleet.connected(first, { versions });
    const { sent, made } = seen(fleet, second, { versions });
    expect(sent.server.slice(0, 2)).toEqual([ServerHello.code, Tls12NewSessionTicket.code]);
    expect(made.atClient.info).toMatchObject({ resumed: true, cipherSuite: suites[0] });
    made.client.send(text("there"));
    made.server.send(text("and back"));
    made.network.run();
    expect([made.atServer.text, made.atClient.text]).toEqual(["there", "and back"]);
  });
});

describe("a session of TLS 1.2 is not resumed", () => {
  // RFC 5077 §3.2#deleted-after-failure
  it("after a handshake with it has failed", () => {
    const fleet = fresh();
    const server = changing(Tls12NewSessionTicket, (ticket) => ({ ...ticket, ticket: text("mine") }));
    expect(fleet.spoilt({ server }).atClient.error).toBeDefined();
    expect(fleet.resumed()).toBe(false);
  });

  // RFC 5077 §3.3#finished-first
  it("by a client whose Finished was wrong: it gets no ticket", () => {
    let isProtected = false;
    const client: Edit = (passing) =>
      passing.map(({ type, body }) => {
        const isFinished = type === 22 && isProtected;
        if (type === 20) isProtected = true;
        return { type, body: isFinished ? body.map((byte) => byte ^ 1) : body };
      });
    const codes: number[] = [];
    const { atServer } = new Fleet12().spoilt({ client, server: noting(codes) });
    expect(atServer.error).toMatchObject({ alert: Alert.badRecordMac });
    expect(codes).toEqual([2, 11, 12, 14]);
  });

  it("in TLS 1.3, nor one of that in TLS 1.2", () => {
    const fleet = fresh({ versions: both });
    expect(fleet.resumed({ versions: both }, { versions: both })).toBe(false);
    expect(fleet.resumed({ versions: both }, {})).toBe(false);
  });

  it("by a client that has no such version any more", () => {
    expect(fresh().resumed({ versions: [tls13] }, { versions: both })).toBe(false);
  });

  // RFC 5246 §7.4.1.2#session-suite, §7.4.1.3#full-handshake
  it("with another cipher suite, or where one of both has that no more", () => {
    const other = { versions: [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384] })] };
    const one = { versions: [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })] };
    expect(fresh(one).resumed(other)).toBe(false);
    expect(fresh(one).resumed({}, other)).toBe(false);
    expect(fresh(one).resumed()).toBe(true);
  });

  it("by a client that trusts others, which then refuses the server", () => {
    const [stranger] = sharedPki().certificates[2]?.chain ?? [];
    if (stranger === undefined) throw new TypeError("no certificate");
    const { atClient } = run(fresh().made({ anchors: TrustAnchors.of([stranger]) }));
    expect(atClient.error?.code).toMatch(/^certificate_/);
  });

  // CVE-2025-23419
  it.each<[string, Partial<ServerOptions>]>([
    ["context", { sessionContext: "another" }],
    ["list of application protocols", { alpnProtocols: ["h2"] }],
  ])("at another virtual host with the same ticket keys and another %s", (_, other) => {
    expect(fresh().resumed({}, other)).toBe(false);
    expect(fresh({}, other).resumed()).toBe(false);
    expect(fresh({}, other).resumed({}, other)).toBe(true);
  });

  it("with another certificate of the server's", () => {
    expect(fresh().resumed({}, { certificates: sharedPki().certificates.slice(1, 2) })).toBe(false);
  });

  it("under another name, though the certificate is good for it", () => {
    const fleet = fresh();
    const session = fleet.sessions.take(host);
    expect(fleet.resumed({}, {}, { session, sendServerName: false })).toBe(false);
  });

  // RFC 5077 §3.3#lifetime
  it("24 hours after the server's key was proved, however often it was resumed", () => {
    const fleet = fresh();
    fleet.later = day - 1000;
    expect(fleet.resumed()).toBe(true);
    fleet.later = day;
    expect(fleet.resumed()).toBe(false);
  });

  it("at a server that finds it too old, or from the future", () => {
    for (const [made, used, sessionLifetime] of [
      [0, 2000, 1],
      [day, 0, 86_400],
    ] as const) {
      const fleet = new Fleet12();
      fleet.later = made;
      const session = fleet.session();
      fleet.later = used;
      // Whatever the client thinks of it
      const offered = encodeClientSession({ ...session, receivedAt: now, verifiedAt: now });
      expect(fleet.resumed({}, { sessionLifetime }, { session: offered })).toBe(false);
    }
  });

  it("at a server whose store fails, which is told", () => {
    const failures: unknown[] = [];
    const sessionOf = (): never => {
      throw new RangeError("no store");
    };
    const tickets = { ticketFor: () => undefined, sessionOf };
    const resumptionFailed = (error: unknown): void => void failures.push(error);
    expect(fresh().resumed({}, { tickets, resumptionFailed })).toBe(false);
    expect(failures).toHaveLength(1);
  });

  it("by a ticket that was tampered with", () => {
    const fleet = new Fleet12();
    const session = fleet.session();
    for (let at = 0; at < session.ticket.length; at += 7) {
      const ticket = session.ticket.slice();
      ticket[at] = (ticket[at] ?? 0) ^ 1;
      const spoilt = encodeClientSession({ ...session, ticket });
      expect(fleet.resumed({ sessions: undefined }, {}, { session: spoilt })).toBe(false);
    }
    expect(fleet.resumed({ sessions: undefined }, {}, { session: encodeClientSession(session) })).toBe(true);
  });

  it("by whoever has the ticket and not the secret", () => {
    const fleet = new Fleet12();
    const stolen = encodeClientSession({ ...fleet.session(), secret: new Uint8Array(48).fill(1) });
    const { atClient, atServer } = run(fleet.made({ sessions: undefined }, {}, { session: stolen }));
    expect(atClient.error?.code).toBe("bad_record_mac");
    expect(atServer.info).toBeUndefined();
  });
});

describe("extended_main_secret and sessions (RFC 7627 §5.3)", () => {
  // RFC 7627 §5.3#sent
  it("is in each hello that offers a session", () => {
    expect(extensionIn(helloOf(fresh()), extendedMainSecret)).toBeNull();
  });

  // RFC 7627 §5.3#session-alone
  it("ends a handshake whose ClientHello is without it, at the server", () => {
    const client = changingClientHello(withoutExtension(extendedMainSecret));
    const { atServer, atClient } = fresh().spoilt({ client });
    expect(atServer.error).toMatchObject({
      code: "resumption_without_extended_main_secret",
      alert: Alert.handshakeFailure,
    });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.handshakeFailure });
  });

  // RFC 7627 §5.3#answer-without
  it("ends a handshake whose ServerHello is without it, at the client", () => {
    const server = changingServerHello(withoutExtension(extendedMainSecret));
    expect(fresh().spoilt({ server }).atClient.error).toMatchObject({
      code: "resumption_without_extended_main_secret",
      alert: Alert.handshakeFailure,
    });
  });

  // RFC 7627 §5.3#hello-alone
  it("makes for a full handshake where the session is without it, and the hello is not", () => {
    const fleet = fresh();
    const { tickets } = fleet;
    const without = {
      ticketFor: (session: Uint8Array) => tickets.ticketFor(session),
      sessionOf: (ticket: Uint8Array) => {
        const bytes = tickets.sessionOf(ticket);
        const session = bytes instanceof Uint8Array ? decodeServerSession(bytes) : undefined;
        return session && encodeServerSession({ ...session, extendedMainSecret: false });
      },
    };
    for (const dangerousResumptionWithoutExtendedMainSecret of [false, true]) {
      expect(fleet.resumed({}, { tickets: without, dangerousResumptionWithoutExtendedMainSecret })).toBe(false);
    }
  });

  // RFC 7627 §5.3#session-without
  it("is in no session where a peer hasn't got it, so that there is none", () => {
    const old = { versions: [tls12Without(extendedMainSecret)] };
    const fleet = new Fleet12();
    const { atServer } = fleet.connected(old);
    expect(atServer.info?.resumed).toBe(false);
    expect(fleet.sessions.bytes).toBe(0);
  });

  // RFC 7627 §5.3
  it("is done without by option, at both ends, and such a session is no other's", () => {
    const old = { versions: [tls12Without(extendedMainSecret)] };
    const dangerous = { dangerousResumptionWithoutExtendedMainSecret: true };
    const fleet = new Fleet12();
    fleet.connected({ ...old, ...dangerous }, dangerous);
    expect(fleet.resumed({ ...old, ...dangerous }, dangerous)).toBe(true);
    const { client } = fleet.connected({ ...old, ...dangerous }, dangerous);
    // RFC 7627 §5.4#no-export
    expect(() => client.exportKeyingMaterial("label", undefined, 10)).toThrow("no extended main secret");
    // At a server that hasn't been told so, and by a client that hasn't.
    expect(fleet.resumed({ ...old, ...dangerous })).toBe(false);
    fleet.connected({ ...old, ...dangerous }, dangerous);
    expect(fleet.resumed(old, dangerous)).toBe(false);
  });

  // RFC 7627 §5.3#answer-alone
  it("ends a handshake whose ServerHello is with it for a session without, at the client", () => {
    const dangerous = { dangerousResumptionWithoutExtendedMainSecret: true };
    const fleet = new Fleet12();
    const session = encodeClientSession({ ...fleet.session(), extendedMainSecret: false });
    const { atClient } = run(fleet.made(dangerous, {}, { session }));
    expect(atClient.error).toMatchObject({
      code: "resumption_with_extended_main_secret",
      alert: Alert.handshakeFailure,
    });
    expect(fleet.resumed({}, {}, { session })).toBe(false);
  });

  it("is what sessions are made with: without it there is no ticket", () => {
    const codes: number[] = [];
    const client = changingClientHello(withoutExtension(extendedMainSecret));
    new Fleet12().spoilt({ client, server: noting(codes) });
    expect(codes).toContain(ServerHello.code);
    expect(codes).not.toContain(Tls12NewSessionTicket.code);
  });
});

describe("a server of TLS 1.2 that misbehaves about a session", () => {
  it("resumes with another suite than the session's", () => {
    const server = changingServerHello(() => ({ cipherSuite: TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.code }));
    const one = { versions: [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })] };
    const { atClient } = fresh({}, one).spoilt({ server }, {}, one);
    expect(atClient.error).toMatchObject({ code: "resumed_cipher_suite", alert: Alert.illegalParameter });
  });

  // RFC 9846 §E.4
  it("echoes a random session id where no session was offered", () => {
    const { ids, ...edits } = echoing();
    const { atClient } = new Fleet12().spoilt(edits, { versions: both });
    expect(ids[0]).toHaveLength(32);
    expect(atClient.error).toMatchObject({ code: "session_id_echo", alert: Alert.illegalParameter });
  });

  it("says that it resumes, and doesn't", () => {
    const tickets = { ticketFor: () => undefined, sessionOf: () => undefined };
    const { ids: _, ...edits } = echoing();
    const { atClient } = fresh().spoilt(edits, {}, { tickets });
    expect(atClient.error).toMatchObject({ alert: Alert.unexpectedMessage });
  });

  it("resumes, and says that it doesn't", () => {
    const server = changingServerHello(() => ({ legacySessionIdEcho: new Uint8Array(0) }));
    expect(fresh().spoilt({ server }).atClient.error).toMatchObject({ alert: Alert.unexpectedMessage });
  });

  // RFC 5077 §3.3#issued
  it("announces a ticket and sends none, in a full handshake and in one that resumes", () => {
    const server = without(ofType(Tls12NewSessionTicket));
    for (const fleet of [new Fleet12(), fresh()]) {
      expect(fleet.spoilt({ server }).atClient.error).toMatchObject({ alert: Alert.unexpectedMessage });
    }
  });

  it("sends a ticket that it hasn't announced", () => {
    const server = changingServerHello(withoutExtension(sessionTicket));
    expect(fresh().spoilt({ server }).atClient.error).toMatchObject({ alert: Alert.unexpectedMessage });
    // The change of the ServerHello is seen before the ticket is sent.
    expect(new Fleet12().spoilt({ server }).atClient.info).toBeUndefined();
  });

  it("announces it with something in it", () => {
    const server = changingServerHello((hello) => ({
      extensions: [...(withoutExtension(sessionTicket)(hello).extensions ?? []), extension(sessionTicket, text("x"))],
    }));
    expect(new Fleet12().spoilt({ server }).atClient.error).toMatchObject({ alert: Alert.decodeError });
  });

  // RFC 5077 §3.3#valid-after-finished
  it("has a ticket that somebody in the middle has changed, which is none", () => {
    const server = changing(Tls12NewSessionTicket, (ticket) => ({ ...ticket, ticket: text("mine") }));
    for (const fleet of [new Fleet12(), fresh()]) {
      const { atClient } = fleet.spoilt({ server });
      expect(atClient.error).toMatchObject({ code: "bad_finished", alert: Alert.decryptError });
      expect(atClient.sessions).toEqual([]);
    }
  });
});
