import { secp256r1, secp384r1, TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, x25519 } from "@tlskit/ciphersuites";
import { verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type ClientHandshakeSettings,
  maxTicketCount,
  maxTicketsKept,
  resumption,
  type ServerHandshakeSettings,
} from "@tlskit/handshake";
import {
  ClientHello,
  decodeMessage,
  EncryptedExtensions,
  type Extension,
  extension,
  extensionIn,
  type MessageType,
  NewSessionTicket,
  type OfferedPsks,
  offeredPsks,
  pskKeyExchangeModes,
  ServerHello,
  selectedIdentity,
  serverNameAcknowledged,
  serverShare,
  ticketCountExpected,
  tlsFlags,
} from "@tlskit/messages";
import { decodeClientSession, encodeClientSession, StoredTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { Alert, peerError } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost } from "./helpers/memory-host.ts";
import { begin, Resuming } from "./helpers/resuming.ts";
import { credential, errorOf, key, told } from "./helpers/two-hosts.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** A host that sends a message otherwise than it is told. */
function altering<M>(changed: MessageType<M>, alter: (message: M) => M): MemoryHost {
  const host = new MemoryHost();
  // The type that is compared is the one of the message.
  host.alter = (type, message) => ((type as unknown) === changed ? (alter(message as never) as never) : message);
  return host;
}

// RFC 9846 §4.7.1#new-name, §4.4.2#not-on-resumption, §4.3.9#psk-dhe-ke, §9.2#psk-extensions
describe("a session", () => {
  it("is resumed without certificates, and answers all that a full handshake does", () => {
    const world = new Resuming();
    const full = world.established();
    expect(full.client.negotiated).toMatchObject({ resumed: false, verifiedAt: begin });
    expect(world.sessions).toHaveLength(2);
    world.now += hour;
    const { client, server, hosts } = world.established();
    for (const { negotiated } of [client, server]) {
      expect(negotiated).toMatchObject({
        resumed: true,
        verifiedAt: begin,
        namedGroup: x25519,
        signatureScheme: full.client.negotiated.signatureScheme,
        serverCertificates: full.client.negotiated.serverCertificates,
        serverName: "host.example",
        alpnProtocol: "h3",
      });
    }
    expect(client.peer).toBe("seen");
    expect(client.secrets.exporter.dangerouslyExpose()).toEqual(server.secrets.exporter.dangerouslyExpose());
    expect(told(hosts[1])).toEqual([
      "sent ServerHello (initial)",
      "changeCipherSpec",
      "read handshake",
      "write handshake",
      "sent EncryptedExtensions (handshake)",
      "sent Finished (handshake)",
      "write application",
      "read application",
      "sent NewSessionTicket (application)",
    ]);
    expect(world.failures).toEqual([]);
  });

  // RFC 6066 §3#not-resumed: "When resuming a session, the server MUST NOT include a server_name extension in the server hello."
  it("is resumed without an answer to the server's name", () => {
    const world = new Resuming();
    const answersName = () => {
      const { events } = world.established().hosts[1];
      const sent = events.find((event) => event.type === "sent" && event.name === "EncryptedExtensions");
      if (sent?.type !== "sent") throw new RangeError("every server sends EncryptedExtensions");
      return extensionIn(decodeMessage(EncryptedExtensions, sent.bytes), serverNameAcknowledged) !== undefined;
    };
    expect([answersName(), answersName()]).toEqual([true, false]);
  });

  it("is resumed with a HelloRetryRequest in between", () => {
    const world = new Resuming();
    for (const cipherSuites of [[TLS_AES_128_GCM_SHA256], [TLS_AES_256_GCM_SHA384]]) {
      world.sessions.length = 0;
      world.established({}, { cipherSuites });
      const { client, server } = world.established({}, { cipherSuites, namedGroups: [secp256r1] });
      for (const { negotiated } of [client, server]) {
        expect(negotiated).toMatchObject({ resumed: true, helloRetryRequest: true, namedGroup: secp256r1 });
      }
    }
  });

  it("leads to the next, over however many, with secrets of its own each", () => {
    const world = new Resuming();
    const exporters = [0, 1, 2, 3, 4].map(() => {
      const { client } = world.established();
      return Buffer.from(client.secrets.exporter.dangerouslyExpose()).toString("hex");
    });
    expect(new Set(exporters).size).toBe(5);
    expect(world.established().client.negotiated).toMatchObject({ resumed: true, verifiedAt: begin });
  });

  it("may be resumed by two at once: each has a session of its own", () => {
    const world = new Resuming();
    world.established();
    const [first, second] = world.sessions.splice(0);
    for (const session of [first, second]) {
      const take = () => session?.bytes;
      const keep = () => {};
      expect(world.established({ sessions: resumption({ take, keep }) }).server.negotiated.resumed).toBe(true);
    }
  });
});

