import {
  applicationLayerProtocolNegotiation,
  cookie,
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  renegotiationInfo,
  selectedIdentity,
  serverNameList,
  serverShare,
  sessionTicket,
  signatureAlgorithms,
  signedCertificateTimestamps,
} from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { privateUse } from "../../../private-use.ts";
import { refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { frame, type RawExtension, RawServerHello, rawExtension } from "../../raw-messages.ts";
import { altered, alteredBytes, type Edit, edits, instead, step } from "../../script.ts";
import { withExtension, withExtensionData, withExtensionTwice, withoutExtension } from "../../spoil.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";

type Server = ScriptedTls12Server;

const nothing = new Uint8Array(0);
const syntax = refused(Alert.decodeError, "decode_error");
const renegotiation = refused(Alert.handshakeFailure, "renegotiation_info");

const hello = (change: (message: RawServerHello, server: Server) => Partial<RawServerHello>): Edit<Server> =>
  altered<Server, RawServerHello>("ServerHello", RawServerHello, (message, server) => {
    const changed = { ...message, ...change(message, server) };
    server.serverRandom = changed.random;
    return changed;
  });

const withAnswer = (extension: RawExtension): Edit<Server> => hello((message) => withExtensionData(message, extension));

/** RFC 9846 §4.2.3: what the last bytes of a random say. */
const sentinel = (version: number): Uint8Array => concat(asciiBytes("DOWNGRD"), Uint8Array.of(version));

/** The two sides come to different keys: the server can't read the client's Finished, and goes on without. */
const withoutReading: Edit<Server> = instead(
  "receive Finished",
  step("receive ClientKeyExchange", (server) => server.untilReceived("client_key_exchange")),
);

/** The ServerHello (RFC 5246 §7.4.1.3), as a client sees it that may have TLS 1.3 besides. */
export const tls12ServerHelloDeviations: readonly Deviation<Server>[] = [
  ...(
    [
      ["ssl_3_0", 0x0300],
      ["tls_1_0", 0x0301],
      ["tls_1_1", 0x0302],
      ["tls_1_3_by_its_legacy_version", 0x0304],
      ["a_version_to_come", 0x0305],
      ["dtls_1_2", 0xfefd],
    ] as const
  ).map(([word, legacyVersion]) =>
    inHandshake<Server>(
      `server_hello_of_${word}`,
      "RFC 5246 §E.1#version-checked",
      refused(Alert.protocolVersion, "protocol_version"),
      hello(() => ({ legacyVersion })),
    ),
  ),
  ...(
    [
      ["of_tls_1_3", 0x1301],
      ["not_offered", 0x003c],
      ["with_nothing", 0x0000],
      ["of_grease", 0x0a0a],
      ["that_is_the_scsv_of_renegotiation", 0x00ff],
      ["that_is_the_scsv_of_fallback", 0x5600],
      ["unknown", privateUse.cipherSuite],
    ] as const
  ).map(([word, cipherSuite]) =>
    inHandshake<Server>(
      `cipher_suite_${word}`,
      "RFC 5246 §7.4.1.3, §A.5#null",
      refused(Alert.illegalParameter, "cipher_suite_not_offered"),
      hello(() => ({ cipherSuite })),
    ),
  ),
  ...[1, 64, 255].map((legacyCompressionMethod) =>
    inHandshake<Server>(
      `compression_method_${legacyCompressionMethod}`,
      "RFC 5246 §7.4.1.3",
      refused(Alert.illegalParameter, "compression"),
      hello(() => ({ legacyCompressionMethod })),
    ),
  ),
  inHandshake(
    "session_id_of_its_own",
    "RFC 5246 §7.4.1.3",
    "accepted",
    hello((_, server) => ({ legacySessionIdEcho: server.random(32) })),
  ),
  inHandshake(
    "session_id_of_33_bytes",
    "RFC 5246 §7.4.1.3",
    syntax,
    hello((_, server) => ({ legacySessionIdEcho: server.random(33) })),
  ),

  // Extensions (§7.4.1.4).
  ...(
    [
      ["unknown", { code: privateUse.extension, data: nothing }],
      ["max_fragment_length", { code: 1, data: Uint8Array.of(1) }],
      ["heartbeat", { code: 15, data: Uint8Array.of(1) }],
      ["next_protocol_negotiation", { code: 13172, data: nothing }],
      ["token_binding", { code: 24, data: nothing }],
      ["cookie", rawExtension(cookie, Uint8Array.of(1))],
      ["pre_shared_key", rawExtension(selectedIdentity, 0)],
      ["early_data", { code: 42, data: nothing }],
      ["encrypt_then_mac", rawExtension(encryptThenMac, null)],
      ["signed_certificate_timestamp", rawExtension(signedCertificateTimestamps, [Uint8Array.of(1)])],
    ] as const
  ).map(([word, extension]) =>
    inHandshake<Server>(
      `server_hello_with_${word}_not_asked_for`,
      "RFC 5246 §7.4.1.4#extensions-checked",
      refused(Alert.unsupportedExtension, "unsolicited_extension"),
      withAnswer(extension),
    ),
  ),
  inHandshake(
    "server_hello_with_signature_algorithms",
    "RFC 5246 §7.4.1.4.1",
    refused(Alert.illegalParameter, "forbidden_extension"),
    withAnswer(rawExtension(signatureAlgorithms, [0x0403])),
  ),
  ...[extendedMainSecret.code, renegotiationInfo.code, ecPointFormats.code].map((code) =>
    inHandshake<Server>(
      `extension_${code}_twice`,
      "RFC 5246 §7.4.1.4#no-duplicates",
      refused(Alert.decodeError, "duplicate_extension"),
      hello((message) => withExtensionTwice(message, code)),
    ),
  ),
  inHandshake(
    "server_hello_with_server_name",
    "RFC 6066 §3",
    "accepted",
    withAnswer({ code: serverNameList.code, data: nothing }),
  ),
  inHandshake(
    "server_hello_with_server_name_that_says_something",
    "RFC 6066 §3",
    syntax,
    withAnswer({ code: serverNameList.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "server_hello_without_extended_main_secret",
    "RFC 7627 §5.2#derived-without",
    "accepted",
    hello((message, server) => {
      server.extendedMainSecret = false;
      return withoutExtension(message, extendedMainSecret.code);
    }),
  ),
  ...(
    [
      [
        "that_isn_t_used",
        "RFC 7627 §5.1#derived",
        hello((_, server) => {
          server.extendedMainSecret = false;
          return {};
        }),
      ],
      [
        "that_is_used_and_not_told",
        "RFC 7627 §5.2#derived-without",
        hello((message) => withoutExtension(message, extendedMainSecret.code)),
      ],
    ] as const
  ).map(([word, section, edit]) => ({
    ...inHandshake<Server>(
      `extended_main_secret_${word}`,
      section,
      refused(Alert.badRecordMac, "bad_record_mac"),
      edits(edit, withoutReading),
    ),
    alertUnreadable: true as const,
  })),
  inHandshake(
    "extended_main_secret_with_a_body",
    "RFC 7627 §5.1",
    syntax,
    withAnswer({ code: extendedMainSecret.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "server_hello_without_renegotiation_info",
    "RFC 5746 §3.4#checked, §4.1#alert",
    refused(Alert.handshakeFailure, "no_secure_renegotiation"),
    hello((message) => withoutExtension(message, renegotiationInfo.code)),
  ),
  inHandshake(
    "server_hello_without_extensions",
    "RFC 5746 §3.4#checked, §4.1#alert",
    refused(Alert.handshakeFailure, "no_secure_renegotiation"),
    alteredBytes("ServerHello", (message) => frame(message[0] ?? 0, message.subarray(4, 4 + 2 + 32 + 1 + 2 + 1))),
  ),
  inHandshake(
    "renegotiation_info_of_a_handshake_before",
    "RFC 5746 §3.4#empty-checked",
    renegotiation,
    withAnswer(rawExtension(renegotiationInfo, new Uint8Array(24))),
  ),
  inHandshake(
    "renegotiation_info_without_a_length",
    "RFC 5746 §3.4",
    syntax,
    withAnswer({ code: renegotiationInfo.code, data: nothing }),
  ),
  inHandshake(
    "compressed_points_alone",
    "RFC 8422 §5.2#respected",
    refused(Alert.illegalParameter, "ec_point_formats"),
    withAnswer(rawExtension(ecPointFormats, Uint8Array.of(1, 2))),
  ),
  inHandshake(
    "compressed_points_too",
    "RFC 8422 §5.2#respected",
    "accepted",
    withAnswer(rawExtension(ecPointFormats, Uint8Array.of(1, 0))),
  ),
  inHandshake(
    "no_point_formats",
    "RFC 8422 §5.2",
    syntax,
    withAnswer({ code: ecPointFormats.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "server_hello_without_point_formats",
    "RFC 8422 §5.2",
    "accepted",
    hello((message) => withoutExtension(message, ecPointFormats.code)),
  ),
  inHandshake(
    "alpn_not_offered",
    "RFC 7301 §3.2",
    refused(Alert.illegalParameter, "alpn_not_offered"),
    withAnswer(rawExtension(applicationLayerProtocolNegotiation, [asciiBytes("not-offered")])),
  ),
  inHandshake(
    "alpn_of_two_protocols",
    "RFC 7301 §3.1",
    syntax,
    withAnswer(rawExtension(applicationLayerProtocolNegotiation, ["h2", "http/1.1"].map(asciiBytes))),
  ),
  inHandshake(
    "no_alpn_though_some_was_offered",
    "RFC 7301 §3.2",
    "accepted",
    hello((message) => withoutExtension(message, applicationLayerProtocolNegotiation.code)),
  ),
  inHandshake(
    "ticket_in_the_server_hello",
    "RFC 5077 §3.2",
    syntax,
    withAnswer(rawExtension(sessionTicket, Uint8Array.of(1, 2, 3))),
  ),
];

/** For a client that has TLS 1.3 too, and was made to believe that the server hasn't (RFC 9846 §4.2.3). */
export const tls12DowngradeDeviations: readonly Deviation<Server>[] = [
  inHandshake("tls_1_2_is_the_best_that_there_is", "4.2.3", "accepted", (script) => [...script]),
  ...[1, 0].map((version) =>
    inHandshake<Server>(
      `downgrade_sentinel_${version}`,
      "4.2.3#downgrade-sentinel-checked",
      refused(Alert.illegalParameter, "downgrade"),
      hello(({ random }) => ({ random: concat(random.subarray(0, 24), sentinel(version)) })),
    ),
  ),
  inHandshake(
    "what_is_no_downgrade_sentinel",
    "4.2.3",
    "accepted",
    hello(({ random }) => ({ random: concat(random.subarray(0, 24), sentinel(2)) })),
  ),
  inHandshake(
    "echo_of_a_session_id_that_is_none",
    "E.4",
    refused(Alert.illegalParameter, "session_id_echo"),
    hello((_, { clientHello }) => ({ legacySessionIdEcho: clientHello.legacySessionId })),
  ),
  inHandshake(
    "tls_1_2_by_supported_versions",
    "4.3.1",
    refused(Alert.illegalParameter, "version_not_offered"),
    hello((message) => withExtension(message, { code: 43, data: Uint8Array.of(3, 3) })),
  ),
  ...(
    [
      ["key_share", rawExtension(serverShare, { group: 0x001d, keyExchange: new Uint8Array(32).fill(9) })],
      ["early_data_not_asked_for", { code: 42, data: nothing }],
    ] as const
  ).map(([word, extension]) =>
    inHandshake<Server>(
      `server_hello_of_tls_1_2_with_${word}`,
      word === "key_share" ? "4.3#places-checked" : "RFC 5246 §7.4.1.4#extensions-checked",
      word === "key_share"
        ? refused(Alert.illegalParameter, "forbidden_extension")
        : refused(Alert.unsupportedExtension, "unsolicited_extension"),
      withAnswer(extension),
    ),
  ),
];

/** For a client that has block ciphers too, of a server that chose an AEAD (RFC 7366 §3). */
export const tls12EncryptThenMacDeviations: readonly Deviation<Server>[] = [
  inHandshake("aead_without_encrypt_then_mac", "RFC 7366 §3#cbc-alone", "accepted", (script) => [...script]),
  inHandshake(
    "aead_with_encrypt_then_mac",
    "RFC 7366 §2#both-sides",
    refused(Alert.illegalParameter, "encrypt_then_mac"),
    withAnswer(rawExtension(encryptThenMac, null)),
  ),
  inHandshake(
    "encrypt_then_mac_with_a_body",
    "RFC 7366 §2#extension",
    syntax,
    withAnswer({ code: encryptThenMac.code, data: Uint8Array.of(0) }),
  ),
];
