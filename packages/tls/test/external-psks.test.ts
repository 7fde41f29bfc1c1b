import { nodeProvider } from "@tlskit/crypto-node";
import { MemorySessionStore } from "@tlskit/sessions";
import { InMemoryNetwork, LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import {
  Alert,
  ClientContext,
  ExternalPsk,
  explainTraced,
  externalPskOffers,
  type OfferedIdentity,
  PskClient,
  PskClientContext,
  type PskClientInfo,
  type PskClientOptions,
  peerError,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsError,
  TlsServer,
  tls12,
  tls13,
  type VerifiedChain,
} from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Recorder } from "./helpers/under-test.ts";
import { connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const key = Uint8Array.from({ length: 32 }, (_, i) => 0xa0 + i);
const psk = new ExternalPsk({ identity: asciiBytes("client 1"), key });
const other = new ExternalPsk({ identity: asciiBytes("client 2"), key: new Uint8Array(16).fill(2) });
const imported = new ExternalPsk({ identity: asciiBytes("client 1"), key, importContext: asciiBytes("a b") });

interface Options {
  readonly client?: Partial<PskClientOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly tasks?: LateTasks;
}

/** A client with pre-shared keys and a server that has nothing else, wired and run until it is quiet. */
function connected({ client = {}, server = {}, tasks }: Options = {}) {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const common = { provider, clock: network.clock, externalPsks: [psk] };
  const atClient = new Recorder<PskClientInfo>(left.write, left.end);
  const atServer = new Recorder<ServerInfo>(right.write, right.end);
  const end = new PskClient(
    new PskClientContext({ resumption, ...common, random: seededRandom(1), ...client }),
    { host },
    atClient,
  );
  const serverEnd = new TlsServer(
    new ServerContext({ ...common, random: seededRandom(2), certificates: [], ...server }),
    atServer,
  );
  left.attach(end);
  right.attach(serverEnd);
  serverEnd.start();
  end.start();
  network.run();
  return { network, client: end, server: serverEnd, atClient, atServer };
}

describe("a client and a server with a pre-shared key", () => {
  it.each([
    ["as it is", psk],
    ["imported", imported],
  ])("need no certificates and no anchors: %s", (_how, one) => {
    const { network, client, server, atClient, atServer } = connected({
      client: { externalPsks: [one] },
      server: { externalPsks: [other, one] },
    });
    for (const { info } of [atClient, atServer]) {
      expect(info).toMatchObject({ peer: undefined, serverCertificates: [], signatureScheme: undefined });
      expect(info?.externalPsk).toBe(one);
    }
    client.send(asciiBytes("hello"));
    server.send(asciiBytes("world"));
    network.run();
    expect([atServer.text, atClient.text]).toEqual(["hello", "world"]);
    expect(client.exportKeyingMaterial("EXPERIMENTAL", key, 32)).toEqual(
      server.exportKeyingMaterial("EXPERIMENTAL", key, 32),
    );
  });

  it("wait for a provider and a lookup that answer later", () => {
    const tasks = new LateTasks(seededRandom(5));
    const find = () => ({ then: (done: (found: ExternalPsk) => void) => tasks.later(() => done(psk)) });
    const { atClient, atServer } = connected({ tasks, server: { externalPsks: find } });
    expect([atClient.info?.externalPsk, atServer.info?.externalPsk]).toEqual([psk, psk]);
  });

  it("resume sessions as long as they have it", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const tickets = sharedTickets();
    const resumed = (server: Partial<ServerOptions> = {}) =>
      connected({ client: { sessions }, server: { tickets, ...server } }).atServer.info?.resumed;
    expect([resumed(), resumed()]).toEqual([false, true]);
    expect(resumed({ externalPsks: [other] })).toBeUndefined();
  });

  it("tell the peer what is wrong, and nothing of the key", () => {
    const wrong = new ExternalPsk({ identity: psk.identity, key: key.toReversed() });
    const ends = [
      connected({ client: { externalPsks: [wrong] } }),
      connected({ client: { externalPsks: [other] } }),
      connected({
        server: {
          externalPsks: () => {
            throw peerError("locked", Alert.accessDenied, "locked out");
          },
        },
      }),
    ];
    expect(ends.map(({ atServer }) => [atServer.error?.code, atServer.error?.alert])).toEqual([
      ["bad_binder", Alert.decryptError],
      ["bad_binder", Alert.decryptError],
      ["locked", Alert.accessDenied],
    ]);
    for (const { atClient, atServer } of ends) {
      expect(atClient.error).toMatchObject({ kind: "alert", alert: atServer.error?.alert });
      const told = [...atClient.traced, ...atServer.traced].flatMap((event) =>
        event.type === "message" ? [JSON.stringify(explainTraced(event))] : [],
      );
      const all = [...told, atServer.error?.stack, atClient.error?.stack].join().toLowerCase();
      expect(all).not.toContain(Buffer.from(key).toString("hex").slice(0, 16));
      expect(all).not.toContain(Buffer.from(key.toReversed()).toString("hex").slice(0, 16));
    }
  });
});

