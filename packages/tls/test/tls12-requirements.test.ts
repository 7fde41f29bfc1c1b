import {
  ffdhe3072,
  secp256r1,
  secp384r1,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  x25519,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  CertificateVerify,
  ClientHello,
  EcdheServerKeyExchange,
  type Extension,
  ecPointFormats,
  extendedMainSecret,
  extension,
  extensionCodes,
  extensionIn,
  renegotiationInfo,
  ServerHello,
  ServerHelloDone,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
} from "@tlskit/messages";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { ocspStaple, ownCertificates, type TlsVersion, tls12, tls12With, tls13 } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { Alert } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { plain, staple, withKey } from "./helpers/attested.ts";
import { before, changing, changingClientHello, type Edit, inTheMiddle, message, ofType } from "./helpers/middle12.ts";
import { recordsIn } from "./helpers/records.ts";
import { expectEstablished, text } from "./helpers/scenarios.ts";
import { only, sent } from "./helpers/sent.ts";
import { clientPki, connect, host, now, type Pair, type PairOptions, pair, sharedPki } from "./helpers/world.ts";

/** Two connections, of TLS 1.2 alone unless told otherwise. */
function of12(options: PairOptions = {}): Pair {
  const { client, server } = options;
  return connect(
    pair({ ...options, client: { versions: [tls12], ...client }, server: { versions: [tls12], ...server } }),
  );
}

/** The same, where somebody in the middle changes what goes by. */
function changed(edits: { readonly client?: Edit; readonly server?: Edit }, options: PairOptions = {}): Pair {
  return of12({ ...options, link: { intercept: inTheMiddle(edits) } });
}

const changedHello = (change: (hello: ClientHello) => ClientHello, options?: PairOptions): Pair =>
  changed({ client: changing(ClientHello, change) }, options);
const changedAnswer = (change: (hello: ServerHello) => ServerHello, options?: PairOptions): Pair =>
  changed({ server: changing(ServerHello, change) }, options);

const withExtension =
  <H extends ClientHello | ServerHello>(added: Extension) =>
  (hello: H): H => ({
    ...hello,
    extensions: [...(hello.extensions ?? []).filter(({ code }) => code !== added.code), added],
  });
const withoutExtension =
  <H extends ClientHello | ServerHello>(left: number) =>
  (hello: H): H => ({ ...hello, extensions: (hello.extensions ?? []).filter(({ code }) => code !== left) });

const clientHello = (made: Pair): ClientHello => only(sent(made.atClient, ClientHello));
const serverHello = (made: Pair): ServerHello => only(sent(made.atServer, ServerHello));
const refused = (alert: number) => expect.objectContaining({ kind: "peer", alert });
const caller = (code: string) => expect.objectContaining({ kind: "caller", code });
const messages = (side: Pair["atClient"] | Pair["atServer"]): readonly string[] =>
  side.traced.flatMap((event) =>
    event.type === "message" && event.direction === "sent" ? [event.messageType.name] : [],
  );