describe("a session isn't resumed, and there is a full handshake,", () => {
  const isFull = (
    world: Resuming,
    client: Partial<ClientHandshakeSettings<string>> = {},
    server: Partial<ServerHandshakeSettings> = {},
  ) => {
    const ended = world.established(client, server);
    expect(ended.client.negotiated.resumed).toBe(false);
    expect(ended.server.negotiated.resumed).toBe(false);
    return ended;
  };

  const made = (...args: Parameters<Resuming["established"]>): Resuming => {
    const world = new Resuming();
    world.established(...args);
    return world;
  };

  /** Whether the hello of the last handshake offered the session. */
  const offered = ({ hosts: [host] }: { readonly hosts: readonly [MemoryHost, MemoryHost] }): boolean => {
    const hello = host.events.find((event) => event.type === "sent");
    if (hello?.type !== "sent") throw new TypeError("no hello");
    return extensionIn(decodeMessage(ClientHello, hello.bytes), offeredPsks) !== undefined;
  };

  // RFC 9846 §4.7.1, the last paragraph, RFC 9325 §3.4#session-age
  it("24 hours after the server proved who it is, however many sessions lie between", () => {
    const world = made();
    for (let hours = 0; hours < 23; hours += 1) {
      world.now += hour;
      expect(world.established().server.negotiated.resumed).toBe(true);
      expect(Math.max(...world.sessions.map(({ expiresAt }) => expiresAt))).toBe(begin + day);
    }
    world.now = begin + day;
    expect(offered(isFull(world))).toBe(false);
  });

  // RFC 9325 §3.4#session-age
  it("when a server's lifetime of sessions is over, though the client would resume it", () => {
    const world = made({ sessionLifetime: 604_800 }, { sessionLifetime: 604_800 });
    world.now += 2 * hour;
    expect(offered(isFull(world, { sessionLifetime: 604_800 }, { sessionLifetime: 7200 }))).toBe(true);
  });

  // RFC 9846 §4.3.11.1#lifetime, §4.7.1#seven-days, RFC 9325 §3.4#lifetime
  it("when the ticket's lifetime is over, whatever it says", () => {
    for (const [ticketLifetime, over] of [
      [60, 60_000],
      [0xffff_ffff, 7 * day],
    ] as const) {
      const world = new Resuming();
      const long = { sessionLifetime: 604_800 };
      world.established(long, long, [
        new MemoryHost(),
        altering(NewSessionTicket, (ticket) => ({ ...ticket, ticketLifetime })),
      ]);
      const [session] = world.sessions;
      expect(session?.expiresAt).toBe(begin + over);
      const client = { ...long, sessions: resumption({ take: () => session?.bytes, keep: () => {} }) };
      world.now += over - 1;
      expect(world.established(client, long).server.negotiated.resumed).toBe(true);
      world.now += 1;
      expect(offered(isFull(world, client, long))).toBe(false);
    }
  });

  it("before it was made, by a clock that has gone back", () => {
    const world = made();
    world.now -= 1;
    expect(offered(isFull(world))).toBe(false);
  });

  it("if its server's certificate isn't trusted any more, which fails by itself then", () => {
    const world = made();
    const refusal = peerError("revoked", Alert.certificateRevoked, "the certificate is revoked");
    const client = {
      // biome-ignore lint/correctness/useYield: a refusal needs no waiting
      *verifyPeer(): Generator<never, never> {
        throw refusal;
      },
    };
    const { atClient, atServer } = world.shake(client);
    expect(errorOf(atClient)).toBe(refusal);
    expect(atServer).toBeUndefined();
    expect(world.failures).toEqual([]);
  });

  // RFC 9846 §4.7.1#same-hash, §4.3.11#compatible
  it("under another cipher suite with another hash, and under another with the same it is", () => {
    const both = { cipherSuites: [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384] };
    const world = made({}, { cipherSuites: [TLS_AES_256_GCM_SHA384] });
    expect(offered(isFull(world, both, { cipherSuites: [TLS_AES_128_GCM_SHA256] }))).toBe(true);
    const again = made({}, { cipherSuites: [TLS_AES_256_GCM_SHA384] });
    expect(offered(isFull(again, { cipherSuites: [TLS_AES_128_GCM_SHA256] }, {}))).toBe(false);
  });

  // RFC 9846 §4.7.1#name-checked, §4.7.1#new-name, RFC 6066 §3#session-name
  it("for another name, at either side", () => {
    expect(offered(isFull(made(), { serverName: "other.example" }))).toBe(false);
    const across = { resumptionAcrossNames: true };
    // The client is told that it could, and the server forgot.
    expect(offered(isFull(made(across, across), { ...across, serverName: "other.example" }))).toBe(true);
    const world = made(across, across);
    const { client, server } = world.established({ ...across, serverName: "other.example" }, across);
    for (const { negotiated } of [client, server]) {
      expect(negotiated).toMatchObject({ resumed: true, serverName: "other.example" });
    }
    // Neither if the server doesn't say so, nor if the client isn't told to believe it.
    expect(offered(isFull(made(across, {}), { ...across, serverName: "other.example" }, across))).toBe(false);
    expect(offered(isFull(made({}, across), { serverName: "other.example" }, across))).toBe(false);
  });

  it("under what else it doesn't belong to, at either side", () => {
    const binding = (byte: number) => ({ sessionBinding: Uint8Array.of(byte) });
    expect(offered(isFull(made(binding(1), {}), binding(2)))).toBe(false);
    expect(offered(isFull(made(binding(1), {})))).toBe(false);
    expect(offered(isFull(made({}, binding(1)), {}, binding(2)))).toBe(true);
    expect(offered(isFull(made({}, binding(1))))).toBe(true);
    const world = made(binding(1), binding(2));
    expect(world.established(binding(1), binding(2)).server.negotiated.resumed).toBe(true);
  });

  it("if it is in bytes that aren't understood, or for another version", () => {
    const world = made();
    const [first] = world.sessions;
    const session = first && decodeClientSession(first.bytes);
    if (session === undefined) throw new TypeError("no session");
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(9, 9),
      encodeClientSession({ ...session, version: 0x0303 }),
      encodeClientSession({ ...session, cipherSuite: 0x1a1a }),
      encodeClientSession({ ...session, signatureScheme: 0 }),
      encodeClientSession({ ...session, certificate: Uint8Array.of(1) }),
    ]) {
      expect(offered(isFull(world, { sessions: resumption({ take: () => bytes, keep: () => {} }) }))).toBe(false);
    }
  });

  it("if the server has other ticket keys, or none", () => {
    const other = new StoredTickets({ random: seededRandom(5), clock: () => begin });
    expect(offered(isFull(made(), {}, { tickets: other }))).toBe(true);
    const world = made();
    expect(offered(isFull(world, {}, { tickets: undefined }))).toBe(true);
  });

  it("if a store fails, at either side, which is told of", async () => {
    const broken = new Error("the store is gone");
    const fails = () => {
      throw broken;
    };
    const world = made();
    isFull(world, { sessions: resumption({ take: fails, keep: fails }) });
    isFull(world, {}, { tickets: { ticketFor: fails, sessionOf: fails } });
    expect(world.failures).toEqual([broken, broken, broken, broken, broken]);
    const late = made();
    isFull(late, { sessions: resumption({ take: () => undefined, keep: () => Promise.reject(broken) }) });
    await new Promise((done) => setImmediate(done));
    expect(late.failures).toEqual([broken, broken]);
  });
});