function sharedTickets(): NonNullable<ServerOptions["tickets"]> {
  const kept = new Map<string, Uint8Array>();
  return {
    ticketFor: (session) => {
      const ticket = new Uint8Array(16).fill(kept.size + 1);
      kept.set(ticket.join(), session);
      return ticket;
    },
    sessionOf: (ticket) => kept.get(ticket.join()),
  };
}

describe("a client with pre-shared keys", () => {
  it("that trusts nobody's certificate is refused by servers that have nothing else", () => {
    const { atClient, atServer } = connected({
      server: { externalPsks: [], certificates: sharedPki().certificates.slice(0, 1) },
    });
    expect(atServer.error).toMatchObject({ code: "missing_extension", alert: Alert.missingExtension });
    expect(atClient.error).toMatchObject({ kind: "alert" });
  });

  it("that trusts authorities accepts a certificate instead", () => {
    const certificates = sharedPki().certificates.slice(0, 1);
    const { anchors } = sharedPki();
    const byCertificate = connected({ client: { anchors }, server: { externalPsks: [other], certificates } });
    expect(byCertificate.atClient.info?.externalPsk).toBeUndefined();
    expect(byCertificate.atClient.info?.peer?.certificates).toHaveLength(certificates[0]?.chain.length ?? 0);
    const byPsk = connected({ client: { anchors }, server: { certificates } });
    expect(byPsk.atClient.info).toMatchObject({ peer: undefined, externalPsk: psk });
  });

  it("tells by its types that there may be no chain, and others that there is", () => {
    expectTypeOf<PskClientInfo["peer"]>().toEqualTypeOf<VerifiedChain | undefined>();
    expectTypeOf<NonNullable<TlsClient["info"]>["peer"]>().toEqualTypeOf<VerifiedChain>();
  });
});

describe("a client with pre-shared keys and TLS 1.2", () => {
  const versions = [tls13, tls12];

  it("uses keys in TLS 1.3 alone, and takes a certificate by either, if it trusts any (RFC 9258 §5.1#tls13-alone)", () => {
    const { anchors, certificates } = sharedPki();
    const to = (server: Partial<ServerOptions>) =>
      connected({ client: { anchors, versions }, server: { certificates, ...server } }).atClient.info;
    expect(to({ versions })).toMatchObject({ version: 0x0304, externalPsk: psk, peer: undefined });
    const older = to({ versions: [tls12] });
    expect(older).toMatchObject({ version: 0x0303, externalPsk: undefined });
    expect(older?.peer?.certificates).not.toHaveLength(0);
  });

  it("has to trust somebody: there is no TLS 1.2 without certificates here", () => {
    const options = { provider: nodeProvider, clock: () => now, random: seededRandom(1), externalPsks: [psk] };
    expect(() => new PskClientContext({ ...options, versions })).toThrow(
      expect.objectContaining({ kind: "caller", code: "unsupported_choice" }),
    );
  });
});

