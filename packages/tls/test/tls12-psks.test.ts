import {
  availableTls12CipherSuites,
  ffdhe2048,
  ffdhe3072,
  secp256r1,
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_DHE_PSK_WITH_AES_256_CBC_SHA,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_PSK_WITH_AES_128_CBC_SHA,
  TLS_PSK_WITH_AES_128_GCM_SHA256,
  TLS_RSA_PSK_WITH_AES_128_CBC_SHA,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  tls12CipherSuites,
  x25519,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  DhePskServerKeyExchange,
  EcdhePskClientKeyExchange,
  EcdhePskServerKeyExchange,
  PskClientKeyExchange,
  PskServerKeyExchange,
  RsaPskClientKeyExchange,
  ServerHelloDone,
  Tls12Certificate,
  Tls12CertificateRequest,
} from "@tlskit/messages";
import { GivenTicketKeys, MemorySessionStore, SealedTickets } from "@tlskit/sessions";
import { LateTasks, seededRandom } from "@tlskit/testing";
import {
  Alert,
  ClientContext,
  ExternalPsk,
  type ExternalPskFor,
  externalPskOffers,
  type OfferedIdentity,
  ownCertificates,
  PskClientContext,
  ServerContext,
  tls12,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { dangerousDhAnon } from "@tlskit/tls/dangerous-anonymous";
import { tls10With, tls11With } from "@tlskit/tls/legacy";
import { dhePskWith, ecdhePsk, ecdhePskWith, type PskOptions, pskWith, rsaPskWith } from "@tlskit/tls/psk";
import { asciiBytes, peerError, toHex } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import { before, changing, type Edit, message, ofType, without } from "./helpers/middle12.ts";
import {
  connectedByPsk,
  exchanged,
  keyExchanges,
  keyOf12,
  ours,
  type PskPairOptions,
  withSuites,
} from "./helpers/psk12.ts";
import { clientPki, connect, now, pair, sharedPki } from "./helpers/world.ts";

const other = keyOf12("client 2", 7);
const wrong = keyOf12("client 1", 8);
const anchors = sharedPki().anchors;
type Connected = ReturnType<typeof connectedByPsk>;

/** Connected with one suite; whoever has RSA_PSK needs to trust somebody. */
const by = (suite: Tls12CipherSuite, { client, ...options }: PskPairOptions = {}): Connected =>
  connectedByPsk({
    versions: withSuites(suite),
    client: suite.certificateKey === undefined ? { ...client } : { anchors, ...client },
    ...options,
  });

/** One suite of each key exchange. */
const four = [
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_PSK_WITH_AES_128_GCM_SHA256,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256,
] as const;
const [, , plain, withRsa] = four;
const each = four.map((suite) => [suite.keyExchange, suite] as const);

/** TLS 1.2 whose key exchanges with pre-shared keys are told something. */
const told = (suite: Tls12CipherSuite, options: PskOptions) => [
  tls12With({
    cipherSuites: [suite],
    keyExchanges: [ecdhePskWith(options), dhePskWith(options), pskWith(options), rsaPskWith(options)],
  }),
];

const messagesSent = (side: Connected["atClient"] | Connected["atServer"]): readonly string[] =>
  side.traced.flatMap((event) =>
    event.direction === "sent" && event.type === "message" ? [event.messageType.name] : [],
  );

function expectBoth({ atClient, atServer, keyLogs }: Connected, psk: ExternalPsk): void {
  expect([atClient.error, atServer.error]).toEqual([undefined, undefined]);
  for (const { info } of [atClient, atServer]) {
    expect(info).toMatchObject({ version: 0x0303, signatureScheme: undefined });
    expect(info?.externalPsk?.identity).toEqual(psk.identity);
  }
  expect(keyLogs[0]).toEqual(keyLogs[1]);
  expect(keyLogs[0]).toHaveLength(1);
}

describe("every suite with a pre-shared key", () => {
  const suites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(({ keyExchange }) =>
    keyExchange.endsWith("PSK"),
  );

  test.each(suites.map((suite) => [suite.name, suite] as const))("%s", (_, suite) => {
    const made = by(suite);
    expectBoth(made, ours);
    expect([made.atClient.info?.cipherSuite, made.atServer.info?.cipherSuite]).toEqual([suite, suite]);
    expect(exchanged(made)).toEqual(["there", "back"]);
    expect(made.client.exportKeyingMaterial("EXPERIMENTAL", undefined, 32)).toEqual(
      made.server.exportKeyingMaterial("EXPERIMENTAL", undefined, 32),
    );
  });

  it("is refused without its key exchange, when the version is made", () => {
    for (const suite of four) {
      expect(() => tls12With({ cipherSuites: [suite] })).toThrow(
        expect.objectContaining({ code: "unsupported_choice" }),
      );
    }
  });

  it("isn't there unless it is asked for", () => {
    const offered = tls12.earlier?.cipherSuites(nodeProvider) ?? [];
    expect(offered).not.toHaveLength(0);
    expect(offered.filter(({ keyExchange }) => keyExchange !== "ECDHE")).toEqual([]);
  });
});

describe.each(each)("%s", (_, suite) => {
  it("has a certificate only with RSA, asks for none otherwise, and signs nothing (RFC 4279 §2)", () => {
    const made = by(suite, { server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } } });
    const certificate = suite === withRsa ? ["Certificate"] : [];
    const request = suite === withRsa ? ["CertificateRequest"] : [];
    const exchange = suite === plain || suite === withRsa ? [] : ["ServerKeyExchange"];
    expect(messagesSent(made.atServer).slice(0, 5)).toEqual(
      [
        "ServerHello",
        ...certificate,
        ...exchange,
        ...request,
        "ServerHelloDone",
        ...(suite === withRsa ? [] : ["Finished"]),
      ].slice(0, 5),
    );
    if (suite === withRsa) expect(made.atServer.error).toMatchObject({ code: "certificate_required" });
    else expectBoth(made, ours);
  });

  it("works where everything answers later, and without an extended main secret", () => {
    const tasks = new LateTasks(seededRandom(5));
    const find = () => ({ then: (done: (found: ExternalPsk) => void) => tasks.later(() => done(ours)) });
    expectBoth(by(suite, { tasks, server: { externalPsks: find } }), ours);
  });

  it("goes by the name that the client gives, in a list or by a lookup, which is told the protocol", () => {
    expectBoth(by(suite, { client: { externalPsks: [other] }, server: { externalPsks: [ours, other] } }), other);
    const asked: OfferedIdentity[] = [];
    const find = (offered: OfferedIdentity): ExternalPsk => {
      asked.push(offered);
      return ours;
    };
    expectBoth(by(suite, { server: { externalPsks: find } }), ours);
    expect(asked).toEqual([{ identity: ours.identity, imported: undefined, protocol: "TLS 1.2" }]);
  });

  // RFC 4279 §5.3#lengths, §5.3#longer
  it.each([
    ["an identity of 128 octets and a key of 64", 128, 64],
    ["the longest of both", 8_192, 65_535],
    ["the shortest of both", 1, 16],
  ])("takes %s", (_how, identityLength, keyLength) => {
    const psk = keyOf12("n".repeat(identityLength), 3, keyLength);
    expectBoth(by(suite, { client: { externalPsks: [psk] }, server: { externalPsks: [psk] } }), psk);
  });

  // RFC 4279 §2
  it("doesn't tell whether a client's name isn't known or its key is another: decrypt_error after the same messages", () => {
    const asked = { externalPsks: () => undefined };
    const ends = [
      by(suite, { client: { externalPsks: [wrong] } }),
      by(suite, { client: { externalPsks: [other] } }),
      by(suite, { server: asked }),
      by(suite, { client: { externalPsks: [keyOf12("n".repeat(8_192), 3)] } }),
      // A key for TLS 1.3 under the same name, and one under another name, aren't what was asked for.
      by(suite, {
        server: {
          externalPsks: () => new ExternalPsk({ identity: ours.identity, key: new Uint8Array(32).fill(0xa5) }),
        },
      }),
      by(suite, { server: { externalPsks: () => other } }),
    ];
    const all = ends.map(({ atClient, atServer }) => ({
      server: [atServer.error?.code, atServer.error?.alert, atServer.error?.message],
      client: [atClient.error?.kind, atClient.error?.alert],
      sent: messagesSent(atServer),
    }));
    expect(all[0]).toMatchObject({
      server: ["wrong_psk", Alert.decryptError, expect.any(String)],
      client: ["alert", Alert.decryptError],
    });
    for (const one of all) expect(one).toEqual(all[0]);
    for (const { atClient, atServer } of ends) expect([atClient.info, atServer.info]).toEqual([undefined, undefined]);
  });

  it("does the same for an unknown name as for a wrong key: the same secrets are asked for, and digests as often", () => {
    const done = (client: ExternalPsk): unknown => {
      const counted: string[] = [];
      const random = seededRandom(7);
      const hashes = nodeProvider.hashes.map((hash) => ({
        ...hash,
        hmac: (key: Uint8Array, data: Uint8Array) => {
          counted.push(`${hash.name} ${key.length} ${data.length}`);
          return hash.hmac(key, data);
        },
      }));
      const provider = { ...nodeProvider, hashes };
      const made = by(suite, {
        client: { externalPsks: [client], random: seededRandom(3) },
        server: {
          provider,
          random: (length) => {
            counted.push(`random ${length}`);
            return random(length);
          },
        },
      });
      expect(made.atServer.error).toMatchObject({ code: "wrong_psk" });
      return counted;
    };
    const [known, unknown] = [done(wrong), done(other)];
    expect(known).not.toEqual([]);
    expect(unknown).toEqual(known);
  });

  // RFC 4279 §2
  it("tells so where it is told to, and even then nothing of a wrong key", () => {
    const versions = told(suite, { tellUnknownIdentity: true });
    const unknown = by(suite, { versions, client: { externalPsks: [other] } });
    expect(unknown.atServer.error).toMatchObject({ code: "unknown_psk_identity", alert: Alert.unknownPskIdentity });
    expect(unknown.atClient.error).toMatchObject({ kind: "alert", alert: Alert.unknownPskIdentity });
    const another = by(suite, { versions, client: { externalPsks: [wrong] } });
    expect(another.atServer.error).toMatchObject({ code: "wrong_psk", alert: Alert.decryptError });
  });

  it("lets a lookup refuse the client", () => {
    const made = by(suite, {
      server: {
        externalPsks: () => {
          throw peerError("locked", Alert.accessDenied, "locked out");
        },
      },
    });
    expect(made.atServer.error).toMatchObject({ code: "locked", alert: Alert.accessDenied });
  });

  // RFC 4279 §5.2#hint-ignored, §5.2#no-hint
  it("has no hint unless one is given, which a client passes over unless it is told otherwise", () => {
    const versions = told(suite, { identityHint: asciiBytes("choose me") });
    const made = by(suite, { server: { versions } });
    expectBoth(made, ours);
    expect(messagesSent(made.atServer)).toContain("ServerKeyExchange");
  });

  it("has its client choose a key by the hint, at once or later", () => {
    const hints: (string | undefined)[] = [];
    const client = told(suite, {
      choosePsk: (hint, psks) => {
        hints.push(hint && Buffer.from(hint).toString());
        return Promise.resolve(psks[hint === undefined ? 0 : 1]);
      },
    });
    const externalPsks = [ours, other];
    const hinting = { versions: told(suite, { identityHint: asciiBytes("the second") }), externalPsks };
    // What is promised comes when this function has returned.
    by(suite, { client: { versions: client, externalPsks }, server: hinting });
    by(suite, { client: { versions: client, externalPsks }, server: { externalPsks } });
    expect(hints).toEqual(["the second", undefined]);
    const atOnce = told(suite, { choosePsk: (hint, psks) => psks[hint === undefined ? 0 : 1] });
    expectBoth(by(suite, { client: { versions: atOnce, externalPsks }, server: hinting }), other);
  });

  it("has its client give up where it has no key for the hint, and refuse one that isn't its own", () => {
    const none = by(suite, { client: { versions: told(suite, { choosePsk: () => undefined }) } });
    expect(none.atClient.error).toMatchObject({ code: "no_psk_for_hint", alert: Alert.handshakeFailure });
    const strange = by(suite, { client: { versions: told(suite, { choosePsk: () => other }) } });
    expect(strange.atClient.error).toMatchObject({ kind: "caller", code: "unsupported_choice" });
    const nothing = by(suite, { client: { versions: told(suite, { choosePsk: () => "key" as never }) } });
    expect(nothing.atClient.error).toMatchObject({ kind: "caller", code: "invalid_argument" });
  });

  it("has its client asked for a key by the hint, where it is to be given one", () => {
    const wanted: unknown[] = [];
    const externalPskFor: ExternalPskFor = (wish) => {
      wanted.push(wish);
      return wish.hint === undefined ? undefined : other;
    };
    const hint = asciiBytes("the second");
    const server = { versions: told(suite, { identityHint: hint }), externalPsks: [ours, other] };
    expectBoth(by(suite, { client: { externalPsks: undefined, externalPskFor }, server }), other);
    // Without a hint it gives none: then it is the one that the client has.
    expectBoth(by(suite, { client: { externalPskFor } }), ours);
    expect(wanted).toEqual([
      { protocol: "TLS 1.2", hint },
      { protocol: "TLS 1.2", hint: undefined },
    ]);
    const none = by(suite, { client: { externalPsks: undefined, externalPskFor: () => undefined } });
    expect(none.atClient.error).toMatchObject({ code: "no_psk_for_hint", alert: Alert.handshakeFailure });
  });

  it("resumes sessions as long as both have the key", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const keys = new GivenTicketKeys([{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }]);
    const tickets = new SealedTickets({ provider: nodeProvider, random: seededRandom(9), keys });
    const resumed = (options: PskPairOptions = {}): unknown[] => {
      const made = by(suite, {
        ...options,
        client: { sessions, ...options.client },
        server: { tickets, ...options.server },
      });
      return [made.atClient.info?.resumed, made.atServer.info?.resumed];
    };
    expect(resumed()).toEqual([false, false]);
    const again = by(suite, { client: { sessions }, server: { tickets } });
    expectBoth(again, ours);
    expect([again.atClient.info?.resumed, again.atServer.info?.resumed]).toEqual([true, true]);
    expect(again.atClient.info?.peer === undefined).toBe(suite !== withRsa);
    expect(exchanged(again)).toEqual(["there", "back"]);
    // Who hasn't got the key any more, or another one under its name, does without.
    expect(resumed({ server: { externalPsks: [wrong] } })).toEqual([undefined, undefined]);
    expect(resumed()).toEqual([false, false]);
    expect(resumed({ client: { externalPsks: [other] }, server: { externalPsks: [other, ours] } })).toEqual([
      false,
      false,
    ]);
    expect(resumed({ server: { externalPsks: [other, ours] } })).toEqual([false, false]);
    expect(resumed({ server: { externalPsks: [other, ours] } })).toEqual([true, true]);
  });

  it("never shows the key", () => {
    const made = by(suite, { client: { externalPsks: [wrong] } });
    const all = [made.atServer.error?.stack, made.atClient.error?.stack, JSON.stringify(made.atClient.traced)].join();
    expect(all).not.toMatch(/a5a5a5a5|0808080808/i);
  });

  it("ends where somebody has changed something in the middle", () => {
    const client: Edit = (passing) => passing;
    const hint = asciiBytes("somebody's");
    const changed: Readonly<Record<string, Edit>> = {
      ECDHE_PSK: changing(EcdhePskServerKeyExchange, (each) => ({ ...each, identityHint: hint })),
      DHE_PSK: changing(DhePskServerKeyExchange, (each) => ({ ...each, identityHint: hint })),
      PSK: before(ofType(ServerHelloDone), message(PskServerKeyExchange, { identityHint: hint })),
      RSA_PSK: before(ofType(ServerHelloDone), message(PskServerKeyExchange, { identityHint: hint })),
    };
    const server = changed[suite.keyExchange];
    const made = by(suite, { middle: { client, ...(server && { server }) } });
    expect([made.atClient.info, made.atServer.info]).toEqual([undefined, undefined]);
    expect(made.atServer.error).toMatchObject({ code: "wrong_psk" });
  });

  // RFC 4279 §2: the Certificate and CertificateRequest payloads are omitted
  it("refuses messages that have no place", () => {
    const unexpected = (edit: Edit): void => {
      const made = by(suite, { middle: { server: edit } });
      expect(made.atClient.error).toMatchObject({ code: "unexpected_message", alert: Alert.unexpectedMessage });
    };
    if (suite !== withRsa) {
      unexpected(before(ofType(ServerHelloDone), message(Tls12Certificate, { certificateList: [Uint8Array.of(1)] })));
      const asking = message(Tls12CertificateRequest, {
        certificateTypes: [1],
        supportedSignatureAlgorithms: [0x0401],
        certificateAuthorities: [],
      });
      const made = by(suite, { middle: { server: before(ofType(ServerHelloDone), asking) } });
      expect(made.atClient.error).toMatchObject({
        code: "request_without_certificate",
        alert: Alert.handshakeFailure,
      });
    } else unexpected(without(ofType(Tls12Certificate)));
    if (suite !== plain && suite !== withRsa) unexpected(without(ofType(EcdhePskServerKeyExchange)));
    const twice = message(PskServerKeyExchange, { identityHint: Uint8Array.of(1) });
    if (suite === plain || suite === withRsa) unexpected(before(ofType(ServerHelloDone), twice, twice));
  });
});