describe("a server with another certificate", () => {
  it("resumes no session that was made under the old one", () => {
    const world = new Resuming();
    world.established();
    const client = {
      // biome-ignore lint/correctness/useYield: this trust needs no waiting
      *verifyPeer() {
        return { keyType: "P-256", verifier: verifierFor(nodeProvider, key.privateKey), evidence: "seen" } as const;
      },
    };
    const renewed = { ...credential(), certificates: [Uint8Array.of(1)] };
    expect(world.established(client, { selectCredential: () => renewed }).server.negotiated.resumed).toBe(false);
    expect(world.established(client, { selectCredential: () => renewed }).server.negotiated.resumed).toBe(true);
  });
});

describe("tickets", () => {
  const counted = (client: Partial<ClientHandshakeSettings<string>>, server: Partial<ServerHandshakeSettings>) => {
    const world = new Resuming();
    world.established(client, server);
    const full = world.sessions.length;
    world.established(client, server);
    // One was taken, if there was one.
    return [full, world.sessions.length - Math.max(0, full - 1)];
  };

  it.each<[string, readonly number[], Partial<ClientHandshakeSettings<string>>, Partial<ServerHandshakeSettings>]>([
    ["two, and one in place of the one that was used", [2, 1], {}, {}],
    ["as many as the server is told", [4, 1], {}, { ticketCount: 4 }],
    ["none if the server is told so, whatever the client asks for", [0, 0], asking(3, 3), { ticketCount: 0 }],
    ["none for a client that keeps none", [0, 0], { sessions: undefined }, {}],
    ["as many as the client asks for (RFC 9149)", [5, 3], asking(5, 3), {}],
    ["none for a client that asks for none", [0, 0], asking(0, 0), {}],
    ["at most eight", [maxTicketCount, maxTicketCount], asking(255, 9), {}],
  ])("are %s", (_, expected, client, server) => {
    expect(counted(client, server)).toEqual(expected);
  });

  it("are counted to a client that asks (RFC 9149 §3), and to none that doesn't", () => {
    const answer = (client: Partial<ClientHandshakeSettings<string>>) => {
      let found: readonly Extension[] = [];
      const host = altering(EncryptedExtensions, (message) => {
        found = message.extensions;
        return message;
      });
      new Resuming().established(client, {}, [new MemoryHost(), host]);
      return found.find(({ code }) => code === ticketCountExpected.code)?.value;
    };
    expect(answer(asking(5, 3))).toBe(5);
    expect(answer({})).toBeUndefined();
  });

  // RFC 9846 §4.7.1#age-add, §4.7.1#lifetime-limit
  it("have ages, nonces and sessions of their own, and the rest of the lifetime", () => {
    const world = new Resuming();
    const sent: NewSessionTicket[] = [];
    const noting = () =>
      altering(NewSessionTicket, (ticket) => {
        sent.push(ticket);
        return ticket;
      });
    world.established({}, {}, [new MemoryHost(), noting()]);
    world.now += 3000;
    world.established({}, {}, [new MemoryHost(), noting()]);
    expect(sent.map(({ ticketLifetime }) => ticketLifetime)).toEqual([86_400, 86_400, 86_397]);
    expect(new Set(sent.map(({ ticketAgeAdd }) => ticketAgeAdd)).size).toBe(3);
    expect(sent.map(({ ticketNonce }) => [...ticketNonce])).toEqual([[0], [1], [0]]);
    expect(sent.flatMap(({ extensions }) => extensions)).toEqual([]);
  });

  const receiving = (change: Partial<NewSessionTicket>, client: Partial<ClientHandshakeSettings<string>> = {}) => {
    const world = new Resuming();
    const host = altering(NewSessionTicket, (ticket) => ({ ...ticket, ...change }));
    return { world, shake: () => world.established(client, {}, [new MemoryHost(), host]) };
  };

  it("are kept by a client, but for those without lifetime", () => {
    const { world, shake } = receiving({ ticketLifetime: 0 });
    shake();
    expect(world.sessions).toEqual([]);
  });

  it(`are kept by a client, ${maxTicketsKept} of a connection`, () => {
    const world = new Resuming();
    const { client } = world.established({}, { ticketCount: 0 });
    const ticket = {
      ticketLifetime: 60,
      ticketAgeAdd: 0,
      ticketNonce: new Uint8Array(0),
      ticket: Uint8Array.of(1),
      extensions: [],
    };
    for (let i = 0; i < maxTicketsKept; i += 1) client.resumption.keep(ticket);
    expect(world.sessions).toHaveLength(maxTicketsKept);
    client.resumption.keep(ticket);
    expect(world.sessions).toHaveLength(maxTicketsKept);
  });

  it.each<[string, Partial<NewSessionTicket>, string]>([
    [
      "an extension that has no place there",
      { extensions: [{ code: 10, value: new Uint8Array(2) }] },
      "forbidden_extension",
    ],
    ["flags in more bytes than they take", { extensions: [extension(tlsFlags, Uint8Array.of(1, 0))] }, "tls_flags"],
  ])("are refused for %s", (_, change, code) => {
    expect(receiving(change).shake).toThrow(expect.objectContaining({ code, alert: Alert.illegalParameter }));
    // Also by a client that keeps none.
    const { shake } = receiving(change, { sessions: resumption({ take: () => undefined, keep: () => {} }) });
    expect(shake).toThrow(expect.objectContaining({ code }));
  });

  it("may have flags and extensions that nobody knows", () => {
    const { world, shake } = receiving({
      extensions: [extension(tlsFlags, Uint8Array.of(0x81, 0, 0, 1)), { code: 0xfa57, value: new Uint8Array(3) }],
    });
    shake();
    expect(world.sessions).toHaveLength(2);
  });
});