describe("a certificate besides a pre-shared key (RFC 8773)", () => {
  const both = { externalPsks: [psk], certificateWithExternalPsk: true };

  it("is verified as ever", () => {
    const { atClient, atServer } = connect(pair({ client: both, server: both }));
    expect(atClient.info?.externalPsk).toBe(psk);
    expect(atClient.info?.peer.certificates).not.toHaveLength(0);
    expect(atServer.info?.externalPsk).toBe(psk);
    expect(connect(pair({ client: both, server: both, host: "other.example" })).atClient.error).toMatchObject({
      code: "certificate_name_mismatch",
    });
  });

  it("is what its client insists on", () => {
    for (const server of [{}, { externalPsks: [psk] }, { ...both, externalPsks: [other] }]) {
      expect(connect(pair({ client: both, server })).atClient.error).toMatchObject({ code: "missing_extension" });
    }
  });
});

describe("contexts with pre-shared keys", () => {
  const common = { provider: nodeProvider, clock: () => now, random: seededRandom(1) };
  const { anchors, certificates } = sharedPki();

  it.each<[string, string, () => unknown]>([
    [
      "a client of certificates with keys instead",
      "psk_client_needed",
      () => new ClientContext({ ...common, anchors, externalPsks: [psk], externalPskOffers }),
    ],
    [
      "a client of keys that doesn't name what offers them",
      "no_psk_offers",
      () => new ClientContext({ ...common, anchors, externalPsks: [psk], certificateWithExternalPsk: true }),
    ],
    ["a client of keys without any", "no_external_psks", () => new PskClientContext({ ...common, externalPsks: [] })],
    [
      "a client of keys that wants a certificate besides",
      "unknown_option",
      () => new PskClientContext({ ...common, externalPsks: [psk], certificateWithExternalPsk: true } as never),
    ],
    ["a server without anything", "no_certificates", () => new ServerContext({ ...common, certificates: [] })],
    [
      "a server that is to show certificates besides keys, and has none",
      "no_certificates",
      () => new ServerContext({ ...common, certificates: [], externalPsks: [psk], certificateWithExternalPsk: true }),
    ],
    [
      "a key that isn't an ExternalPsk",
      "invalid_argument",
      () => new ServerContext({ ...common, certificates, externalPsks: [{ identity: key, key }] as never }),
    ],
    [
      "the other client's context",
      "invalid_argument",
      () =>
        new PskClient(
          new ClientContext({ ...common, anchors }) as never,
          { host },
          new Recorder(
            () => {},
            () => {},
          ),
        ),
    ],
    [
      "the other client",
      "invalid_argument",
      () =>
        new TlsClient(
          new PskClientContext({ ...common, externalPsks: [psk] }) as never,
          { host },
          new Recorder(
            () => {},
            () => {},
          ),
        ),
    ],
  ])("refuse %s", (_what, code, make) => {
    expect(make).toThrow(TlsError);
    expect(make).toThrow(expect.objectContaining({ kind: "caller", code }));
  });
});

