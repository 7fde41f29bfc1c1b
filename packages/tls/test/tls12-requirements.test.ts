import {
  rsa_pss_rsae_sha256,
  secp256r1,
  secp384r1,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import { aeadOf, hashOf, runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { MainSecret, prf } from "@tlskit/keyschedule";
import {
  CertificateVerify,
  ClientHello,
  decodeMessage,
  EcdheServerKeyExchange,
  type Extension,
  ecPointFormats,
  encodeMessage,
  encryptThenMac,
  extendedMainSecret,
  extension,
  extensionCodes,
  extensionIn,
  HelloRequest,
  type MessageType,
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
import {
  ContentType,
  RecordReader,
  RecordWriter,
  type Tls12AeadKeys,
  tls12AeadOpening,
  tls12AeadSealing,
} from "@tlskit/record";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { tls12, tls13 } from "@tlskit/tls";
import { Alert, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { maxIgnoredAlerts } from "../src/limits.ts";
import { plain, staple, withKey } from "./helpers/attested.ts";
import { changing } from "./helpers/in-the-middle.ts";
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

/** The same, where somebody changes the messages of one type that a side sends in the clear. */
function changed<M>(
  side: "left" | "right",
  type: MessageType<M>,
  change: (message: M) => M | readonly Uint8Array[],
  options: PairOptions = {},
): Pair {
  const intercept = changing(side, (message) => {
    if (message[0] !== type.code) return [message];
    const made = change(decodeMessage(type, message));
    return Array.isArray(made) ? (made as readonly Uint8Array[]) : [encodeMessage(type, made as M)];
  });
  return of12({ ...options, link: { intercept } });
}

const changedHello = (change: (hello: ClientHello) => ClientHello, options?: PairOptions): Pair =>
  changed("left", ClientHello, change, options);
const changedAnswer = (change: (hello: ServerHello) => ServerHello, options?: PairOptions): Pair =>
  changed("right", ServerHello, change, options);

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
  // RFC 5246 §7.4.1.2#version, §7.4.1.2#null-compression, §7.4.1.4.1#sent, §7.4.1.4.1#anonymous, RFC 7627 §5.2#sent
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

  // RFC 5246 §7.4.1.4#no-duplicates
  it("and its server send no extension twice", () => {
    const made = of12();
    for (const hello of [clientHello(made), serverHello(made)]) {
      expect(new Set(extensionCodes(hello)).size).toBe(extensionCodes(hello).length);
    }
  });

  // RFC 5246 §7.4.1.4#extensions-checked
  it("refuses an extension that it didn't ask for", () => {
    const { atClient } = changedAnswer(withExtension(extension(encryptThenMac, null)));
    expect(atClient.error).toEqual(refused(Alert.unsupportedExtension));
  });

  // RFC 5746 §3.4#checked, §3.4#empty-checked
  it("refuses a renegotiation_info that isn't empty", () => {
    const { atClient } = changedAnswer(withExtension(extension(renegotiationInfo, Uint8Array.of(1))));
    expect(atClient.error).toEqual(refused(Alert.handshakeFailure));
  });

  // RFC 9325 §3.5#acknowledged, RFC 5746 §4.1#alert
  it("refuses a server that can't bind renegotiations", () => {
    const { atClient } = changedAnswer(withoutExtension(renegotiationInfo.code));
    expect(atClient.error).toMatchObject({ code: "no_secure_renegotiation", alert: Alert.handshakeFailure });
  });

  // RFC 8422 §5.2#respected
  it("refuses point formats without the one that it has", () => {
    const { atClient } = changedAnswer(withExtension(extension(ecPointFormats, Uint8Array.of(1))));
    expect(atClient.error).toEqual(refused(Alert.illegalParameter));
  });

  // RFC 5246 §7.4#order
  it.each([
    ["Certificate", Tls12Certificate],
    ["ServerKeyExchange", EcdheServerKeyExchange],
    ["ServerHelloDone", ServerHelloDone],
  ])("refuses a server that sends its %s twice", (_name, type: MessageType<unknown>) => {
    const twice = changed("right", type, (message) => [encodeMessage(type, message), encodeMessage(type, message)]);
    expect(twice.atClient.error).toEqual(refused(Alert.unexpectedMessage));
  });

  // RFC 5246 §7.4#order
  it.each([
    ["Certificate", Tls12Certificate],
    ["ServerKeyExchange", EcdheServerKeyExchange],
  ])("refuses a server that leaves its %s out", (_name, type: MessageType<unknown>) => {
    expect(changed("right", type, () => []).atClient.error).toEqual(refused(Alert.unexpectedMessage));
  });

  // RFC 6066 §8#announced
  it("refuses a status that wasn't announced", () => {
    const status = encodeMessage(Tls12CertificateStatus, { statusType: 1, response: Uint8Array.of(0x30, 0) });
    const { atClient } = changed("right", Tls12Certificate, (message) => [
      encodeMessage(Tls12Certificate, message),
      status,
    ]);
    expect(atClient.error).toEqual(refused(Alert.unexpectedMessage));
  });

  // RFC 5246 §7.4.3#algorithm-offered, §7.4.3#algorithm-of-key
  it.each([
    ["wasn't offered", 0x0201],
    ["the key can't do", rsa_pss_rsae_sha256.code],
  ])("refuses a signature by what %s", (_what, algorithm) => {
    const { atClient } = changed("right", EcdheServerKeyExchange, (message) => ({
      ...message,
      signedParams: { ...message.signedParams, algorithm },
    }));
    expect(atClient.error).toEqual(refused(Alert.illegalParameter));
  });

  // RFC 8422 §2.1#signed
  it("refuses a signature that isn't over these parameters", () => {
    const { atClient } = changed("right", EcdheServerKeyExchange, (message) => {
      const signature = Uint8Array.from(message.signedParams.signature);
      signature[20] = (signature[20] ?? 0) ^ 1;
      return { ...message, signedParams: { ...message.signedParams, signature } };
    });
    expect(atClient.error).toEqual(refused(Alert.decryptError));
  });

  // RFC 5246 §7.3#certificate-sent, §7.4.6#empty, §7.4.7#position, RFC 8422 §3#empty, §3#no-verify
  it("shows an empty list, and proves nothing, if it is asked and has no certificate", () => {
    const request = encodeMessage(Tls12CertificateRequest, {
      certificateTypes: [64],
      supportedSignatureAlgorithms: [0x0403],
      certificateAuthorities: [],
    });
    const { atClient } = changed("right", ServerHelloDone, (done) => [request, encodeMessage(ServerHelloDone, done)]);
    expect(messages(atClient)).toEqual(["ClientHello", "Certificate", "ClientKeyExchange", "Finished"]);
    expect(only(sent(atClient, Tls12Certificate)).certificateList).toEqual([]);
  });

  const askingClient = {
    client: { certificates: [clientPki().certificateOf("P-256")] },
    server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
  } as const;
  const asked = (change: (request: Tls12CertificateRequest) => Tls12CertificateRequest): Pair["atClient"] =>
    changed("right", Tls12CertificateRequest, change, askingClient).atClient;

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

  // RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed
  it("passes over a HelloRequest in the handshake, which is no part of what is hashed", () => {
    const request = encodeMessage(HelloRequest, null);
    const made = changed("right", ServerHelloDone, (done) => [request, request, encodeMessage(ServerHelloDone, done)]);
    expectEstablished(made);
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

  // RFC 5746 §3.6#empty-checked
  it("refuses a renegotiation_info that isn't empty", () => {
    const { atServer } = changedHello(withExtension(extension(renegotiationInfo, Uint8Array.of(1))));
    expect(atServer.error).toEqual(refused(Alert.handshakeFailure));
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

  // RFC 8422 §5.1.2#checked
  it("refuses point formats without the one that everybody has", () => {
    const { atServer } = changedHello(withExtension(extension(ecPointFormats, Uint8Array.of(1, 2))));
    expect(atServer.error).toEqual(refused(Alert.illegalParameter));
  });

  // RFC 8422 §4#respected, §5.1#considered
  it("keeps to the groups that the client has", () => {
    const groups = { namedGroups: [x25519, secp256r1, secp384r1] };
    const kept = changedHello(withExtension(extension(supportedGroups, [secp384r1.code, secp256r1.code])), groups);
    expect(only(sent(kept.atServer, EcdheServerKeyExchange)).params.namedCurve).toBe(secp256r1.code);
    const none = changedHello(withExtension(extension(supportedGroups, [0x0100])), groups);
    expect(none.atServer.error).toEqual(refused(Alert.handshakeFailure));
  });

  // RFC 8422 §5.3#curve, RFC 5246 §7.4.2#ecdsa
  it("shows no certificate on a curve that the client hasn't", () => {
    const { atServer } = changedHello(withExtension(extension(supportedGroups, [secp256r1.code])), {
      server: { certificates: [sharedPki().certificateOf("P-384")] },
    });
    expect(atServer.error).toEqual(refused(Alert.handshakeFailure));
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
    const server = { certificates: [withKey(plain, { ocspStaple: staple() })] };
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

  // RFC 5246 §7.4.1.4.1#left-out
  it.each([
    ["no signature algorithms", withoutExtension<ClientHello>(signatureAlgorithms.code)],
    ["no extensions at all", (hello: ClientHello): ClientHello => ({ ...hello, extensions: undefined })],
  ])("refuses a client that sends %s, rather than sign by SHA-1", (_what, change) => {
    expect(changedHello(change).atServer.error).toEqual(refused(Alert.handshakeFailure));
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
    const { atServer } = changed("left", ClientHello, (hello) => {
      const bytes = encodeMessage(ClientHello, hello);
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      const length = bytes.length + 1 - 4;
      longer.set([length >> 16, (length >> 8) & 0xff, length & 0xff], 1);
      return [longer];
    });
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

describe("what comes under a peer's keys", () => {
  // RFC 5746 §4.2#refused, §4.2#alert, RFC 5246 §7.4.1.1#not-hashed
  it("and asks a client to renegotiate is answered with the warning no_renegotiation", () => {
    const made = of12();
    const written = made.link.left.written.length;
    const seal = sealerOf(made, "server");
    made.link.left.inject(seal(ContentType.handshake, encodeMessage(HelloRequest, null)));
    made.network.run();
    expect([made.atClient.outcome, openedBy(made, "client", written)]).toEqual([undefined, ["21 0164"]]);
  });

  // RFC 5746 §4.4#refused
  it("and begins a renegotiation at a server is answered so too", () => {
    const made = of12();
    const written = made.link.right.written.length;
    const seal = sealerOf(made, "client");
    made.link.right.inject(seal(ContentType.handshake, encodeMessage(ClientHello, clientHello(made))));
    made.network.run();
    expect([made.atServer.outcome, openedBy(made, "server", written)]).toEqual([undefined, ["21 0164"]]);
  });

  // RFC 5246 §7.2.2#warning-not-taken
  it("and warns too often ends the connection, by an alert that is fatal", () => {
    const made = of12();
    const written = made.link.left.written.length;
    const seal = sealerOf(made, "server");
    for (let i = 0; i <= maxIgnoredAlerts; i += 1) {
      expect(made.atClient.outcome).toBeUndefined();
      made.link.left.inject(seal(ContentType.alert, Uint8Array.of(1, Alert.noRenegotiation)));
      made.network.run();
    }
    expect(made.atClient.error).toMatchObject({ code: "too_many_alerts" });
    expect(openedBy(made, "client", written)).toEqual(["21 020a"]);
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

  // RFC 9846 §4.2.3#downgrade-sentinel-checked
  it("a client that can do TLS 1.3 takes no TLS 1.2 from a server that can too", () => {
    const intercept = changing("left", (message) => [
      encodeMessage(
        ClientHello,
        withoutExtension<ClientHello>(supportedVersions.code)(decodeMessage(ClientHello, message)),
      ),
    ]);
    const { atClient } = connect(pair({ client: both, server: both, link: { intercept } }));
    expect(atClient.error).toMatchObject({ code: "downgrade", alert: Alert.illegalParameter });
  });

  // RFC 9846 §4.3.1#absent-means-older, §4.3.1#older-version-answer, RFC 5246 §E.1#later-version, RFC 5746 §3.6#later-hellos
  it.each([0x0303, 0x0304, 0x03ff])(
    "a server answers a hello of version %i without supported_versions by TLS 1.2",
    (version) => {
      const made = connect(
        pair({
          client: { versions: [tls12] },
          server: both,
          link: {
            intercept: changing("left", (message) =>
              message[0] === ClientHello.code
                ? [encodeMessage(ClientHello, { ...decodeMessage(ClientHello, message), legacyVersion: version })]
                : [message],
            ),
          },
        }),
      );
      const hello = serverHello(made);
      expect([hello.legacyVersion, extensionCodes(hello).includes(supportedVersions.code)]).toEqual([0x0303, false]);
    },
  );

  // RFC 7507 §3#checked, §3#record-version
  it("a server of TLS 1.3 refuses a client that has fallen back, in a record of that client's version", () => {
    const fallback = { cipherSuites: [0x5600] };
    const intercept = changing("left", (message) => {
      if (message[0] !== ClientHello.code) return [message];
      const hello = decodeMessage(ClientHello, message);
      return [
        encodeMessage(ClientHello, { ...hello, cipherSuites: [...hello.cipherSuites, ...fallback.cipherSuites] }),
      ];
    });
    const made = connect(pair({ client: { versions: [tls12] }, server: both, link: { intercept } }));
    expect(made.atServer.error).toEqual(refused(Alert.inappropriateFallback));
    const [alert] = recordsIn(made.link.right.written);
    expect(alert).toEqual(Uint8Array.of(21, 3, 3, 0, 2, 2, Alert.inappropriateFallback));
    // To a server that has nothing better there is nothing wrong with it.
    const older = connect(pair({ client: { versions: [tls12] }, server: { versions: [tls12] }, link: { intercept } }));
    expect(messages(older.atServer)).toContain("ServerHelloDone");
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

/** Seals records under the keys that a side of an established connection writes with, behind its Finished. */
function sealerOf(made: Pair, side: "client" | "server"): (type: ContentType, content: Uint8Array) => Uint8Array {
  const writer = new RecordWriter();
  writer.protect(tls12AeadSealing(keysOf(made, side)));
  runSync(writer.record(ContentType.handshake, new Uint8Array(16)));
  return (type, content) => runSync(writer.record(type, content));
}

/** What a side has written since it was established. */
function openedBy(made: Pair, side: "client" | "server", written: number): readonly string[] {
  const end = side === "client" ? made.link.left : made.link.right;
  const reader = new RecordReader();
  reader.protect(tls12AeadOpening(keysOf(made, side)));
  const finished = recordsIn(end.written.slice(0, written)).at(-1) ?? new Uint8Array(0);
  for (const record of [finished, ...recordsIn(end.written.slice(written))]) reader.push(record);
  const opened: string[] = [];
  for (let record = runSync(reader.next()); record !== undefined; record = runSync(reader.next())) {
    opened.push(`${record.type} ${toHex(record.content)}`);
  }
  return opened.slice(1);
}

function keysOf(made: Pair, side: "client" | "server"): Tls12AeadKeys {
  const [, , secret = ""] = made.clientKeyLog[0]?.split(" ") ?? [];
  const main = new MainSecret(prf(hashOf(nodeProvider, "SHA-256")), Uint8Array.from(Buffer.from(secret, "hex")), true);
  const hellos = { client: clientHello(made).random, server: serverHello(made).random };
  const { key, iv } = main.keyBlock(hellos, { mac: 0, key: 16, iv: 4 })[side];
  return { aead: aeadOf(nodeProvider, "AES-128-GCM"), key, iv, recordLimit: 100, nonce: "explicit" };
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

  // RFC 5246 §7.4.9#checked, RFC 7627 §5.2#derived-without
  it("isn't extended for two of whom one believes that the other can't; their Finished tell them", () => {
    const { atServer } = changedHello(withoutExtension(extendedMainSecret.code));
    expect(atServer.error).toEqual(refused(Alert.decryptError));
  });
});