// RFC 9846 §4.3.11#selection-checked
describe("a server that takes a pre-shared key wrongly is refused: it takes", () => {
  const answering = (
    change: (extensions: readonly Extension[]) => readonly Extension[],
    client: Partial<ClientHandshakeSettings<string>> = {},
    world = resumable(),
  ) => {
    const host = altering(ServerHello, (hello) => ({ ...hello, extensions: change(hello.extensions ?? []) }));
    return errorOf(world.shake(client, {}, [new MemoryHost(), host]).atClient);
  };
  const resumable = (): Resuming => {
    const world = new Resuming();
    world.established();
    return world;
  };
  const without = (code: number) => (extensions: readonly Extension[]) => extensions.filter((one) => one.code !== code);

  it("one that was not offered", () => {
    const psk = extension(selectedIdentity, 0);
    expect(answering((extensions) => [...extensions, psk], {}, new Resuming())).toMatchObject({
      code: "unsolicited_extension",
      alert: Alert.unsupportedExtension,
    });
    const other = extension(selectedIdentity, 1);
    expect(answering((extensions) => [...without(selectedIdentity.code)(extensions), other])).toMatchObject({
      code: "psk_not_offered",
      alert: Alert.illegalParameter,
    });
  });

  it("one without a key share", () => {
    expect(answering(without(serverShare.code))).toMatchObject({
      code: "psk_without_key_share",
      alert: Alert.illegalParameter,
    });
  });

  it("neither one nor a key share", () => {
    expect(answering(() => [])).toMatchObject({ code: "protocol_version" });
    expect(
      answering((extensions) => without(serverShare.code)(without(selectedIdentity.code)(extensions))),
    ).toMatchObject({
      code: "missing_extension",
      alert: Alert.missingExtension,
    });
  });

  it("one under a cipher suite with another hash", () => {
    const world = resumable();
    const host = altering(ServerHello, (hello) => ({ ...hello, cipherSuite: TLS_AES_256_GCM_SHA384.code }));
    expect(errorOf(world.shake({}, {}, [new MemoryHost(), host]).atClient)).toMatchObject({
      code: "psk_hash",
      alert: Alert.illegalParameter,
    });
  });
});