describe("a client of TLS 1.2", () => {
  // RFC 8996 §4#not-sent, §5#not-sent, RFC 5246 §7.4.1.2#version, §7.4.1.2#null-compression, §7.4.1.4.1#sent, §7.4.1.4.1#anonymous, RFC 7627 §5.2#sent
  // RFC 5746 §3.4#sent, §3.4#not-both, RFC 9325 §3.5#renegotiation-info, §3.5#sent, §3.5#extended-main-secret
  // RFC 8422 §4#sent, §5.1#uncompressed, §5.1.2#octets, RFC 9325 §4.2.1#uncompressed, RFC 7507 §4#not-with-latest
  it("says in its hello what it has to", () => {
    const hello = clientHello(of12());
    expect([hello.legacyVersion, [...hello.legacyCompressionMethods]]).toEqual([0x0303, [0]]);
    expect(extensionCodes(hello)).toEqual(
      expect.arrayContaining([supportedGroups, extendedMainSecret, signatureAlgorithms].map(({ code }) => code)),
    );
    expect(extensionIn(hello, renegotiationInfo)).toEqual(new Uint8Array(0));
    expect(extensionIn(hello, ecPointFormats)).toEqual(Uint8Array.of(0));
    // Neither of the values that aren't cipher suites.
    expect(hello.cipherSuites).not.toContain(0x00ff);
    expect(hello.cipherSuites).not.toContain(0x5600);
    expect((extensionIn(hello, signatureAlgorithms) ?? []).filter((code) => code % 256 === 0)).toEqual([]);
  });

  // RFC 8422 §4#not-sent, RFC 7919 §3
  it("says nothing of curves without suites for them, and of finite fields with theirs alone", () => {
    const namedGroups = [x25519, secp256r1, ffdhe3072];
    const offered = (...versions: readonly TlsVersion[]): unknown => {
      const hello = clientHello(of12({ client: { versions, namedGroups } }));
      return [extensionIn(hello, supportedGroups), extensionIn(hello, ecPointFormats)];
    };
    const having = (...cipherSuites: readonly Tls12CipherSuite[]): TlsVersion =>
      tls12With({ cipherSuites, keyExchanges: [dhe, rsa] });
    const ecdhe = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    const curves = [x25519.code, secp256r1.code];
    expect(offered(having(TLS_RSA_WITH_AES_128_GCM_SHA256))).toEqual([undefined, undefined]);
    expect(offered(having(TLS_DHE_RSA_WITH_AES_128_GCM_SHA256))).toEqual([[ffdhe3072.code], undefined]);
    expect(offered(having(ecdhe))).toEqual([curves, Uint8Array.of(0)]);
    expect(offered(having(ecdhe, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256))).toEqual([
      [...curves, ffdhe3072.code],
      Uint8Array.of(0),
    ]);
    // TLS 1.3 has a use for all of them.
    const all = [...curves, ffdhe3072.code];
    expect(offered(tls13, having(TLS_RSA_WITH_AES_128_GCM_SHA256))).toEqual([all, undefined]);
  });

  // RFC 5246 §7.4.1.4#no-duplicates
  it("and its server send no extension twice", () => {
    const made = of12();
    for (const hello of [clientHello(made), serverHello(made)]) {
      expect(new Set(extensionCodes(hello)).size).toBe(extensionCodes(hello).length);
    }
  });

  // RFC 9325 §3.5#acknowledged, RFC 5746 §4.1#alert
  it("refuses a server that can't bind renegotiations", () => {
    const { atClient } = changedAnswer(withoutExtension(renegotiationInfo.code));
    expect(atClient.error).toMatchObject({ code: "no_secure_renegotiation", alert: Alert.handshakeFailure });
  });

  // RFC 6066 §8#announced
  it("refuses a status that wasn't announced", () => {
    const status = message(Tls12CertificateStatus, { statusType: 1, response: Uint8Array.of(0x30, 0) });
    const { atClient } = changed({ server: before(ofType(EcdheServerKeyExchange), status) });
    expect(atClient.error).toEqual(refused(Alert.unexpectedMessage));
  });

  // RFC 5246 §7.3#certificate-sent, §7.4.6#empty, §7.4.7#position, RFC 8422 §3#empty, §3#no-verify
  it("shows an empty list, and proves nothing, if it is asked and has no certificate", () => {
    const request = message(Tls12CertificateRequest, {
      certificateTypes: [64],
      supportedSignatureAlgorithms: [0x0403],
      certificateAuthorities: [],
    });
    const { atClient } = changed({ server: before(ofType(ServerHelloDone), request) });
    expect(messages(atClient)).toEqual(["ClientHello", "Certificate", "ClientKeyExchange", "Finished"]);
    expect(only(sent(atClient, Tls12Certificate)).certificateList).toEqual([]);
  });

  const askingClient = {
    client: { certificates: ownCertificates([clientPki().certificateOf("P-256")]) },
    server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
  } as const;
  const asked = (change: (request: Tls12CertificateRequest) => Tls12CertificateRequest): Pair["atClient"] =>
    changed({ server: changing(Tls12CertificateRequest, change) }, askingClient).atClient;

  // RFC 5246 §7.4.8#algorithm-listed, §7.4.8#algorithm-of-key, §7.4.4#key
  it("signs by what the server lists and its key can do, and else shows nothing", () => {
    const listing = (...supportedSignatureAlgorithms: readonly number[]) =>
      asked((request) => ({ ...request, supportedSignatureAlgorithms }));
    expect(only(sent(listing(0x0804, 0x0503), CertificateVerify)).algorithm).toBe(0x0503);
    expect(only(sent(listing(0x0804, 0x0401), Tls12Certificate)).certificateList).toEqual([]);
  });

  // RFC 5246 §7.4.4#types
  it("shows nothing to a server that asks for keys of another type", () => {
    const atClient = asked((request) => ({ ...request, certificateTypes: [1] }));
    expect(only(sent(atClient, Tls12Certificate)).certificateList).toEqual([]);
  });

  // RFC 5246 §7.4.6#authorities
  it("shows nothing to a server that trusts other authorities, by what it says", () => {
    const atClient = asked((request) => ({ ...request, certificateAuthorities: [Uint8Array.of(0x30, 0)] }));
    expect(only(sent(atClient, Tls12Certificate)).certificateList).toEqual([]);
  });
});

