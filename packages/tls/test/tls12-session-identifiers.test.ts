import { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 } from "@tlskit/ciphersuites";
import { type ServerHello, sessionTicket } from "@tlskit/messages";
import {
  type ClientSession,
  decodeClientSession,
  encodeClientSession,
  type SessionIdentifiers,
  StoredTickets,
} from "@tlskit/sessions";
import { type LinkOptions, seededRandom } from "@tlskit/testing";
import { type ClientOptions, type ClientTarget, type ServerOptions, tls12, tls12With, tls13 } from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { run } from "./helpers/fleet.ts";
import { Fleet12, noting, tls12Without } from "./helpers/fleet12.ts";
import { changingClientHello, changingServerHello, type Edit } from "./helpers/middle12.ts";
import { host } from "./helpers/world.ts";

/** For clients that take no tickets. */
const plain = { versions: [tls12Without(sessionTicket)] };

/** When all promises that can be kept have been. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

/** One whose servers keep sessions. */
class StoringFleet extends Fleet12 {
  readonly stored = new StoredTickets({ random: seededRandom(9), clock: this.clock });

  override made(
    client?: Partial<ClientOptions>,
    server?: Partial<ServerOptions>,
    ...more: [target?: Partial<ClientTarget>, link?: LinkOptions]
  ) {
    return super.made(client, { tickets: this.stored, ...server }, ...more);
  }

  /** A connection, what was sent in it, and what the hellos have for session ids. */
  watched(client?: Partial<ClientOptions>, server?: Partial<ServerOptions>) {
    const sent: { client: number[]; server: number[] } = { client: [], server: [] };
    const ids: Uint8Array[] = [];
    const note = ({ legacySessionId }: { readonly legacySessionId: Uint8Array }) => {
      ids.push(legacySessionId);
      return {};
    };
    const noteEcho = ({ legacySessionIdEcho }: ServerHello) => {
      ids.push(legacySessionIdEcho);
      return {};
    };
    const [atClient, atServer] = [changingClientHello(note), changingServerHello(noteEcho)];
    const made = this.spoilt(
      {
        client: (passing) => noting(sent.client)(atClient(passing)),
        server: (passing) => noting(sent.server)(atServer(passing)),
      },
      client,
      server,
    );
    return { sent, ids, info: made.atClient.info };
  }

  /** A session that a client without tickets was given, and that its store hasn't got any more. */
  given(): ClientSession {
    this.connected(plain);
    const bytes = this.sessions.take(host);
    const session = bytes && decodeClientSession(bytes);
    if (session === undefined) throw new TypeError("no session");
    return session;
  }

  /** The same connections with identifiers in place of what this store would do. */
  withIdentifiers(identifiers: Partial<SessionIdentifiers>): Partial<ServerOptions> {
    const { stored } = this;
    return {
      tickets: {
        ticketFor: (session, expiresAt) => stored.ticketFor(session, expiresAt),
        sessionOf: (ticket) => stored.sessionOf(ticket),
        identifiers: { ...stored.identifiers, ...identifiers },
      },
    };
  }
}