describe("a client's binder", () => {
  const offering = (change: (psks: OfferedPsks) => OfferedPsks, server: Partial<ServerHandshakeSettings> = {}) => {
    const world = new Resuming();
    world.established();
    const host = altering(ClientHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.map((one) =>
        one.code === offeredPsks.code ? extension(offeredPsks, change(one.value as OfferedPsks)) : one,
      ),
    }));
    return world.shake({}, server, [host, new MemoryHost()]);
  };
  const [unknown, unknownBinder] = [{ identity: Uint8Array.of(1), obfuscatedTicketAge: 0 }, new Uint8Array(32)];

  // RFC 9846 §4.3.11#binder-checked
  it("ends the handshake if it is wrong, whatever is wrong with it", () => {
    const changes: readonly ((psks: OfferedPsks) => OfferedPsks)[] = [
      ({ identities, binders }) => ({ identities, binders: binders.map((binder) => binder.map((byte) => byte ^ 1)) }),
      ({ identities }) => ({ identities, binders: [new Uint8Array(48)] }),
      ({ identities }) => ({ identities, binders: [new Uint8Array(32)] }),
      ({ identities: [first = unknown], binders }) => ({
        identities: [{ ...first, obfuscatedTicketAge: first.obfuscatedTicketAge ^ 1 }],
        binders,
      }),
    ];
    for (const change of changes) {
      const { atServer, hosts } = offering(change);
      expect(errorOf(atServer)).toMatchObject({ kind: "peer", code: "bad_binder", alert: Alert.decryptError });
      expect(told(hosts[1])).toEqual([]);
    }
  });

  it("isn't looked at if its identity isn't known: there is a full handshake then", () => {
    const { atServer } = offering(() => ({ identities: [unknown], binders: [unknownBinder] }));
    // The transcripts differ, since the hello was changed: but that is seen at the end only.
    expect(errorOf(atServer)).toBeUndefined();
  });

  // RFC 9846 §F.6
  it("and an identity look alike at a server without a certificate", () => {
    const none = { selectCredential: () => undefined };
    const unknownIdentity = offering(() => ({ identities: [unknown], binders: [unknownBinder] }), none);
    const wrongBinder = offering(({ identities }) => ({ identities, binders: [unknownBinder] }), {
      ...none,
      // What the ticket belongs to has to be the same.
      selectCredential: () => ({ ...credential(), signatureSchemes: [] }),
    });
    expect(errorOf(unknownIdentity.atServer)).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
    expect(String(errorOf(unknownIdentity.atServer))).toBe(String(errorOf(wrongBinder.atServer)));
  });
});