describe("a server of TLS 1.2", () => {
  // RFC 5246 §7.4.1.4#extensions-sent, §7.4.1.4.1#not-sent, §7.4.1.4.1#taken, §7.4.1.2#session-id, RFC 7627 §5.2#answered
  // RFC 5746 §3.6#checked, §3.6#sent, §3.6#nothing-else-unasked, §4.3#minimum, RFC 8422 §5.2#uncompressed
  it("answers what the client asks, and nothing else", () => {
    const made = of12();
    const hello = serverHello(made);
    const asked = extensionCodes(clientHello(made));
    expect(extensionCodes(hello).filter((code) => !asked.includes(code))).toEqual([]);
    expect(extensionCodes(hello)).not.toContain(signatureAlgorithms.code);
    expect(extensionCodes(hello)).toContain(extendedMainSecret.code);
    expect(extensionIn(hello, renegotiationInfo)).toEqual(new Uint8Array(0));
    expect(extensionIn(hello, ecPointFormats)).toEqual(Uint8Array.of(0));
    expect(hello.legacySessionIdEcho).toEqual(new Uint8Array(0));
  });

  // RFC 5246 §7.4.1.2#session-id
  it("is safe from session ids that somebody invents", () => {
    const made = changedHello((hello) => ({ ...hello, legacySessionId: new Uint8Array(32).fill(7) }));
    expect(serverHello(made).legacySessionIdEcho).toEqual(new Uint8Array(0));
    expect(messages(made.atServer)).toContain("Certificate");
  });

  // RFC 5746 §3.6#checked, §3.6#sent
  it("takes the cipher suite that stands for renegotiation_info", () => {
    const made = changedHello((hello) => ({
      ...withoutExtension<ClientHello>(renegotiationInfo.code)(hello),
      cipherSuites: [...hello.cipherSuites, 0x00ff],
    }));
    expect(extensionIn(serverHello(made), renegotiationInfo)).toEqual(new Uint8Array(0));
  });

  // RFC 5246 §7.4.1.4#extensions-sent, RFC 7627 §5.2#not-unasked
  it.each([
    ["extended_main_secret", extendedMainSecret],
    ["ec_point_formats", ecPointFormats],
    ["renegotiation_info", renegotiationInfo],
  ])("sends no %s if it wasn't asked", (_name, { code }) => {
    const made = changedHello(withoutExtension(code));
    expect(extensionCodes(serverHello(made))).not.toContain(code);
  });

  // RFC 8422 §4#respected, §5.1#considered
  it("keeps to the groups that the client has", () => {
    const groups = { namedGroups: [x25519, secp256r1, secp384r1] };
    const kept = changedHello(withExtension(extension(supportedGroups, [secp384r1.code, secp256r1.code])), groups);
    expect(only(sent(kept.atServer, EcdheServerKeyExchange)).params.namedCurve).toBe(secp256r1.code);
    const none = changedHello(withExtension(extension(supportedGroups, [0x0100])), groups);
    expect(none.atServer.error).toEqual(refused(Alert.handshakeFailure));
  });

  // RFC 5246 §7.4.1.2#unknown-suites
  it("passes over cipher suites that it doesn't know or want", () => {
    const known = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.code;
    const made = changedHello((hello) => ({ ...hello, cipherSuites: [0x0a0a, 0xfefe, 0x0005, known, 0x00ff] }));
    expect(serverHello(made).cipherSuite).toBe(known);
  });

  // RFC 9325 §4.2.1#preferred
  it("takes AES-128-GCM, wherever it stands among weaker suites", () => {
    const [weaker, known] = [0xc009, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.code];
    expect(serverHello(changedHello((hello) => ({ ...hello, cipherSuites: [weaker, known] }))).cipherSuite).toBe(known);
  });

  // RFC 6066 §8#announced
  it("shows an OCSP response to clients that ask alone, and says before that it will", () => {
    const server = { certificates: [withKey(plain, { ocspStaple: ocspStaple(staple()) })] };
    const shown = (made: Pair): readonly [boolean, boolean] => [
      extensionCodes(serverHello(made)).includes(5),
      messages(made.atServer).includes("CertificateStatus"),
    ];
    expect(shown(of12({ server }))).toEqual([true, true]);
    expect(shown(changedHello(withoutExtension(5), { server }))).toEqual([false, false]);
  });

  // RFC 5246 §7.4.2#key-exchange, §7.4.3#suites-checked, RFC 8422 §2.1#key, §2.2#key
  it("takes no suite that its certificates don't go with", () => {
    const rsa = { server: { certificates: [sharedPki().certificateOf("rsaEncryption")] } };
    const suites = [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.code, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.code];
    const made = changedHello((hello) => ({ ...hello, cipherSuites: suites }), rsa);
    expect(serverHello(made).cipherSuite).toBe(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.code);
    const none = changedHello((hello) => ({ ...hello, cipherSuites: suites.slice(0, 1) }), rsa);
    expect(none.atServer.error).toEqual(refused(Alert.handshakeFailure));
    const unsigned = changedHello(withExtension(extension(signatureAlgorithms, [0x0403])), rsa);
    expect(unsigned.atServer.error).toEqual(refused(Alert.handshakeFailure));
  });

  // RFC 5246 §7.4.1.2#null-compression, RFC 9846 §4.2.2#older-compression
  it("takes a hello that offers other compression as well, and none without the null method", () => {
    const both = changedHello((hello) => ({ ...hello, legacyCompressionMethods: Uint8Array.of(1, 0) }));
    expect(serverHello(both).legacyCompressionMethod).toBe(0);
    const { atServer } = changedHello((hello) => ({ ...hello, legacyCompressionMethods: Uint8Array.of(1) }));
    expect(atServer.error).toEqual(refused(Alert.illegalParameter));
  });

  // RFC 5246 §7.4.1.2#format, RFC 9846 §4.2.2#older-extensions
  it("refuses a hello with a byte behind its end", () => {
    const longer: Edit = (passing) =>
      passing.map(({ type, body }) => {
        if (body[0] !== ClientHello.code) return { type, body };
        const length = body.length + 1 - 4;
        const header = Uint8Array.of(ClientHello.code, length >> 16, (length >> 8) & 0xff, length & 0xff);
        return { type, body: Uint8Array.of(...header, ...body.subarray(4), 0) };
      });
    const { atServer } = changed({ client: longer });
    expect(atServer.error).toEqual(refused(Alert.decodeError));
  });

  // RFC 5246 §7.4.1.3#random
  it("has a random of its own", () => {
    const randoms = [1, 2].map((seed) => serverHello(of12({ seed })).random);
    expect(randoms[0]).not.toEqual(randoms[1]);
    expect(randoms[0]).not.toEqual(clientHello(of12({ seed: 1 })).random);
  });

  // RFC 5246 §7.4.2#sent, §7.4.2#own-first, §7.4.2#order, §7.4.2#x509
  it("shows its certificate, and behind it the one that certifies it", () => {
    const { atServer } = of12();
    const { chain } = sharedPki().certificates[0] ?? { chain: [] };
    expect(only(sent(atServer, Tls12Certificate)).certificateList).toEqual(chain.map(({ der }) => der));
  });
});