describe("a session identifier (RFC 5246 §7.4.1.2, §7.4.1.3)", () => {
  // RFC 5246 §7.3#abbreviated
  it("is given to a client without tickets, and resumes the session over and over", () => {
    const fleet = new StoringFleet();
    const full = fleet.watched(plain);
    expect(full.sent.server).toEqual([2, 11, 12, 14, 0]);
    expect(full.ids.map(({ length }) => length)).toEqual([0, 32]);
    for (let again = 0; again < 3; again += 1) {
      const { sent, ids, info } = fleet.watched(plain);
      expect(sent).toEqual({ client: [1, 0], server: [2, 0] });
      expect(ids).toEqual([full.ids[1], full.ids[1]]);
      expect(info).toMatchObject({ resumed: true, signatureScheme: full.info?.signatureScheme });
    }
  });

  it("is a ticket for a client that takes these, which stays the same", () => {
    const fleet = new StoringFleet();
    const full = fleet.watched();
    expect(full.sent.server).toEqual([2, 11, 12, 14, 4, 0]);
    expect(full.ids.map(({ length }) => length)).toEqual([0, 0]);
    const session = fleet.session();
    expect(session.ticket).toHaveLength(32);
    expect(session.sessionId).toHaveLength(0);
    for (let again = 0; again < 3; again += 1) {
      expect(fleet.watched()).toMatchObject({ sent: { client: [1, 0], server: [2, 0] }, info: { resumed: true } });
    }
  });

  it("is none where tickets are the sessions themselves", () => {
    const fleet = new StoringFleet();
    const sealed = { tickets: fleet.tickets };
    expect(fleet.watched(plain, sealed).ids.map(({ length }) => length)).toEqual([0, 0]);
    expect(fleet.sessions.bytes).toBe(0);
    expect(fleet.watched(plain, sealed).info?.resumed).toBe(false);
  });

  it("is none at a server that gives no tickets", () => {
    const fleet = new StoringFleet();
    expect(fleet.watched(plain, { ticketCount: 0 }).ids[1]).toHaveLength(0);
    expect(fleet.stored.bytes).toBe(0);
  });

  it("is offered by a client that has TLS 1.3 as well, whose random one is nobody's session", () => {
    const versions = [tls13, tls12Without(sessionTicket)];
    const fleet = new StoringFleet();
    const full = fleet.watched({ versions });
    expect(full.ids.map(({ length }) => length)).toEqual([32, 32]);
    expect(full.ids[0]).not.toEqual(full.ids[1]);
    const again = fleet.watched({ versions });
    expect(again.ids).toEqual([full.ids[1], full.ids[1]]);
    expect(again.info?.resumed).toBe(true);
    // A server that has TLS 1.3 by now
    expect(fleet.watched({ versions }, { versions: [tls13, tls12] }).info).toMatchObject({
      version: 0x0304,
      resumed: false,
    });
  });

  // RFC 5077 §3.4#ticket-alone
  it("means nothing beside a ticket", () => {
    const fleet = new StoringFleet();
    const known = fleet.given();
    const offering = (session: ClientSession) =>
      fleet.resumed({ sessions: undefined }, {}, { session: encodeClientSession(session) });
    expect(offering({ ...known, ticket: new Uint8Array(32).fill(7) })).toBe(false);
    expect(offering({ ...known, sessionId: new Uint8Array(32).fill(7), ticket: known.sessionId })).toBe(true);
    expect(offering(known)).toBe(true);
  });

  it("is kept when the client's Finished was right, and not before", () => {
    const fleet = new StoringFleet();
    let isProtected = false;
    const client: Edit = (passing) =>
      passing.map(({ type, body }) => {
        const isFinished = type === 22 && isProtected;
        if (type === 20) isProtected = true;
        return { type, body: isFinished ? body.map((byte) => byte ^ 1) : body };
      });
    expect(fleet.spoilt({ client }, plain).atServer.error).toBeDefined();
    expect(fleet.stored.bytes).toBe(0);
  });

  it("is resumed under the same cipher suite, context and application protocols alone", () => {
    const one = { versions: [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })] };
    const other = { versions: [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384] })] };
    for (const [before, after] of [
      [one, other],
      [{ sessionContext: "a" }, { sessionContext: "b" }],
      [{ alpnProtocols: ["h2"] }, { alpnProtocols: ["http/1.1"] }],
    ]) {
      const fleet = new StoringFleet();
      fleet.connected(plain, before);
      expect(fleet.resumed(plain, after)).toBe(false);
      expect(fleet.resumed(plain, after)).toBe(true);
    }
  });

  it("is over with its session", () => {
    const fleet = new StoringFleet();
    fleet.connected(plain);
    fleet.later = 86_399_000;
    expect(fleet.resumed(plain)).toBe(true);
    fleet.later = 86_400_000;
    expect(fleet.resumed(plain)).toBe(false);
  });
});

describe("a store of sessions", () => {
  const refusing = (): never => {
    throw new RangeError("no store");
  };

  it.each<[string, Partial<SessionIdentifiers>, number]>([
    ["has no name", { next: refusing }, 2],
    ["has names that are too long", { next: () => new Uint8Array(33) }, 2],
    ["has an empty name", { next: () => new Uint8Array(0) }, 2],
    ["throws", { keep: refusing }, 2],
    ["fails later", { keep: () => Promise.reject(new RangeError("no store")) }, 2],
    ["never answers", { keep: () => new Promise<void>(() => {}) }, 0],
  ])("that %s breaks no handshake, and holds none up", async (_, identifiers, failing) => {
    const fleet = new StoringFleet();
    const failures: unknown[] = [];
    const server = {
      ...fleet.withIdentifiers(identifiers),
      resumptionFailed: (error: unknown) => void failures.push(error),
    };
    for (let again = 0; again < 2; again += 1) expect(fleet.resumed(plain, server)).toBe(false);
    await soon();
    expect(failures).toHaveLength(failing);
  });

  it("that asks elsewhere is asked when the handshake is done, and resumes later", async () => {
    const fleet = new StoringFleet();
    const asked: (() => void)[] = [];
    const keep: SessionIdentifiers["keep"] = (...given) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push(() => {
        fleet.stored.identifiers.keep(...given);
        resolve();
      });
      return promise;
    };
    const server = fleet.withIdentifiers({ keep });
    fleet.connected(plain, server);
    expect(fleet.stored.bytes).toBe(0);
    asked.pop()?.();
    await soon();
    expect(fleet.resumed(plain, server)).toBe(true);
  });
});