describe("ECDHE_PSK", () => {
  const suite = TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256;

  it("is in a group that both have", () => {
    const made = by(suite, { client: { namedGroups: [x25519, secp256r1] }, server: { namedGroups: [secp256r1] } });
    expectBoth(made, ours);
    expect(made.atClient.info?.namedGroup).toBe(secp256r1);
    const none = by(suite, { client: { namedGroups: [x25519] }, server: { namedGroups: [secp256r1] } });
    expect(none.atServer.error).toMatchObject({ code: "no_common_group", alert: Alert.handshakeFailure });
  });

  it("refuses a group that wasn't offered, and a share that isn't on the curve", () => {
    const refused = (change: Partial<EcdhePskServerKeyExchange["params"]>): unknown =>
      by(suite, {
        client: { namedGroups: [x25519] },
        middle: {
          server: changing(EcdhePskServerKeyExchange, (each) => ({ ...each, params: { ...each.params, ...change } })),
        },
      }).atClient.error;
    expect(refused({ namedCurve: secp256r1.code })).toMatchObject({
      code: "group_not_offered",
      alert: Alert.illegalParameter,
    });
    expect(refused({ curveType: 1 })).toMatchObject({ code: "curve_type" });
    expect(refused({ public: new Uint8Array(32) })).toMatchObject({ code: "invalid_key_share" });
    const atServer = by(suite, {
      client: { namedGroups: [x25519] },
      middle: { client: changing(EcdhePskClientKeyExchange, (each) => ({ ...each, public: new Uint8Array(32) })) },
    }).atServer;
    expect(atServer.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
  });

  it("has shares of its own each time, so that the key reads nothing later", () => {
    const shares = [1, 2].map((seed) => {
      let share = "";
      const server = changing(EcdhePskServerKeyExchange, (each) => {
        share = toHex(each.params.public);
        return each;
      });
      expectBoth(by(suite, { seed, middle: { server } }), ours);
      return share;
    });
    expect(shares[0]).not.toBe(shares[1]);
  });
});

describe("DHE_PSK", () => {
  const suite = TLS_DHE_PSK_WITH_AES_128_GCM_SHA256;

  it("is in a group that both list", () => {
    const made = by(suite, {
      client: { namedGroups: [x25519, ffdhe3072] },
      server: { namedGroups: [x25519, ffdhe2048, ffdhe3072] },
    });
    expectBoth(made, ours);
    expect(made.atClient.info?.namedGroup).toBe(ffdhe3072);
    const none = by(suite, {
      client: { namedGroups: [x25519, ffdhe2048] },
      server: { namedGroups: [x25519, ffdhe3072] },
    });
    expect(none.atServer.error).toMatchObject({ code: "no_common_group", alert: Alert.insufficientSecurity });
  });

  it("refuses a group that isn't safe, though nobody has signed it", () => {
    const made = by(suite, {
      middle: {
        server: changing(DhePskServerKeyExchange, (each) => ({
          ...each,
          params: { ...each.params, p: new Uint8Array(128).fill(0xff) },
        })),
      },
    });
    expect(made.atClient.error).toMatchObject({ code: "unsafe_group", alert: Alert.insufficientSecurity });
  });
});

// RFC 4279 §4
describe("RSA_PSK", () => {
  const suite = TLS_RSA_PSK_WITH_AES_128_GCM_SHA256;

  it("tells of both proofs: the certificate's chain and the key", () => {
    const { atClient, atServer } = by(suite);
    expect(atClient.info?.peer?.certificates).toHaveLength(2);
    expect(atClient.info?.externalPsk).toBe(ours);
    expect([atServer.info?.externalPsk, atServer.info?.peer]).toEqual([ours, undefined]);
    expect(atServer.info?.serverCertificates).toHaveLength(atClient.info?.serverCertificates.length ?? 0);
  });

  it("shows clients' certificates as well", () => {
    const made = by(suite, {
      client: { certificates: ownCertificates([clientPki().certificateOf("P-256")]) },
      server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
    });
    expectBoth(made, ours);
    expect(made.atServer.info?.peer?.certificates).not.toHaveLength(0);
  });

  it("is refused with a certificate that isn't trusted, though the key is right", () => {
    const made = by(suite, { client: { anchors: clientPki().anchors } });
    expect(made.atClient.error).toMatchObject({ kind: "peer" });
    expect(made.atClient.info).toBeUndefined();
  });

  it("isn't offered by a client that accepts no certificate", () => {
    const versions = withSuites(suite, TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
    const made = connectedByPsk({ versions });
    expectBoth(made, ours);
    expect(made.atClient.info?.cipherSuite).toBe(TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
  });

  // RFC 5246 §7.4.7.1#no-oracle
  it("goes on with another secret whatever is wrong with the encrypted one, and ends as with a wrong key", () => {
    const spoilt = (change: (encrypted: Uint8Array) => Uint8Array): unknown[] => {
      const { atServer } = by(suite, {
        middle: {
          client: changing(RsaPskClientKeyExchange, (each) => ({
            ...each,
            encryptedPreliminarySecret: change(each.encryptedPreliminarySecret),
          })),
        },
      });
      return [atServer.error?.code, atServer.error?.alert, messagesSent(atServer)];
    };
    const all = [
      spoilt((encrypted) => encrypted.map((byte, at) => (at === 100 ? byte ^ 1 : byte))),
      spoilt((encrypted) => encrypted.subarray(1)),
      spoilt(() => new Uint8Array(0)),
      spoilt((encrypted) => new Uint8Array(encrypted.length).fill(0xff)),
    ];
    for (const one of all) expect(one).toEqual(["wrong_psk", Alert.decryptError, all[0]?.[2]]);
  });
});

describe("PSK", () => {
  it("takes an empty hint for none", () => {
    const hints: unknown[] = [];
    const choosePsk: PskOptions["choosePsk"] = (hint, [first]) => {
      hints.push(hint);
      return first;
    };
    by(plain, {
      client: { versions: told(plain, { choosePsk }) },
      middle: {
        server: before(ofType(ServerHelloDone), message(PskServerKeyExchange, { identityHint: new Uint8Array(0) })),
      },
    });
    by(four[0], { client: { versions: told(four[0], { choosePsk }) } });
    expect(hints).toEqual([undefined, undefined]);
  });

  it("takes any identity for one that isn't known: an empty one, and the longest", () => {
    for (const length of [0, 16_378]) {
      const client = changing(PskClientKeyExchange, () => ({ identity: new Uint8Array(length) }));
      const made = by(plain, { middle: { client } });
      expect(made.atServer.error).toMatchObject({ code: "wrong_psk", alert: Alert.decryptError });
    }
  });
});

describe("a server with keys and certificates", () => {
  const certificates = [sharedPki().certificateOf("rsaEncryption")];
  const suites = [TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] as const;
  const chosen = (
    atServer: readonly Tls12CipherSuite[],
    atClient: readonly Tls12CipherSuite[],
    client: PskPairOptions["client"] = { anchors },
    server: PskPairOptions["server"] = {},
  ): string | undefined => {
    const made = connectedByPsk({
      client: { versions: withSuites(...atClient), ...client },
      server: { versions: withSuites(...atServer), certificates, ...server },
    });
    return made.atClient.info?.cipherSuite.name ?? made.atServer.error?.code;
  };

  it("chooses in its own order what the client can do", () => {
    expect(chosen(suites, suites)).toBe(suites[0].name);
    expect(chosen(suites.toReversed(), suites)).toBe(suites[1].name);
    // Without trust in certificates there is no suite with one, nor a TLS 1.3.
    expect(chosen(suites.toReversed(), suites, {})).toBe(suites[0].name);
  });

  it("takes a key in front of a worse certificate's suite, and where no certificate fits", () => {
    const [withPsk, ofRsa] = suites;
    const all = [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, withPsk, ofRsa];
    expect(chosen(all, all)).toBe(withPsk.name);
    expect(chosen([ofRsa, withPsk], [ofRsa, withPsk], { anchors }, { certificates: [] })).toBe(withPsk.name);
  });

  it("asks nobody for a certificate whom it knows by a key", () => {
    const made = connectedByPsk({
      versions: withSuites(suites[0]),
      server: { certificates, clientCertificates: { demand: "required", anchors: clientPki().anchors } },
    });
    expectBoth(made, ours);
  });
});

it("a key exchange that signs nothing proves nothing of who has a certificate", () => {
  // Somebody's own, by the name of one that signs.
  const unsigned = { ...dangerousDhAnon, name: "DHE" } as const;
  const versions = [tls12With({ cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256], keyExchanges: [unsigned] })];
  const certificates = [sharedPki().certificateOf("rsaEncryption")];
  const made = connect(pair({ client: { versions }, server: { versions, certificates } }));
  expect(made.atClient.error).toMatchObject({ code: "no_proof" });
  expect(made.atClient.info).toBeUndefined();
});

describe("keys for TLS 1.2 and TLS 1.3 in one context", () => {
  const forTls13 = new ExternalPsk({ identity: ours.identity, key: new Uint8Array(32).fill(1) });
  const externalPsks = [forTls13, ours];
  const versions = [tls13, ...withSuites(TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256)];

  it("may have one name, and each is used in its own version (RFC 9257 §4.2)", () => {
    const older = withSuites(TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
    const newest = connectedByPsk({ versions, client: { externalPsks }, server: { externalPsks, certificates: [] } });
    expect([newest.atClient.info?.version, newest.atClient.info?.externalPsk]).toEqual([0x0304, forTls13]);
    const atClient = connectedByPsk({
      client: { versions, externalPsks },
      server: { versions: older, certificates: [] },
    });
    expectBoth(atClient, ours);
    const asked: string[] = [];
    const find = ({ protocol }: OfferedIdentity): ExternalPsk => {
      asked.push(protocol);
      return protocol === "TLS 1.3" ? forTls13 : ours;
    };
    const server = { versions, externalPsks: find, certificates: [] };
    expectBoth(connectedByPsk({ client: { versions: older }, server }), ours);
    expect(connectedByPsk({ client: { versions, externalPsks }, server }).atServer.info?.externalPsk).toBe(forTls13);
    expect(asked).toEqual(["TLS 1.2", "TLS 1.3"]);
  });
});

describe("contexts with keys for TLS 1.2", () => {
  const common = { provider: nodeProvider, clock: () => now, random: seededRandom(1) };
  const versions = withSuites(TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
  const certificates = [sharedPki().certificateOf("rsaEncryption")];
  const same = new ExternalPsk({ identity: asciiBytes("other"), key: new Uint8Array(32).fill(0xa5) });

  it.each<[string, string, () => unknown]>([
    ["a key without a suite", "unsupported_choice", () => new PskClientContext({ ...common, externalPsks: [ours] })],
    [
      "a key without a suite, though there is TLS 1.2",
      "unsupported_choice",
      () => new ServerContext({ ...common, certificates, versions: [tls12], externalPsks: [ours] }),
    ],
    ["a suite without a key", "unsupported_choice", () => new ServerContext({ ...common, certificates, versions })],
    ["a client of certificates", "unsupported_choice", () => new ClientContext({ ...common, anchors, versions })],
    [
      "a client of certificates with keys",
      "psk_client_needed",
      () => new ClientContext({ ...common, anchors, versions, externalPsks: [ours], externalPskOffers }),
    ],
    [
      "a suite with a key of TLS 1.3's alone",
      "unsupported_choice",
      () => new PskClientContext({ ...common, versions: [tls13, ...versions], externalPsks: [same] }),
    ],
    [
      "a client that trusts nobody and has no key for one of its versions",
      "unsupported_choice",
      () => new PskClientContext({ ...common, versions: [tls13, ...versions], externalPsks: [ours] }),
    ],
    [
      "a client that trusts nobody and has suites with certificates alone",
      "unsupported_choice",
      () => new PskClientContext({ ...common, versions: [tls12], externalPsks: [same] }),
    ],
    [
      "a key that is used in both",
      "external_psk_reused",
      () => new ServerContext({ ...common, certificates, versions: [tls13, ...versions], externalPsks: [ours, same] }),
    ],
    [
      "two keys of one name",
      "duplicate_external_psk",
      () => new ServerContext({ ...common, certificates, versions, externalPsks: [ours, wrong] }),
    ],
    [
      "RSA_PSK at a server without a certificate of RSA's",
      "unsupported_choice",
      () =>
        new ServerContext({
          ...common,
          certificates: [sharedPki().certificateOf("P-256")],
          versions: withSuites(TLS_RSA_PSK_WITH_AES_128_GCM_SHA256),
          externalPsks: [ours],
        }),
    ],
    ["a hint that is too long", "out_of_range", () => ecdhePskWith({ identityHint: new Uint8Array(8_193) })],
    ["an empty hint", "out_of_range", () => pskWith({ identityHint: new Uint8Array(0) })],
    ["a hint that is no bytes", "invalid_argument", () => dhePskWith({ identityHint: "hint" as never })],
    ["an option that means nothing", "unknown_option", () => rsaPskWith({ hint: asciiBytes("hint") } as never)],
  ])("refuse %s", (_what, code, make) => {
    expect(make).toThrow(expect.objectContaining({ kind: "caller", code }));
  });

  it("take a hint of 8,192 bytes", () => {
    const made = by(plain, { server: { versions: told(plain, { identityHint: new Uint8Array(8_192).fill(1) }) } });
    expectBoth(made, ours);
  });

  it("may have a lookup that knows of no keys until it is asked", () => {
    expect(() => new ServerContext({ ...common, certificates: [], versions, externalPsks: () => ours })).not.toThrow();
  });
});

describe("records with block ciphers and a pre-shared key", () => {
  it("tell a wrong key by the same alert (RFC 4279 §2)", () => {
    const made = connectedByPsk({
      versions: withSuites(TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256),
      client: { externalPsks: [wrong] },
    });
    expect(made.atServer.error).toMatchObject({ code: "wrong_psk", alert: Alert.decryptError });
  });

  it("are had with ecdhePsk alone in the version's key exchanges", () => {
    const versions = [tls12With({ cipherSuites: [four[0]], keyExchanges: [ecdhePsk] })];
    expectBoth(connectedByPsk({ versions, server: { certificates: [] } }), ours);
  });
});

// RFC 4279, RFC 5489 §3.1: the suites of TLS 1.0 and later
describe("pre-shared keys in TLS 1.1 and 1.0", () => {
  const suites = [
    TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
    TLS_DHE_PSK_WITH_AES_256_CBC_SHA,
    TLS_PSK_WITH_AES_128_CBC_SHA,
    TLS_RSA_PSK_WITH_AES_128_CBC_SHA,
  ];
  const versions = [tls11With, tls10With].flatMap((make) =>
    suites.map((suite) => [`${make({}).name}, ${suite.name}`, make, suite] as const),
  );

  it.each(versions)("%s", (_, make, suite) => {
    const options = { versions: [make({ cipherSuites: [suite], keyExchanges })] };
    const trust = suite.certificateKey === undefined ? {} : { anchors };
    const made = connectedByPsk({ ...options, client: trust });
    expect([made.atClient.error, made.atServer.error]).toEqual([undefined, undefined]);
    for (const { info } of [made.atClient, made.atServer]) {
      expect(info).toMatchObject({ version: options.versions[0]?.code, cipherSuite: suite, externalPsk: ours });
    }
    expect(exchanged(made)).toEqual(["there", "back"]);
    const wrongly = connectedByPsk({ ...options, client: { ...trust, externalPsks: [wrong] } });
    expect(wrongly.atServer.error).toMatchObject({ code: "wrong_psk", alert: Alert.decryptError });
  });
});
