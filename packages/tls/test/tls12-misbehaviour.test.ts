import {
  ecdsa_secp256r1_sha256,
  ed25519,
  rsa_pss_rsae_sha256,
  secp256r1,
  secp384r1,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import {
  type ClientHello,
  EcdheClientKeyExchange,
  EcdheServerKeyExchange,
  type Extension,
  ecPointFormats,
  encodeMessage,
  extendedMainSecret,
  extension,
  Finished,
  HelloRequest,
  helloRetryRequestRandom,
  KeyUpdate,
  renegotiationInfo,
  ServerHello,
  ServerHelloDone,
  serverShare,
  sessionTicket,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
  Tls12Certificate,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { MemorySessionStore } from "@tlskit/sessions";
import {
  Alert,
  maxHelloRequests,
  maxIgnoredAlerts,
  maxRenegotiationsRefused,
  tls12,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { forged } from "./helpers/forged12.ts";
import {
  applicationData,
  before,
  changeCipherSpec,
  changing,
  changingClientHello,
  changingKeyExchange,
  changingServerHello,
  type Edit,
  inTheMiddle,
  isChangeCipherSpec,
  message,
  ofType,
  type Passing,
  warning,
  without,
} from "./helpers/middle12.ts";
import { expectEstablished } from "./helpers/scenarios.ts";
import { connect, now, type Pair, type PairOptions, pair } from "./helpers/world.ts";

const reversed = (bytes: Uint8Array): Uint8Array => bytes.toReversed();
const again = (times: number, passing: Passing): readonly Passing[] => Array.from({ length: times }, () => passing);
const withoutExtension =
  ({ code }: { readonly code: number }) =>
  ({ extensions }: { readonly extensions: readonly Extension[] | undefined }) => ({
    extensions: extensions?.filter((each) => each.code !== code),
  });
const withExtension =
  (added: Extension) =>
  ({ extensions = [] }: { readonly extensions?: readonly Extension[] | undefined }) => ({
    extensions: [...extensions.filter(({ code }) => code !== added.code), added],
  });

/** A connection that somebody in the middle spoils; both ends have TLS 1.2 alone, unless told otherwise. */
function spoilt(
  edits: { readonly client?: Edit; readonly server?: Edit },
  { client, server, ...options }: PairOptions = {},
): Pair {
  return connect(
    pair({
      ...options,
      client: { versions: [tls12], ...client },
      server: { versions: [tls12], ...server },
      link: { intercept: inTheMiddle(edits) },
    }),
  );
}

function expectNoData({ atClient, atServer }: Pair): void {
  expect([atClient.data.length, atServer.data.length]).toEqual([0, 0]);
}

type Case = [name: string, edit: Edit, code: string, alert: number, options?: PairOptions];

const { unexpectedMessage, illegalParameter, decryptError, handshakeFailure, unsupportedExtension } = Alert;

// What a server may do wrong, as a client of TLS 1.2 sees it.
describe("a client of TLS 1.2 refuses a server", () => {
  it.each<Case>([
    [
      "that chooses a suite that wasn't offered",
      changingServerHello(() => ({ cipherSuite: TLS_RSA_WITH_AES_128_GCM_SHA256.code })),
      "cipher_suite_not_offered",
      illegalParameter,
    ],
    [
      "that chooses a suite of TLS 1.3",
      changingServerHello(() => ({ cipherSuite: 0x1301 })),
      "cipher_suite_not_offered",
      illegalParameter,
      { client: { versions: [tls13, tls12] } },
    ],
    ["that compresses", changingServerHello(() => ({ legacyCompressionMethod: 1 })), "compression", illegalParameter],
    [
      "that chooses TLS 1.1",
      changingServerHello(() => ({ legacyVersion: 0x0302 })),
      "protocol_version",
      Alert.protocolVersion,
    ],
    [
      "that echoes a session id that names no session",
      (passing) => changingServerHello(() => ({ legacySessionIdEcho: sessionId }))(passing),
      "session_id_echo",
      illegalParameter,
      { client: { versions: [tls13, tls12] } },
    ],
    // RFC 5246 §7.4.1.4#extensions-checked
    [
      "that answers what it wasn't asked",
      changingServerHello(withExtension(extension(sessionTicket, new Uint8Array(0)))),
      "unsolicited_extension",
      unsupportedExtension,
    ],
    [
      "that answers by an extension of TLS 1.3",
      changingServerHello(withExtension(extension(serverShare, { group: 29, keyExchange: new Uint8Array(32) }))),
      "forbidden_extension",
      illegalParameter,
      { client: { versions: [tls13, tls12] } },
    ],
    // RFC 5746 §3.4#checked, §3.4#empty-checked
    [
      "whose renegotiation_info isn't empty at first",
      changingServerHello(withExtension(extension(renegotiationInfo, new Uint8Array(12)))),
      "renegotiation_info",
      handshakeFailure,
    ],
    // RFC 8422 §5.2#respected
    [
      "that takes compressed points alone",
      changingServerHello(withExtension(extension(ecPointFormats, Uint8Array.of(1)))),
      "ec_point_formats",
      illegalParameter,
    ],
    [
      "that shows no certificate",
      changing(Tls12Certificate, () => ({ certificateList: [] })),
      "decode_error",
      Alert.decodeError,
    ],
    // RFC 5246 §7.4#order
    [
      "that leaves out ServerKeyExchange",
      without(ofType(EcdheServerKeyExchange)),
      "unexpected_message",
      unexpectedMessage,
    ],
    ["that leaves out its certificate", without(ofType(Tls12Certificate)), "unexpected_message", unexpectedMessage],
    // RFC 8422 §5.4
    [
      "whose curve isn't told by its name",
      changingKeyExchange(({ params }) => ({ params: { ...params, curveType: 1 } })),
      "curve_type",
      illegalParameter,
    ],
    [
      "whose curve wasn't offered",
      changingKeyExchange(({ params }) => ({ params: { ...params, namedCurve: secp384r1.code } })),
      "group_not_offered",
      illegalParameter,
      { namedGroups: [x25519, secp256r1] },
    ],
    [
      "whose key exchange is signed wrongly",
      changingKeyExchange(({ signedParams }) => ({
        signedParams: { ...signedParams, signature: reversed(signedParams.signature) },
      })),
      "bad_signature",
      decryptError,
    ],
    // RFC 8422 §2.1#signed
    [
      "whose key share somebody has put in place of another",
      changingKeyExchange(({ params }) => ({ params: { ...params, public: reversed(params.public) } })),
      "bad_signature",
      decryptError,
    ],
    // RFC 5246 §7.4.3#algorithm-offered
    [
      "that signs by a scheme that wasn't offered",
      changingKeyExchange(({ signedParams }) => ({ signedParams: { ...signedParams, algorithm: 0x0203 } })),
      "signature_scheme_not_offered",
      illegalParameter,
    ],
    // RFC 5246 §7.4.3#algorithm-of-key
    [
      "that signs by a scheme of another kind of key",
      changingKeyExchange(({ signedParams }) => ({
        signedParams: { ...signedParams, algorithm: rsa_pss_rsae_sha256.code },
      })),
      "signature_scheme_mismatch",
      illegalParameter,
    ],
    [
      "whose certificate's key is of another kind than the suite's",
      changingServerHello(() => ({ cipherSuite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.code })),
      "certificate_key_type",
      illegalParameter,
    ],
    // RFC 5246 §7.1
    [
      "whose change_cipher_spec comes before its ServerHello",
      before(ofType(ServerHello), changeCipherSpec),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "whose change_cipher_spec comes in the middle of its flight",
      before(ofType(ServerHelloDone), changeCipherSpec),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "whose change_cipher_spec comes twice",
      before(isChangeCipherSpec, changeCipherSpec),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "whose change_cipher_spec is missing",
      without(isChangeCipherSpec),
      "missing_change_cipher_spec",
      unexpectedMessage,
    ],
    [
      "whose data comes before its Finished",
      before(isChangeCipherSpec, applicationData),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "that says more than its flight",
      (passing) => passing.flatMap((each) => (ofType(ServerHelloDone)(each) ? joined(each, each) : [each])),
      "excess_handshake_data",
      unexpectedMessage,
    ],
    [
      "that asks for a handshake again and again in one",
      before(ofType(ServerHelloDone), ...again(maxHelloRequests + 1, message(HelloRequest, null))),
      "too_many_hello_requests",
      unexpectedMessage,
    ],
    // RFC 5246 §7.2.2#warning-not-taken
    [
      "that warns again and again",
      before(ofType(ServerHello), ...again(maxIgnoredAlerts + 1, warning(Alert.unrecognizedName))),
      "too_many_alerts",
      unexpectedMessage,
    ],
  ])("%s", (_, edit, code, alert, options = {}) => {
    let seen = new Uint8Array(0);
    const client: Edit = changingClientHello((hello) => {
      seen = Uint8Array.from(hello.legacySessionId);
      sessionId = seen;
      return {};
    });
    const made = spoilt({ client, server: edit }, options);
    expect(made.atClient.error).toMatchObject({ kind: "peer", code, alert });
    expect(made.atServer.error ?? made.atServer.outcome).not.toBe("orderly");
    expect(made.atClient.info).toBeUndefined();
    expectNoData(made);
  });

  // RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed
  it.each([
    ["its ServerHello", ofType(ServerHello)],
    ["its certificate", ofType(Tls12Certificate)],
    ["its key exchange", ofType(EcdheServerKeyExchange)],
    ["its ServerHelloDone", ofType(ServerHelloDone)],
    ["its ticket", ofType(Tls12NewSessionTicket)],
    ["its change_cipher_spec", isChangeCipherSpec],
  ])("but for one that asks for a handshake in one, in front of %s: that is no part of it", (_, at) => {
    const request = message(HelloRequest, null);
    const parts = [1, 4].map((end) => ({ ...request, body: request.body.subarray(end === 1 ? 0 : 1, end) }));
    for (const versions of [[tls12], [tls13, tls12]]) {
      for (const requests of [again(maxHelloRequests, request), parts]) {
        const client = { versions, sessions: new MemorySessionStore({ clock: () => now }) };
        const server = { tickets: { ticketFor: () => Uint8Array.of(1), sessionOf: () => undefined } };
        const made = spoilt({ server: before(at, ...requests) }, { client, server });
        expectEstablished(made);
        expect(
          made.atClient.traced.filter((event) => event.type === "message" && event.messageType === HelloRequest),
        ).toHaveLength(requests === parts ? 1 : maxHelloRequests);
      }
    }
  });

  it("that asks for one once more, wherever", () => {
    for (const at of [ofType(ServerHello), isChangeCipherSpec]) {
      const made = spoilt({ server: before(at, ...again(maxHelloRequests + 1, message(HelloRequest, null))) });
      expect(made.atClient.error).toMatchObject({ code: "too_many_hello_requests", alert: unexpectedMessage });
    }
  });

  it("that begins to ask for one, and doesn't end, in front of its change_cipher_spec", () => {
    const part = { ...message(HelloRequest, null), body: Uint8Array.of(HelloRequest.code) };
    const made = spoilt({ server: before(isChangeCipherSpec, part) });
    expect(made.atClient.error).toMatchObject({ code: "interleaved_record", alert: unexpectedMessage });
  });

  // RFC 5246 §7.2.2
  it("but for one that warns, up to a limit", () => {
    for (const at of [ServerHello, ServerHelloDone]) {
      const warnings = again(maxIgnoredAlerts, warning(Alert.unrecognizedName));
      expectEstablished(spoilt({ server: before(ofType(at), ...warnings) }));
    }
  });

  it("that warns, if it can do TLS 1.3 alone, or has come to that", () => {
    for (const versions of [[tls13], [tls13, tls12]]) {
      const made = connect(pair({ client: { versions }, server: { versions } }));
      expectEstablished(made);
    }
    const alone = spoilt(
      { server: before(ofType(ServerHello), warning(Alert.unrecognizedName)) },
      { client: { versions: [tls13] }, server: { versions: [tls13] } },
    );
    expect(alone.atClient.error).toMatchObject({ kind: "alert", alert: Alert.unrecognizedName });
  });
});

let sessionId = new Uint8Array(0);

/** Two messages in one record. */
function joined(one: Passing, other: Passing): readonly Passing[] {
  return [{ type: one.type, body: Uint8Array.of(...one.body, ...other.body) }];
}

// What a client may do wrong, as a server of TLS 1.2 sees it.
describe("a server of TLS 1.2 refuses a client", () => {
  const hello = (change: (hello: ClientHello) => Partial<ClientHello>): Edit => changingClientHello(change);

  it.each<Case>([
    ["of an older version", hello(() => ({ legacyVersion: 0x0302 })), "protocol_version", Alert.protocolVersion],
    [
      "that offers no suite that is accepted",
      hello(() => ({ cipherSuites: [0x002f, 0x1301] })),
      "no_common_cipher_suite",
      handshakeFailure,
    ],
    [
      "that offers no suite that goes with the certificate",
      hello(() => ({ cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.code] })),
      "no_certificate",
      handshakeFailure,
    ],
    // RFC 9155 §2, RFC 5246 §7.4.1.4.1#left-out
    [
      "that says nothing of signature algorithms: SHA-1 isn't taken for granted",
      hello(withoutExtension(signatureAlgorithms)),
      "no_signature_algorithms",
      handshakeFailure,
    ],
    [
      "that can't verify what the certificate's key signs",
      hello(withExtension(extension(signatureAlgorithms, [ed25519.code, rsa_pss_rsae_sha256.code]))),
      "no_certificate",
      handshakeFailure,
    ],
    // RFC 8422 §5.3#curve, RFC 5246 §7.4.2#ecdsa
    [
      "that doesn't take the curve of the certificate's key",
      hello(withExtension(extension(supportedGroups, [x25519.code]))),
      "no_certificate",
      handshakeFailure,
    ],
    [
      "that offers no group that is accepted",
      hello(withExtension(extension(supportedGroups, [0x0100, 0x001a]))),
      "no_common_group",
      handshakeFailure,
    ],
    // RFC 5246 §7.4.1.2#null-compression
    [
      "that compresses always",
      hello(() => ({ legacyCompressionMethods: Uint8Array.of(1) })),
      "compression",
      illegalParameter,
    ],
    // RFC 8422 §5.1.2#checked
    [
      "that takes compressed points alone",
      hello(withExtension(extension(ecPointFormats, Uint8Array.of(1, 2)))),
      "ec_point_formats",
      illegalParameter,
    ],
    // RFC 5746 §3.6#empty-checked
    [
      "whose renegotiation_info isn't empty at first",
      hello(withExtension(extension(renegotiationInfo, new Uint8Array(12)))),
      "renegotiation_info",
      handshakeFailure,
    ],
    // RFC 7507 §3#checked
    [
      "that has fallen back although it needn't have",
      hello(({ cipherSuites }) => ({ cipherSuites: [...cipherSuites, 0x5600] })),
      "inappropriate_fallback",
      Alert.inappropriateFallback,
      { server: { versions: [tls13, tls12] } },
    ],
    [
      "whose key share is no point of the curve",
      changing(EcdheClientKeyExchange, ({ public: share }) => ({ public: reversed(share) })),
      "invalid_key_share",
      illegalParameter,
      { namedGroups: [secp256r1] },
    ],
    [
      "whose key share leads to nothing",
      changing(EcdheClientKeyExchange, () => ({ public: new Uint8Array(32) })),
      "invalid_key_share",
      illegalParameter,
      { namedGroups: [x25519, secp256r1] },
    ],
    [
      "whose change_cipher_spec comes before its ClientKeyExchange",
      before(ofType(EcdheClientKeyExchange), changeCipherSpec),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "whose change_cipher_spec is missing",
      without(isChangeCipherSpec),
      "missing_change_cipher_spec",
      unexpectedMessage,
    ],
    [
      "whose change_cipher_spec comes twice",
      before(isChangeCipherSpec, changeCipherSpec),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "that leaves out its ClientKeyExchange",
      without(ofType(EcdheClientKeyExchange)),
      "unexpected_record",
      unexpectedMessage,
    ],
    [
      "whose data comes before its Finished",
      before(isChangeCipherSpec, applicationData),
      "unexpected_record",
      unexpectedMessage,
    ],
  ])("%s", (_, edit, code, alert, options = {}) => {
    const made = spoilt({ client: edit }, options);
    expect(made.atServer.error).toMatchObject({ kind: "peer", code, alert });
    expect(made.atServer.info).toBeUndefined();
    expectNoData(made);
  });

  it("but for one that falls back to the best that there is", () => {
    const edit = hello(({ cipherSuites }) => ({ cipherSuites: [...cipherSuites, 0x5600] }));
    // The transcripts differ then, which is found at the end and not before.
    expect(spoilt({ client: edit }).atServer.error?.code).toBe("bad_record_mac");
  });

  it("but for one that says nothing of groups: everybody has P-256 (RFC 8422 §4)", () => {
    const made = spoilt({ client: hello(withoutExtension(supportedGroups)) });
    expect(made.atServer.traced.some(({ type }) => type === "keys")).toBe(true);
  });
});

// RFC 9846 §4.2.3#downgrade-sentinel-sent, §4.2.3#downgrade-sentinel-checked
describe("a version that somebody in the middle lowers", () => {
  const both = { client: { versions: [tls13, tls12] }, server: { versions: [tls13, tls12] } };

  it("is noticed by the mark in the server's random", () => {
    const made = spoilt({ client: changingClientHello(withoutExtension(supportedVersions)) }, both);
    expect(made.atClient.error).toMatchObject({ code: "downgrade", alert: illegalParameter });
    expect(made.atServer.error).toMatchObject({ kind: "alert", alert: illegalParameter });
  });

  it("is noticed by the Finished, where the mark is taken out", () => {
    const made = spoilt(
      {
        client: changingClientHello(withoutExtension(supportedVersions)),
        server: changingServerHello(({ random }) => ({
          random: Uint8Array.from(random, (byte, at) => (at < 24 ? byte : 0)),
        })),
      },
      both,
    );
    // The server's random is signed.
    expect(made.atClient.error).toMatchObject({ code: "bad_signature" });
  });

  it("is told by its name where it is none that was offered, and by the mark if there is one", () => {
    const made = spoilt(
      { server: changingServerHello(() => ({ legacyVersion: 0x0302 })) },
      { ...both, server: { versions: [tls12] } },
    );
    expect(made.atClient.error).toMatchObject({ code: "protocol_version", alert: Alert.protocolVersion });
    expect(made.atClient.error?.message).toContain("chose TLS 1.1, offered was TLS 1.3 or TLS 1.2");
    const marked = changingServerHello(({ random }) => ({
      legacyVersion: 0x0302,
      random: Uint8Array.of(...random.subarray(0, 24), 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0),
    }));
    for (const versions of [[tls13, tls12], [tls12]]) {
      const lowered = spoilt({ server: marked }, { client: { versions }, server: { versions: [tls12] } });
      expect(lowered.atClient.error).toMatchObject({ code: "downgrade", alert: illegalParameter });
    }
  });

  it("isn't asked to try again where TLS 1.3 wasn't offered", () => {
    const retry = changingServerHello(() => ({ random: helloRetryRequestRandom }));
    const made = spoilt({ server: retry });
    expect(made.atClient.error).toMatchObject({ kind: "peer", code: "protocol_version", alert: Alert.protocolVersion });
  });

  it("isn't marked where TLS 1.2 is the best that the server has", () => {
    expectEstablished(connect(pair({ client: { versions: [tls13, tls12] }, server: { versions: [tls12] } })));
    expectEstablished(connect(pair({ client: { versions: [tls12] }, server: { versions: [tls13, tls12] } })));
  });
});

// RFC 7627 §5.2#derived-without, RFC 5746 §3, RFC 5246 §7.4.9#checked
describe("an extension that somebody in the middle takes out", () => {
  it.each([
    ["extended_main_secret", extendedMainSecret],
    ["renegotiation_info", renegotiationInfo],
    ["ec_point_formats", ecPointFormats],
  ])("is missed at the end, with no data gone: %s", (_, type) => {
    for (const edits of [
      { client: changingClientHello(withoutExtension(type)) },
      { server: changingServerHello(withoutExtension(type)) },
    ]) {
      const made = spoilt(edits);
      expect([made.atClient.info, made.atServer.info]).toEqual([undefined, undefined]);
      expectNoData(made);
    }
  });
});

// RFC 5746 §4.2#refused, §4.2#alert, §4.4#refused
describe("a wish for a renegotiation", () => {
  const versions = [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })];
  const shaken = (): Pair => connect(pair({ client: { versions }, server: { versions } }));
  const alertsSent = (side: Pair["atClient"] | Pair["atServer"]): readonly number[] =>
    side.traced.flatMap((event) => (event.type === "alert" && event.direction === "sent" ? [event.description] : []));

  it("of a server is refused with a warning, up to a limit", () => {
    const made = shaken();
    const seal = forged(made, "server");
    const ask = (): void => {
      made.link.left.inject(seal(22, encodeMessage(HelloRequest, null)));
      made.network.run();
    };
    for (let i = 0; i < maxRenegotiationsRefused; i += 1) ask();
    expect(alertsSent(made.atClient)).toEqual(Array(maxRenegotiationsRefused).fill(Alert.noRenegotiation));
    expect([made.atClient.outcome, made.atServer.outcome]).toEqual([undefined, undefined]);
    made.client.send(Uint8Array.of(7));
    made.network.run();
    expect([...made.atServer.data]).toEqual([7]);
    ask();
    expect(made.atClient.error).toMatchObject({ code: "too_many_renegotiations", alert: unexpectedMessage });
  });

  it("of a client is refused with a warning, up to a limit", () => {
    const made = shaken();
    const seal = forged(made, "client");
    const hello = made.atClient.traced.find((event) => event.type === "message");
    if (hello?.type !== "message") throw new TypeError("a ClientHello was sent");
    for (let i = 0; i <= maxRenegotiationsRefused; i += 1) {
      expect(made.atServer.outcome).toBeUndefined();
      made.link.right.inject(seal(22, hello.bytes));
      made.network.run();
    }
    expect(alertsSent(made.atServer)).toEqual([
      ...Array(maxRenegotiationsRefused).fill(Alert.noRenegotiation),
      unexpectedMessage,
    ]);
    expect(made.atServer.error).toMatchObject({ code: "too_many_renegotiations" });
  });

  it.each([
    ["a Finished", encodeMessage(Finished, { verifyData: new Uint8Array(12) })],
    ["a KeyUpdate", encodeMessage(KeyUpdate, { requestUpdate: 0 })],
    ["a ServerHelloDone", encodeMessage(ServerHelloDone, null)],
  ])("is all that may come: not %s", (_, bytes) => {
    const made = shaken();
    made.link.left.inject(forged(made, "server")(22, bytes));
    made.network.run();
    expect(made.atClient.error).toMatchObject({ code: "unexpected_message", alert: unexpectedMessage });
  });

  it("can't come in the clear, nor can an alert", () => {
    for (const [type, body] of [
      [22, encodeMessage(HelloRequest, null)],
      [21, Uint8Array.of(1, 0)],
    ] as const) {
      const made = shaken();
      made.link.left.inject(Uint8Array.of(type, 3, 3, 0, body.length, ...body));
      made.network.run();
      expect(made.atClient.error).toMatchObject({ code: "bad_record_mac" });
    }
  });
});

it("a suite can be had alone", () => {
  const versions = [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })];
  const made = connect(
    pair({ client: { versions, signatureSchemes: [ecdsa_secp256r1_sha256] }, server: { versions } }),
  );
  expectEstablished(made);
});