// RFC 5246 §7.2.2#session-forgotten
describe("a session of TLS 1.2 whose connection failed", () => {
  const clients = [
    ["an identifier", plain],
    ["a ticket", {}],
  ] as const;

  it.each(clients)("is forgotten at both ends, by %s", (_, client) => {
    for (const failing of ["client", "server"] as const) {
      for (const again of [false, true]) {
        const fleet = new StoringFleet();
        if (again) fleet.connected(client);
        const made = fleet.connected(client);
        expect([fleet.sessions.bytes > 0, fleet.stored.bytes > 0]).toEqual([true, true]);
        made[failing].abort();
        made.network.run();
        expect([fleet.sessions.bytes, fleet.stored.bytes]).toEqual([0, 0]);
      }
    }
  });

  it.each(clients)("is kept after an orderly end, and after a truncation, by %s", (_, client) => {
    const fleet = new StoringFleet();
    const orderly = fleet.connected(client);
    orderly.client.close();
    orderly.network.run();
    expect(fleet.resumed(client)).toBe(true);
    const cut = fleet.connected(client);
    cut.client.receiveEnd();
    cut.server.receiveEnd();
    cut.network.run();
    expect([cut.atClient.error?.code, cut.atServer.error?.code]).toEqual(["truncated", "truncated"]);
    expect(fleet.resumed(client)).toBe(true);
  });

  it("is forgotten when it has been kept, where that takes a while", async () => {
    const fleet = new StoringFleet();
    const order: string[] = [];
    const kept = Promise.withResolvers<void>();
    const made = fleet.connected(
      plain,
      fleet.withIdentifiers({
        keep: () => kept.promise.then(() => void order.push("kept")),
        forget: () => void order.push("forgotten"),
      }),
    );
    made.server.abort();
    made.network.run();
    expect(order).toEqual([]);
    kept.resolve();
    await soon();
    expect(order).toEqual(["kept", "forgotten"]);
  });

  it("is nobody else's to take away, who has seen its identifier go by", () => {
    const fleet = new StoringFleet();
    const known = fleet.given();
    const stolen = encodeClientSession({ ...known, secret: new Uint8Array(48).fill(1) });
    const { atClient, atServer } = run(fleet.made({ sessions: undefined }, {}, { session: stolen }));
    expect([atClient.error?.code, atServer.info]).toEqual(["bad_record_mac", undefined]);
    expect(fleet.resumed({}, {}, { session: encodeClientSession(known) })).toBe(true);
  });

  it("whose ticket is the session itself is forgotten at the client", () => {
    const fleet = new Fleet12();
    const made = fleet.connected();
    made.server.abort();
    made.network.run();
    expect(fleet.sessions.bytes).toBe(0);
  });

  it("of TLS 1.3 stays good", () => {
    const fleet = new StoringFleet();
    const versions = [tls13];
    const made = fleet.connected({ versions }, { versions });
    made.server.abort();
    made.network.run();
    expect(fleet.resumed({ versions }, { versions })).toBe(true);
  });
});

describe("session identifiers beside tickets that are made otherwise", () => {
  it("are for clients alone that take none", () => {
    const fleet = new StoringFleet();
    const kept: string[] = [];
    const issued: string[] = [];
    const { stored } = fleet;
    const server = {
      tickets: {
        ticketFor: (session: Uint8Array, expiresAt: number) => {
          const ticket = stored.ticketFor(session, expiresAt);
          issued.push(toHex(ticket ?? new Uint8Array(0)));
          return ticket;
        },
        sessionOf: (ticket: Uint8Array) => stored.sessionOf(ticket),
        identifiers: {
          ...stored.identifiers,
          besideTickets: true,
          keep: (identifier: Uint8Array, session: Uint8Array, expiresAt: number) => {
            kept.push(toHex(identifier));
            return stored.identifiers.keep(identifier, session, expiresAt);
          },
        },
      },
    };
    const resumed = (client?: Partial<ClientOptions>) => fleet.connected(client, server).atServer.info?.resumed;
    expect([resumed(), kept.length, issued.length]).toEqual([false, 0, 1]);
    // What is in a ticket is made anew.
    expect([resumed(), kept.length, issued.length]).toEqual([true, 0, 2]);
    fleet.sessions.take(host);
    expect([resumed(plain), kept.length, issued.length]).toEqual([false, 1, 2]);
    expect([resumed(plain), kept.length, issued.length]).toEqual([true, 1, 2]);
  });
});