describe("certificates", () => {
  // RFC 5246 §7.4.5#checked
  it("of a server are verified before the client goes on", () => {
    const others = throwawayPki(nodeProvider, seededRandom(3), host, now);
    const { atClient } = of12({ client: { anchors: others.anchors } });
    expect(atClient.error).toMatchObject({ kind: "peer" });
    expect(messages(atClient)).toEqual(["ClientHello"]);
  });
});

describe("data", () => {
  // RFC 5246 §7.3#no-early-data
  it("that is given before the handshake is done goes behind it", () => {
    const made = pair({ client: { versions: [tls12] }, server: { versions: [tls12] } });
    made.client.start();
    made.server.start();
    made.client.send(text("early"));
    made.network.run();
    expectEstablished(made);
    expect(made.atServer.text).toBe("early");
    const types = recordsIn(made.link.left.written).map(([type]) => type);
    expect(types).toEqual([22, 22, 20, 22, 23]);
  });
});

describe("between versions", () => {
  const both = { versions: [tls13, tls12] };

  // RFC 9846 §4.2.3#downgrade-sentinel-sent
  it("a server that can do TLS 1.3 marks its random where it negotiates TLS 1.2", () => {
    const marked = serverHello(connect(pair({ client: { versions: [tls12] }, server: both })));
    expect(marked.random.subarray(24)).toEqual(Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01));
    expect(serverHello(of12()).random.subarray(24, 31)).not.toEqual(marked.random.subarray(24, 31));
  });

  // RFC 9846 §4.3.1#absent-means-older, §4.3.1#older-version-answer, RFC 5246 §E.1#later-version, RFC 5746 §3.6#later-hellos
  it.each([0x0303, 0x0304, 0x03ff])(
    "a server answers a hello of version %i without supported_versions by TLS 1.2",
    (version) => {
      const made = changed({ client: changingClientHello(() => ({ legacyVersion: version })) }, { server: both });
      const hello = serverHello(made);
      expect([hello.legacyVersion, extensionCodes(hello).includes(supportedVersions.code)]).toEqual([0x0303, false]);
    },
  );

  // RFC 7507 §3#checked, §3#record-version
  it("a server of TLS 1.3 refuses a client that has fallen back, in a record of that client's version", () => {
    const client = changingClientHello(({ cipherSuites }) => ({ cipherSuites: [...cipherSuites, 0x5600] }));
    const made = changed({ client }, { server: both });
    expect(made.atServer.error).toEqual(refused(Alert.inappropriateFallback));
    const [alert] = recordsIn(made.link.right.written);
    expect(alert).toEqual(Uint8Array.of(21, 3, 3, 0, 2, 2, Alert.inappropriateFallback));
  });
});

/** TLS 1.2 as clients have it that don't know extended main secrets. */
function withoutExtendedMainSecret(): typeof tls12 {
  const { earlier } = tls12;
  if (earlier === undefined) throw new TypeError("TLS 1.2 is earlier than TLS 1.3");
  const offer: typeof earlier.offer = (...asked) => {
    const offered = earlier.offer(...asked);
    return { ...offered, extensions: offered.extensions.filter(({ code }) => code !== extendedMainSecret.code) };
  };
  return { ...tls12, earlier: { ...earlier, offer } };
}

describe("a main secret of TLS 1.2", () => {
  // RFC 7627 §5.2#derived-without, §5.4#no-binding, §5.4#no-renegotiation, §5.4#no-export
  it("that isn't extended binds no channels, and exports nothing", () => {
    const made = of12({ client: { versions: [withoutExtendedMainSecret()] } });
    expect(extensionCodes(clientHello(made))).not.toContain(extendedMainSecret.code);
    for (const side of [made.client, made.server]) {
      for (const type of ["tls-unique", "tls-exporter"] as const) {
        expect(() => side.channelBinding(type)).toThrow(caller("no_channel_binding"));
      }
      expect(() => side.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40)).toThrow(caller("no_exporter"));
    }
  });
});
