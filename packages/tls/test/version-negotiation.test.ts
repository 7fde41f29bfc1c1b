import { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import {
  type ClientHello,
  ClientHello as ClientHelloType,
  decodeMessage,
  extension,
  extensionIn,
  type ServerHello,
  ServerHello as ServerHelloType,
  signatureAlgorithms,
  supportedVersions,
} from "@tlskit/messages";
import { type ClientOptions, type ServerOptions, type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { Alert, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { Fleet, run } from "./helpers/fleet.ts";
import { changingClientHello, changingServerHello, type Edit, inTheMiddle } from "./helpers/middle12.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

const everything = [tls13, tls12, tls11, tls10];

function connected(
  client: readonly TlsVersion[],
  server: readonly TlsVersion[],
  edits: { client?: Edit; server?: Edit } = {},
): Pair {
  return connect(
    pair({ client: { versions: client }, server: { versions: server }, link: { intercept: inTheMiddle(edits) } }),
  );
}

/** A message that one side sent. */
function hello(made: Pair, type: typeof ClientHelloType | typeof ServerHelloType): Uint8Array {
  const side = type.name === "ClientHello" ? made.atClient : made.atServer;
  for (const event of side.traced) {
    if (event.type === "message" && event.direction === "sent" && event.messageType.name === type.name)
      return event.bytes;
  }
  throw new TypeError(`no ${type.name}`);
}
const serverHello = (made: Pair): ServerHello => decodeMessage(ServerHelloType, hello(made, ServerHelloType));

/** What a server answers to a client that seems to offer this. */
const answer = (server: readonly TlsVersion[], change: (hello: ClientHello) => Partial<ClientHello>): Pair =>
  connected(everything, server, { client: changingClientHello(change) });

const offering =
  (legacyVersion: number, ...versions: readonly number[]) =>
  ({ extensions = [] }: ClientHello): Partial<ClientHello> => ({
    legacyVersion,
    extensions: [
      ...extensions.filter(({ code }) => code !== supportedVersions.code),
      ...(versions.length === 0 ? [] : [extension(supportedVersions, versions)]),
    ],
  });

describe("a server", () => {
  // RFC 9846 §4.3.1#absent-means-older, RFC 5246 §E.1#later-version
  it.each([
    [0x0301, 0x0301],
    [0x0302, 0x0302],
    [0x0303, 0x0303],
    [0x0304, 0x0303],
    [0x03ff, 0x0303],
    [0x7f00, 0x0303],
  ])("without supported_versions goes by legacy_version: 0x%s means %s", (legacyVersion, version) => {
    expect(serverHello(answer(everything, offering(legacyVersion))).legacyVersion).toBe(version);
  });

  // RFC 9846 §4.3.1#alone-decides, §4.3.1#versions-known, RFC 8701
  it.each([
    [[0x0a0a, 0x0302], 0x0302],
    [[0x0305, 0x0303, 0xfafa, 0x0301], 0x0303],
    [[0x0301, 0x0302], 0x0302],
    [[0x7f1c, 0x0301], 0x0301],
  ])("with supported_versions goes by that alone, the unknown passed over: %s means %s", (versions, version) => {
    expect(serverHello(answer(everything, offering(0x0303, ...versions))).legacyVersion).toBe(version);
    // Whatever legacy_version says.
    expect(serverHello(answer(everything, offering(0x0301, ...versions))).legacyVersion).toBe(version);
  });

  it.each([[[0x0a0a]], [[0x0305, 0x0300]], [[0x0300]]])("refuses a client that offers %s alone", (versions) => {
    const { atServer } = answer(everything, offering(0x0303, ...versions));
    expect(atServer.error).toMatchObject({ code: "protocol_version", alert: Alert.protocolVersion });
  });

  // RFC 9846 §E.5: SSL 3.0 in any place
  it.each([[[0x0304]], [[0x0303]], [[0x0302]], [[]]])(
    "refuses legacy_version 0x0300, whatever is offered beside it: %s",
    (versions) => {
      for (const legacyVersion of [0x0300, 0x0200, 0]) {
        const { atServer } = answer(everything, offering(legacyVersion, ...versions));
        expect(atServer.error).toMatchObject({ kind: "peer", alert: Alert.protocolVersion });
      }
    },
  );

  // RFC 9846 §4.2.3#downgrade-sentinel-sent
  it.each([
    [everything, 0x0303, "444f574e47524401"],
    [everything, 0x0302, "444f574e47524400"],
    [everything, 0x0301, "444f574e47524400"],
    [[tls12, tls11, tls10], 0x0302, "444f574e47524400"],
    [[tls12, tls11, tls10], 0x0301, "444f574e47524400"],
    [[tls12, tls11, tls10], 0x0303, undefined],
    [[tls11, tls10], 0x0302, undefined],
    [[tls11, tls10], 0x0301, undefined],
  ] as const)("marks its random where it can do better: %#", (versions, version, mark) => {
    const { random } = serverHello(answer(versions, offering(version)));
    const end = toHex(random.subarray(24));
    if (mark === undefined) expect(end).not.toMatch(/^444f574e475244/);
    else expect(end).toBe(mark);
  });

  // RFC 7507 §3#checked
  it.each([
    [everything, 0x0303, true],
    [everything, 0x0301, true],
    [[tls12, tls11, tls10], 0x0302, true],
    [[tls12, tls11, tls10], 0x0303, false],
    [[tls11, tls10], 0x0301, true],
    [[tls11, tls10], 0x0302, false],
    [[tls10], 0x0301, false],
  ] as const)("refuses clients that have fallen back below its best: %#", (versions, version, refused) => {
    const { atServer } = answer(versions, (sent) => ({
      ...offering(version)(sent),
      cipherSuites: [...sent.cipherSuites, 0x5600],
    }));
    const inappropriate = { code: "inappropriate_fallback", alert: Alert.inappropriateFallback };
    if (refused) expect(atServer.error).toMatchObject(inappropriate);
    else expect(atServer.error).not.toMatchObject(inappropriate);
  });

  // RFC 9155 §3, §4
  it("never takes a client of TLS 1.2 that lists no signature algorithms for one that takes SHA-1", () => {
    const silent = ({ extensions = [] }: ClientHello): Partial<ClientHello> => ({
      extensions: extensions.filter(({ code }) => code !== signatureAlgorithms.code),
    });
    const { atServer } = answer([tls12, tls11, tls10], silent);
    expect(atServer.error).toMatchObject({ code: "no_signature_algorithms", alert: Alert.handshakeFailure });
  });

  // RFC 5288 §4#version
  it("chooses no AEAD in an older version", () => {
    const aead = [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.code];
    const { atServer } = answer(everything, (sent) => ({ ...offering(0x0302)(sent), cipherSuites: aead }));
    expect(atServer.error).toMatchObject({ code: "no_common_cipher_suite", alert: Alert.handshakeFailure });
  });
});

describe("a client", () => {
  const offered = (versions: readonly TlsVersion[]): ClientHello =>
    decodeMessage(ClientHelloType, hello(connected(versions, versions), ClientHelloType));

  // RFC 5246 §E.1, RFC 9846 §4.2.2#legacy-version-sent
  it("offers the newest, and each of them where it has TLS 1.3", () => {
    expect(offered([tls12, tls11, tls10])).toMatchObject({ legacyVersion: 0x0303 });
    expect(offered([tls11, tls10])).toMatchObject({ legacyVersion: 0x0302 });
    expect(offered([tls10])).toMatchObject({ legacyVersion: 0x0301 });
    const all = offered([tls10, tls12, tls11, tls13]);
    expect(all.legacyVersion).toBe(0x0303);
    expect(extensionIn(all, supportedVersions)).toEqual([0x0304, 0x0303, 0x0302, 0x0301]);
  });

  it("offers each suite and each extension once", () => {
    const { cipherSuites, extensions = [] } = offered(everything);
    expect(new Set(cipherSuites).size).toBe(cipherSuites.length);
    const codes = extensions.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  // RFC 5288 §4#offered-version
  it("offers no AEAD where it has nothing newer than TLS 1.1", () => {
    expect(offered([tls11, tls10]).cipherSuites).toEqual([0xc009, 0xc013, 0xc00a, 0xc014]);
  });

  // RFC 5288 §4#version-checked
  it("refuses an AEAD in an older version", () => {
    const aead = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.code;
    const made = connected(everything, [tls11], { server: changingServerHello(() => ({ cipherSuite: aead })) });
    expect(made.atClient.error).toMatchObject({ code: "cipher_suite_not_offered", alert: Alert.illegalParameter });
  });

  it("refuses a suite of an older version in TLS 1.2, where it is none of that", () => {
    const older = TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA.code;
    const made = connected(everything, [tls12], { server: changingServerHello(() => ({ cipherSuite: older })) });
    expect(made.atClient.error).toMatchObject({ code: "cipher_suite_not_offered", alert: Alert.illegalParameter });
  });

  // RFC 9846 §4.2.3#downgrade-sentinel-checked
  it("sees that a server could do better, and so does one of TLS 1.2", () => {
    for (const [client, server] of [
      [everything, [tls12, tls11]],
      [[tls12, tls11, tls10], [tls11]],
      [[tls12, tls11, tls10], [tls10]],
    ] as const) {
      for (const mark of [0, 1]) {
        const random = Uint8Array.of(...new Uint8Array(24), 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, mark);
        const made = connected(client, server, { server: changingServerHello(() => ({ random })) });
        expect(made.atClient.error).toMatchObject({ code: "downgrade", alert: Alert.illegalParameter });
      }
    }
  });

  it("of TLS 1.1 gets the mark of a server that knows more, and goes on", () => {
    const made = connected([tls11, tls10], everything);
    expect(toHex(serverHello(made).random.subarray(24))).toBe("444f574e47524400");
    expect(made.atClient.info?.version).toBe(0x0302);
  });

  // RFC 9846 §E.4: the id was random
  it.each([
    ["TLS 1.2", tls12],
    ["TLS 1.1", tls11],
    ["TLS 1.0", tls10],
  ])("that offers no session takes no echo of its session id for one: %s", (_, version) => {
    let id = new Uint8Array(0);
    const made = connected(everything, [version], {
      client: changingClientHello(({ legacySessionId }) => {
        id = Uint8Array.from(legacySessionId);
        return {};
      }),
      server: changingServerHello(() => ({ legacySessionIdEcho: id })),
    });
    expect(made.atClient.error).toMatchObject({ code: "session_id_echo", alert: Alert.illegalParameter });
  });
});

describe("settings", () => {
  const unsupported = expect.objectContaining({ kind: "caller", code: "unsupported_choice" });

  it.each([[[tls13, tls11]], [[tls12, tls10]], [[tls13, tls10]], [[tls13, tls12, tls10]]])(
    "have no gap in their versions: %#",
    (versions) => {
      expect(() => pair({ client: { versions } })).toThrow(unsupported);
      expect(() => pair({ server: { versions } })).toThrow(unsupported);
    },
  );
});

// RFC 5246 §F.1.4, RFC 5077
describe("a session", () => {
  const sessions = (version: TlsVersion): readonly [Partial<ClientOptions>, Partial<ServerOptions>] => [
    { versions: everything },
    { versions: everything.filter(({ code }) => code <= version.code) },
  ];

  it.each([
    ["TLS 1.1", tls11],
    ["TLS 1.0", tls10],
  ])("of %s is resumed over and over", (_, version) => {
    const fleet = new Fleet();
    const full = fleet.connected(...sessions(version));
    expect(full.atClient.info).toMatchObject({ version: version.code, resumed: false });
    for (const _again of [1, 2]) {
      const { atClient, atServer, client, server } = fleet.connected(...sessions(version));
      for (const { info } of [atClient, atServer]) {
        expect(info).toMatchObject({
          version: version.code,
          resumed: true,
          cipherSuite: full.atClient.info?.cipherSuite,
          signatureScheme: { name: "ecdsa_sha1" },
        });
      }
      expect(server.channelBinding("tls-unique")).toEqual(client.channelBinding("tls-unique"));
      expect(client.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40)).toEqual(
        server.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40),
      );
    }
  });

  it.each([
    [tls11, tls10],
    [tls11, tls12],
    [tls11, tls13],
    [tls10, tls11],
    [tls12, tls11],
    [tls12, tls10],
    [tls13, tls11],
  ])("of one version isn't resumed in another: %#", (first, second) => {
    const fleet = new Fleet();
    fleet.connected(...sessions(first));
    const { atClient } = fleet.connected(...sessions(second));
    expect(atClient.info).toMatchObject({ version: second.code, resumed: false });
  });

  it("of one version that a server resumes in another is refused", () => {
    const fleet = new Fleet();
    fleet.connected(...sessions(tls11));
    const server = changingServerHello(() => ({ legacyVersion: 0x0301 }));
    const { atClient } = run(fleet.made(...sessions(tls11), {}, { intercept: inTheMiddle({ server }) }));
    expect(atClient.error).toMatchObject({ code: "resumed_version", alert: Alert.illegalParameter });
  });
});