describe("a client that is asked for its key", () => {
  const alone = { externalPsks: undefined, externalPskFor: () => psk };

  it("is asked for TLS 1.3 before its hello, at once or later", () => {
    const wanted: unknown[] = [];
    const atOnce = connected({
      client: {
        externalPsks: undefined,
        externalPskFor: (wish) => {
          wanted.push(wish);
          return psk;
        },
      },
    });
    expect(wanted).toEqual([{ protocol: "TLS 1.3", hint: undefined }]);
    expect([atOnce.atClient.info?.externalPsk, atOnce.atServer.info?.externalPsk]).toEqual([psk, psk]);
    const tasks = new LateTasks(seededRandom(6));
    const later = { then: (done: (found: ExternalPsk) => void) => tasks.later(() => done(psk)) };
    const { atServer } = connected({ tasks, client: { externalPsks: undefined, externalPskFor: () => later } });
    expect(atServer.info?.externalPsk).toBe(psk);
  });

  it("has it besides those that it has, and a session that began with it is resumed", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const tickets = sharedTickets();
    const client = { externalPsks: [other], externalPskFor: () => psk, sessions };
    const resumed = [1, 2].map(() => connected({ client, server: { tickets } }).atServer.info?.resumed);
    expect(resumed).toEqual([false, true]);
    expect(connected({ client, server: { externalPsks: [other] } }).atServer.info?.externalPsk).toBe(other);
  });

  it("ends the handshake where there is none, unless certificates are accepted", () => {
    const none = { externalPsks: undefined, externalPskFor: () => undefined };
    expect(connected({ client: none }).atClient.error).toMatchObject({ kind: "caller", code: "no_external_psks" });
    const { anchors, certificates } = sharedPki();
    const { atClient } = connected({ client: { ...none, anchors }, server: { certificates } });
    expect(atClient.info).toMatchObject({ externalPsk: undefined, resumed: false });
  });

  it("refuses what is no such key", () => {
    const error = (externalPskFor: () => unknown) =>
      connected({ client: { externalPsks: undefined, externalPskFor: externalPskFor as () => never } }).atClient.error;
    const of12 = new ExternalPsk({ identity: psk.identity, key, protocol: "TLS 1.2" });
    expect(error(() => of12)).toMatchObject({ kind: "caller", code: "unsupported_choice" });
    expect(error(() => "key")).toMatchObject({ kind: "caller", code: "invalid_argument" });
    const twice = { externalPsks: [psk], externalPskFor: () => psk };
    expect(connected({ client: twice }).atClient.error).toMatchObject({ code: "duplicate_external_psk" });
  });

  it("is a PskClient, whether or not it has others", () => {
    const given = { provider: nodeProvider, random: seededRandom(1), clock: () => now };
    expect(() => new PskClientContext(given)).toThrow(expect.objectContaining({ code: "no_external_psks" }));
    expect(new PskClientContext({ ...given, ...alone }).settings.externalPsks).toEqual([]);
    expect(() => new ClientContext({ ...given, ...alone, externalPskOffers, anchors: sharedPki().anchors })).toThrow(
      expect.objectContaining({ code: "psk_client_needed" }),
    );
  });
});

describe("a server's connection that finds keys itself", () => {
  const finding = (server: Partial<ServerOptions>) => {
    const network = new InMemoryNetwork({ now });
    const { left, right } = network.link();
    const common = { provider: nodeProvider, clock: network.clock };
    const [atClient, atServer] = [
      new Recorder<PskClientInfo>(left.write, left.end),
      new Recorder<ServerInfo>(right.write, right.end),
    ];
    const asked: string[] = [];
    const handlers = Object.assign(atServer, {
      findExternalPsk: ({ identity }: OfferedIdentity) => {
        asked.push(Buffer.from(identity).toString());
        return psk;
      },
    });
    const client = new PskClient(
      new PskClientContext({ ...common, random: seededRandom(1), externalPsks: [psk] }),
      { host },
      atClient,
    );
    const context = new ServerContext({ ...common, random: seededRandom(2), certificates: [], ...server });
    const end = new TlsServer(context, handlers);
    left.attach(client);
    right.attach(end);
    end.start();
    client.start();
    network.run();
    return { asked, psk: atServer.info?.externalPsk };
  };

  it("is asked in place of its context's function", () => {
    const context = (): never => {
      throw new RangeError("the connection knows");
    };
    expect(finding({ externalPsks: context })).toEqual({ asked: ["client 1"], psk });
  });

  it("isn't where the context has a list", () => {
    expect(finding({ externalPsks: [psk] })).toEqual({ asked: [], psk });
  });
});