describe("a session without a key exchange (psk_ke)", () => {
  const dangerous = { dangerousPskWithoutKeyExchange: true };
  const pskKeAlone = () =>
    altering(ClientHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.map((one) =>
        one.code === pskKeyExchangeModes.code ? extension(pskKeyExchangeModes, [0]) : one,
      ),
    }));

  it("is resumed by neither side that isn't told to", () => {
    const world = new Resuming();
    world.established();
    // A server passes over the offer; that the hello was changed is seen by the client at the end.
    const { hosts } = world.shake({}, {}, [pskKeAlone(), new MemoryHost()]);
    expect(told(hosts[1])).toContain("sent Certificate (handshake)");
    const other = new Resuming();
    other.established();
    const host = altering(ServerHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.filter(({ code }) => code !== serverShare.code),
    }));
    expect(errorOf(other.shake({}, {}, [new MemoryHost(), host]).atClient)).toMatchObject({
      code: "psk_without_key_share",
    });
  });

  // RFC 9846 §4.2.1#psk-mode, §4.3.8#psk-ke-share, §4.3.9#listed, §4.3.9#psk-ke
  it("is resumed by two that are told to, if they have no group in common, and has no key share then", () => {
    const world = new Resuming();
    world.established(dangerous, dangerous);
    const { client, server } = world.established(dangerous, { ...dangerous, namedGroups: [secp384r1] });
    for (const { negotiated } of [client, server]) {
      expect(negotiated).toMatchObject({ resumed: true, namedGroup: undefined });
    }
    expect(client.secrets.exporter.dangerouslyExpose()).toEqual(server.secrets.exporter.dangerouslyExpose());
    // Without a session there is nothing that both can do.
    world.sessions.length = 0;
    const { atServer } = world.shake(dangerous, { ...dangerous, namedGroups: [secp384r1] });
    expect(errorOf(atServer)).toMatchObject({ code: "no_common_group", alert: Alert.handshakeFailure });
  });

  // RFC 9846 §4.3.9#sent, §4.3.11#last
  it("is offered behind its modes, and last of all", () => {
    const world = new Resuming();
    world.established(dangerous, dangerous);
    for (const [client, modes] of [
      [dangerous, [1, 0]],
      [{}, [1]],
    ] as const) {
      const { hosts } = world.established(client, {});
      const [hello] = hosts[0].events;
      if (hello?.type !== "sent") throw new TypeError("no hello");
      const message = decodeMessage(ClientHello, hello.bytes);
      expect(extensionIn(message, pskKeyExchangeModes)).toEqual(modes);
      expect(message.extensions?.at(-1)?.code).toBe(offeredPsks.code);
    }
  });

  // RFC 9325 §3.4#psk-dhe, §3.4#key-share
  it("has a key exchange nevertheless between two that can do both", () => {
    const world = new Resuming();
    world.established(dangerous, dangerous);
    expect(world.established(dangerous, dangerous).client.negotiated).toMatchObject({
      resumed: true,
      namedGroup: x25519,
    });
  });
});

/** A client that asks for so many tickets. */
function asking(newSessionCount: number, resumptionCount: number): Partial<ClientHandshakeSettings<string>> {
  return { ticketRequest: { newSessionCount, resumptionCount } };
}
