import {
  availableTls12CipherSuites,
  isAnonymous,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import {
  dangerousCipherSuites,
  TLS_DH_anon_WITH_AES_128_GCM_SHA256,
  TLS_ECDH_anon_WITH_AES_128_CBC_SHA,
  TLS_ECDH_anon_WITH_NULL_SHA,
  TLS_ECDHE_PSK_WITH_NULL_SHA256,
  TLS_ECDHE_RSA_WITH_NULL_SHA,
} from "@tlskit/ciphersuites/dangerous";
import { nodeProvider } from "@tlskit/crypto-node";
import { Established, type VerifiedFinished } from "@tlskit/handshake";
import {
  DhAnonServerKeyExchange,
  EcdhAnonServerKeyExchange,
  ServerHelloDone,
  Tls12Certificate,
  Tls12CertificateRequest,
} from "@tlskit/messages";
import { InMemoryNetwork, LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import {
  Alert,
  ClientContext,
  PskClientContext,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
  tls12,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import {
  DangerousAnonymousClient,
  DangerousAnonymousContext,
  type DangerousAnonymousInfo,
  type DangerousAnonymousOptions,
  dangerousDhAnon,
  dangerousEcdhAnon,
} from "@tlskit/tls/dangerous-anonymous";
import { dangerousNull } from "@tlskit/tls/dangerous-null";
import { dhe } from "@tlskit/tls/dhe";
import { tls10With, tls11With } from "@tlskit/tls/legacy";
import { rsa } from "@tlskit/tls/rsa";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, expectTypeOf, it, test } from "vitest";
import { before, changing, type Edit, inTheMiddle, message, ofType } from "./helpers/middle12.ts";
import { connectedByPsk, exchanged, keyExchanges, ours } from "./helpers/psk12.ts";
import { expectData, expectEstablished } from "./helpers/scenarios.ts";
import { Recorder } from "./helpers/under-test.ts";
import { clientPki, connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const all = [...keyExchanges, dhe, rsa, dangerousEcdhAnon, dangerousDhAnon];
const withSuite = (...cipherSuites: readonly Tls12CipherSuite[]) => [
  tls12With({ cipherSuites, keyExchanges: all, cbc, dangerousNull }),
];
const unsupported = expect.objectContaining({ kind: "caller", code: "unsupported_choice" });
const available = availableTls12CipherSuites(nodeProvider, dangerousCipherSuites);

interface Options {
  readonly client?: Partial<DangerousAnonymousOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly tasks?: LateTasks;
  readonly middle?: { readonly client?: Edit; readonly server?: Edit };
}

/** A client that asks nobody who they are, and a server without a certificate. */
function anonymously(suite: Tls12CipherSuite, { client = {}, server = {}, tasks, middle }: Options = {}) {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link(middle === undefined ? {} : { intercept: inTheMiddle(middle) });
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const common = { provider, clock: network.clock, versions: withSuite(suite) };
  const keyLogs: [string[], string[]] = [[], []];
  const atClient = new Recorder<DangerousAnonymousInfo>(left.write, left.end);
  const atServer = new Recorder<ServerInfo>(right.write, right.end);
  const clientContext = new DangerousAnonymousContext({
    ...common,
    random: seededRandom(1),
    keyLog: (line) => keyLogs[0].push(line),
    ...client,
  });
  const serverContext = new ServerContext({
    ...common,
    random: seededRandom(2),
    certificates: [],
    keyLog: (line) => keyLogs[1].push(line),
    ...server,
  });
  const clientEnd = new DangerousAnonymousClient(clientContext, { host }, atClient);
  const serverEnd = new TlsServer(serverContext, atServer);
  left.attach(clientEnd);
  right.attach(serverEnd);
  serverEnd.start();
  clientEnd.start();
  network.run();
  return {
    network,
    client: clientEnd,
    server: serverEnd,
    atClient,
    atServer,
    keyLogs,
    sent: [left.written, right.written],
  };
}

describe("anonymous suites", () => {
  const suites = available.filter(isAnonymous);

  test.each(suites.map((suite) => [suite.name, suite] as const))("%s", (_, suite) => {
    const { network, client, server, atClient, atServer, keyLogs } = anonymously(suite);
    expect([atClient.error, atServer.error]).toEqual([undefined, undefined]);
    for (const { info } of [atClient, atServer]) {
      expect(info).toMatchObject({ version: 0x0303, cipherSuite: suite, peer: undefined, externalPsk: undefined });
      expect([info?.signatureScheme, info?.serverCertificates]).toEqual([undefined, []]);
      expect(info?.namedGroup).toBeDefined();
    }
    expect(atClient.info?.verifiedAt).toBeNaN();
    expect(keyLogs[0]).toEqual(keyLogs[1]);
    client.send(asciiBytes("there"));
    server.send(asciiBytes("back"));
    network.run();
    expect([atServer.text, atClient.text]).toEqual(["there", "back"]);
  });

  it.each([tls11With, tls10With])("are had in TLS 1.1 and 1.0 too", (make) => {
    const suite = TLS_ECDH_anon_WITH_AES_128_CBC_SHA;
    const versions = [make({ cipherSuites: [suite], keyExchanges: all })];
    const { atClient, atServer } = anonymously(suite, { client: { versions }, server: { versions } });
    for (const { info } of [atClient, atServer])
      expect(info).toMatchObject({ version: versions[0]?.code, peer: undefined });
  });

  it("have a client of their own, whose type says that nobody is known", () => {
    expectTypeOf<DangerousAnonymousInfo["peer"]>().toEqualTypeOf<undefined>();
    expectTypeOf<NonNullable<TlsClient["info"]>["peer"]>().not.toEqualTypeOf<undefined>();
  });

  it("work where cryptography answers later", () => {
    for (const suite of [TLS_ECDH_anon_WITH_AES_128_CBC_SHA, TLS_DH_anon_WITH_AES_128_GCM_SHA256]) {
      const { atClient } = anonymously(suite, { tasks: new LateTasks(seededRandom(3)) });
      expect(atClient.info).toMatchObject({ cipherSuite: suite, peer: undefined });
    }
  });

  // RFC 5246 §A.5#anonymous
  it("are never in the defaults, and refused without their imports", () => {
    for (const { earlier } of [tls12]) expect(earlier?.cipherSuites(nodeProvider).some(isAnonymous)).toBe(false);
    for (const suite of suites) {
      expect(() => tls12With({ cipherSuites: [suite], cbc, dangerousNull })).toThrow(unsupported);
    }
  });

  it("aren't to be had by any other client, when the context is made", () => {
    const common = { provider: nodeProvider, clock: () => now, random: seededRandom(1) };
    const { anchors } = sharedPki();
    const mixed = withSuite(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDH_anon_WITH_AES_128_CBC_SHA);
    for (const versions of [withSuite(TLS_ECDH_anon_WITH_AES_128_CBC_SHA), mixed]) {
      expect(() => new ClientContext({ ...common, anchors, versions })).toThrow(unsupported);
      const psks = withSuite(TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256, TLS_ECDH_anon_WITH_AES_128_CBC_SHA);
      expect(() => new PskClientContext({ ...common, versions: psks, externalPsks: [ours] })).toThrow(unsupported);
    }
  });

  it("are all that their client has: nothing in it looks as if somebody had been asked", () => {
    const common = { provider: nodeProvider, clock: () => now, random: seededRandom(1) };
    const anonymous = withSuite(TLS_ECDH_anon_WITH_AES_128_CBC_SHA);
    for (const versions of [
      [tls13],
      [tls12],
      [tls13, ...anonymous],
      withSuite(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDH_anon_WITH_AES_128_CBC_SHA),
    ]) {
      expect(() => new DangerousAnonymousContext({ ...common, versions })).toThrow(unsupported);
    }
    expect(() => new DangerousAnonymousContext({ ...common, versions: anonymous, anchors: 1 } as never)).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
    const context = new DangerousAnonymousContext({ ...common, versions: anonymous });
    const handlers = new Recorder<never>(
      () => {},
      () => {},
    );
    expect(() => new TlsClient(context as never, { host }, handlers)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
    expect(() => new DangerousAnonymousClient({} as never, { host }, handlers)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  it("are not chosen by a server for a client that can do better, if they are its last", () => {
    const versions = withSuite(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDH_anon_WITH_AES_128_CBC_SHA);
    const certificates = [sharedPki().certificateOf("rsaEncryption")];
    const made = connect(
      pair({
        client: { versions: withSuite(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256) },
        server: { versions, certificates },
      }),
    );
    expectEstablished(made);
    const { atClient } = anonymously(TLS_ECDH_anon_WITH_AES_128_CBC_SHA, { server: { versions, certificates } });
    expect(atClient.info?.cipherSuite).toBe(TLS_ECDH_anon_WITH_AES_128_CBC_SHA);
  });

  // RFC 5246 §7.4.4
  it("are no reason to ask for a certificate: handshake_failure; nor to show one", () => {
    const suite = TLS_ECDH_anon_WITH_AES_128_CBC_SHA;
    const request = message(Tls12CertificateRequest, {
      certificateTypes: [1],
      supportedSignatureAlgorithms: [0x0401],
      certificateAuthorities: [],
    });
    const asking = anonymously(suite, { middle: { server: before(ofType(ServerHelloDone), request) } });
    expect(asking.atClient.error).toMatchObject({
      code: "request_without_certificate",
      alert: Alert.handshakeFailure,
    });
    const certificate = message(Tls12Certificate, { certificateList: [Uint8Array.of(1)] });
    const showing = anonymously(suite, { middle: { server: before(ofType(EcdhAnonServerKeyExchange), certificate) } });
    expect(showing.atClient.error).toMatchObject({ code: "unexpected_message", alert: Alert.unexpectedMessage });
  });

  it("aren't to be had at a server that requires clients' certificates, which could get by without then", () => {
    const clientCertificates = { demand: "required", anchors: clientPki().anchors } as const;
    expect(() => anonymously(TLS_ECDH_anon_WITH_AES_128_CBC_SHA, { server: { clientCertificates } })).toThrow(
      unsupported,
    );
  });

  it("refuse groups and shares that aren't good, though nobody has signed them", () => {
    const badGroup = anonymously(TLS_DH_anon_WITH_AES_128_GCM_SHA256, {
      middle: {
        server: changing(DhAnonServerKeyExchange, ({ params }) => ({
          params: { ...params, p: new Uint8Array(128).fill(0xff) },
        })),
      },
    });
    expect(badGroup.atClient.error).toMatchObject({ code: "unsafe_group", alert: Alert.insufficientSecurity });
    const badShare = anonymously(TLS_ECDH_anon_WITH_AES_128_CBC_SHA, {
      middle: {
        server: changing(EcdhAnonServerKeyExchange, ({ params }) => ({
          params: { ...params, public: new Uint8Array(params.public.length) },
        })),
      },
    });
    expect(badShare.atClient.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
  });

  it("are no proof, but of a Finished", () => {
    expect(() =>
      Established.dangerouslyWithAnybody({} as VerifiedFinished, {} as never, {} as never, {} as never),
    ).toThrow(expect.objectContaining({ code: "no_proof" }));
  });
});

describe("suites that encrypt nothing", () => {
  const suites = available.filter((suite) => suite.protection.type === "NULL" && !isAnonymous(suite));
  const certificates = [sharedPki().certificateOf("rsaEncryption"), sharedPki().certificateOf("P-256")];

  test.each(suites.map((suite) => [suite.name, suite] as const))("%s", (_, suite) => {
    const versions = withSuite(suite);
    if (suite.keyExchange.endsWith("PSK")) {
      const made = connectedByPsk({ versions, client: suite.certificateKey ? { anchors: sharedPki().anchors } : {} });
      expect(made.atClient.info).toMatchObject({ cipherSuite: suite, externalPsk: ours });
      expect(exchanged(made)).toEqual(["there", "back"]);
    } else {
      const made = connect(pair({ client: { versions }, server: { versions, certificates } }));
      expectEstablished(made);
      expect(made.atClient.info?.cipherSuite).toBe(suite);
      expectData(made);
    }
  });

  it("show everybody what is sent, and nobody may change it", () => {
    const suite = TLS_ECDH_anon_WITH_NULL_SHA;
    const { client, network, atServer, sent } = anonymously(suite);
    client.send(asciiBytes("open letter"));
    network.run();
    expect(atServer.text).toBe("open letter");
    expect(sent[0]?.map((bytes) => Buffer.from(bytes).toString("latin1")).join()).toContain("open letter");
    const changed: Edit = (passing) =>
      passing.map((each) =>
        each.type === 23 ? { ...each, body: each.body.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) } : each,
      );
    const spoilt = anonymously(suite, { middle: { client: changed } });
    spoilt.client.send(asciiBytes("open letter"));
    spoilt.network.run();
    expect(spoilt.atServer.error).toMatchObject({ code: "bad_record_mac", alert: Alert.badRecordMac });
    expect(spoilt.atServer.text).toBe("");
  });

  it("are never in the defaults, and refused without their import", () => {
    const offered = tls12.earlier?.cipherSuites(nodeProvider) ?? [];
    expect(offered.filter(({ protection }) => protection.type === "NULL")).toEqual([]);
    for (const suite of [TLS_ECDHE_RSA_WITH_NULL_SHA, TLS_ECDHE_PSK_WITH_NULL_SHA256]) {
      expect(() => tls12With({ cipherSuites: [suite], keyExchanges: all, cbc })).toThrow(unsupported);
    }
  });

  it("are what dangerousNull is for, and nothing else", () => {
    const { sealing, opening } = dangerousNull;
    const keys = { version: 0x0303, encryptThenMac: false, cipherSuite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 };
    const secret = {
      role: "client",
      macKey: new Uint8Array(20),
      key: new Uint8Array(0),
      iv: new Uint8Array(0),
    } as const;
    expect(() => opening(nodeProvider, { ...keys, keys: secret })).toThrow(unsupported);
    expect(() => sealing(nodeProvider, { ...keys, keys: secret }, seededRandom(1))).toThrow(unsupported);
  });
});
