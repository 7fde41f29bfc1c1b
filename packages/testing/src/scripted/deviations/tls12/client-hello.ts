import {
  applicationLayerProtocolNegotiation,
  clientShares,
  ecPointFormats,
  extendedMainSecret,
  renegotiationInfo,
  serverNameList,
  sessionTicket,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { privateUse } from "../../../private-use.ts";
import { refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { frame, RawClientHello, type RawExtension, rawExtension } from "../../raw-messages.ts";
import { altered, alteredBytes, type Edit, edits } from "../../script.ts";
import { withExtension, withExtensionData, withExtensionTwice, withoutExtension } from "../../spoil.ts";
import type { ScriptedTls12Client } from "../../tls12/client.ts";

type Client = ScriptedTls12Client;

const nothing = new Uint8Array(0);
const syntax = refused(Alert.decodeError, "decode_error");
const failure = (code: string): ReturnType<typeof refused> => refused(Alert.handshakeFailure, code);

const hello = (change: (message: RawClientHello) => Partial<RawClientHello>): Edit<Client> =>
  altered<Client, RawClientHello>("ClientHello", RawClientHello, (message) => ({ ...message, ...change(message) }));
const withRequest = (extension: RawExtension): Edit<Client> =>
  hello((message) => withExtensionData(message, extension));
const without = ({ code }: { readonly code: number }): Edit<Client> =>
  hello((message) => withoutExtension(message, code));

/** The ClientHello (RFC 5246 §7.4.1.2), as a server sees it that has X25519 and P-256, and a key on P-256. */
export const tls12ClientHelloDeviations: readonly Deviation<Client>[] = [
  ...(
    [
      ["ssl_2_0", 0x0002],
      ["ssl_3_0", 0x0300],
      ["tls_1_0", 0x0301],
      ["tls_1_1", 0x0302],
    ] as const
  ).map(([word, legacyVersion]) =>
    inHandshake<Client>(
      `hello_of_${word}`,
      "RFC 5246 §E.1#older-version",
      refused(Alert.protocolVersion, "protocol_version"),
      hello(() => ({ legacyVersion })),
    ),
  ),
  ...[0x0304, 0x0305, 0x0400, 0xffff].map((legacyVersion) =>
    inHandshake<Client>(
      `hello_of_version_${legacyVersion}`,
      "RFC 5246 §E.1#later-version, RFC 5746 §3.6#later-hellos",
      "accepted",
      hello(() => ({ legacyVersion })),
    ),
  ),
  inHandshake(
    "hello_that_lists_tls_1_1_alone",
    "4.3.1",
    refused(Alert.protocolVersion, "protocol_version"),
    withRequest(rawExtension(supportedVersions, [0x0302])),
  ),

  // Suites.
  inHandshake(
    "no_cipher_suites",
    "RFC 5246 §7.4.1.2",
    syntax,
    hello(() => ({ cipherSuites: [] })),
  ),
  inHandshake(
    "cipher_suites_of_an_odd_length",
    "RFC 5246 §7.4.1.2",
    syntax,
    alteredBytes("ClientHello", (message) => {
      const start = 39 + (message[38] ?? 0);
      const body = concat(
        message.subarray(4, start),
        Uint8Array.of(0, 3, 0xc0, 0x2b, 0xc0),
        message.subarray(start + 2),
      );
      return frame(message[0] ?? 0, body);
    }),
  ),
  ...(
    [
      ["of_tls_1_3_alone", [0x1301, 0x1302]],
      ["that_nobody_knows", [privateUse.cipherSuite, 0x0a0a]],
      ["with_null_alone", [0x0000, 0x0001, 0x0002]],
      ["that_are_anonymous", [0x0018, 0x0034, 0xc017]],
      ["that_are_a_scsv_alone", [0x00ff]],
      ["of_psk_alone", [0x00a8, 0xc0a4]],
    ] as const
  ).map(([word, cipherSuites]) =>
    inHandshake<Client>(
      `suites_${word}`,
      "RFC 5246 §7.4.1.2#unknown-suites, §A.5#null, §A.5#anonymous",
      failure("no_common_cipher_suite"),
      hello(() => ({ cipherSuites })),
    ),
  ),
  inHandshake(
    "suites_that_nobody_knows_in_front",
    "RFC 5246 §7.4.1.2#unknown-suites",
    "accepted",
    hello(({ cipherSuites }) => ({ cipherSuites: [0x0a0a, privateUse.cipherSuite, 0x0000, ...cipherSuites] })),
  ),
  inHandshake(
    "suites_of_another_key_alone",
    "RFC 8422 §2.1#key, §2.2#key",
    failure("no_certificate"),
    hello(() => ({ cipherSuites: [0xc02f, 0xc030] })),
  ),

  // Compression, session id.
  inHandshake(
    "no_compression_methods",
    "RFC 5246 §7.4.1.2",
    syntax,
    hello(() => ({ legacyCompressionMethods: nothing })),
  ),
  inHandshake(
    "compression_always",
    "RFC 5246 §7.4.1.2#null-compression",
    refused(Alert.illegalParameter, "compression"),
    hello(() => ({ legacyCompressionMethods: Uint8Array.of(1, 64) })),
  ),
  inHandshake(
    "compression_too",
    "RFC 5246 §7.4.1.2#null-compression",
    "accepted",
    hello(() => ({ legacyCompressionMethods: Uint8Array.of(1, 64, 0) })),
  ),
  inHandshake(
    "session_id_that_nobody_knows",
    "RFC 5246 §7.4.1.2#session-id",
    "accepted",
    hello(() => ({ legacySessionId: new Uint8Array(32).fill(7) })),
  ),
  inHandshake(
    "session_id_of_33_bytes",
    "RFC 5246 §7.4.1.2#format",
    syntax,
    hello(() => ({ legacySessionId: new Uint8Array(33) })),
  ),

  // Extensions.
  inHandshake(
    "hello_without_extensions",
    "RFC 5246 §7.4.1.2#format, §7.4.1.4.1#left-out, RFC 9155 §2",
    failure("no_signature_algorithms"),
    edits(
      hello(() => ({ extensions: [] })),
      alteredBytes("ClientHello", (message) => frame(message[0] ?? 0, message.subarray(4, -2))),
    ),
  ),
  inHandshake(
    "hello_with_no_extension",
    "RFC 5246 §7.4.1.2#format, §7.4.1.4.1#left-out, RFC 9155 §2",
    failure("no_signature_algorithms"),
    hello(() => ({ extensions: [] })),
  ),
  ...[supportedGroups, signatureAlgorithms, renegotiationInfo, extendedMainSecret].map(({ code }) =>
    inHandshake<Client>(
      `extension_${code}_twice`,
      "RFC 5246 §7.4.1.4#no-duplicates",
      refused(Alert.decodeError, "duplicate_extension"),
      hello((message) => withExtensionTwice(message, code)),
    ),
  ),
  inHandshake(
    "extension_that_nobody_knows",
    "RFC 5746 §3.6#later-hellos",
    "accepted",
    hello((message) => withExtension(message, { code: privateUse.extension, data: Uint8Array.of(1, 2, 3) })),
  ),
  inHandshake(
    "key_share_though_it_is_tls_1_2",
    "E.1",
    "accepted",
    hello((message) => withExtension(message, rawExtension(clientShares, []))),
  ),
  inHandshake("hello_without_server_name", "RFC 6066 §3", "accepted", without(serverNameList)),
  inHandshake(
    "server_name_twice_of_a_type",
    "RFC 6066 §3",
    refused(Alert.illegalParameter, "server_name"),
    withRequest(
      rawExtension(serverNameList, [
        { nameType: 0, name: asciiBytes("one.example") },
        { nameType: 0, name: asciiBytes("other.example") },
      ]),
    ),
  ),

  // Signatures (§7.4.1.4.1).
  inHandshake(
    "hello_without_signature_algorithms",
    "RFC 5246 §7.4.1.4.1#left-out, RFC 9155 §2",
    failure("no_signature_algorithms"),
    without(signatureAlgorithms),
  ),
  inHandshake(
    "no_signature_algorithms",
    "RFC 5246 §7.4.1.4.1",
    syntax,
    withRequest({ code: signatureAlgorithms.code, data: Uint8Array.of(0, 0) }),
  ),
  ...(
    [
      ["of_sha_1_alone", [0x0203, 0x0201]],
      ["of_another_key_alone", [0x0804, 0x0401]],
      ["that_nobody_knows", [privateUse.signatureScheme]],
    ] as const
  ).map(([word, schemes]) =>
    inHandshake<Client>(
      `signature_algorithms_${word}`,
      "RFC 5246 §7.4.3#algorithm-offered, §7.4.3#suites-checked, RFC 9155 §4",
      failure("no_certificate"),
      withRequest(rawExtension(signatureAlgorithms, schemes)),
    ),
  ),

  // Elliptic curves (RFC 8422).
  inHandshake("hello_without_supported_groups", "RFC 8422 §4", "accepted", without(supportedGroups)),
  inHandshake(
    "no_supported_groups",
    "RFC 8422 §5.1.1",
    syntax,
    withRequest({ code: supportedGroups.code, data: Uint8Array.of(0, 0) }),
  ),
  ...(
    [
      ["that_nobody_knows", [privateUse.namedGroup, 0x0a0a], "no_common_group"],
      ["of_finite_fields_alone", [0x0100, 0x0101], "no_common_group"],
      ["of_tls_1_3_alone", [0x11ec], "no_common_group"],
      ["without_the_key_s_curve", [0x001d], "no_certificate"],
    ] as const
  ).map(([word, groups, code]) =>
    inHandshake<Client>(
      `groups_${word}`,
      "RFC 8422 §4#respected, §5.1#considered, §5.3#curve",
      failure(code),
      withRequest(rawExtension(supportedGroups, groups)),
    ),
  ),
  inHandshake(
    "group_p_256_alone",
    "RFC 8422 §4#respected",
    "accepted",
    withRequest(rawExtension(supportedGroups, [0x0017])),
  ),
  inHandshake("hello_without_point_formats", "RFC 8422 §5.1", "accepted", without(ecPointFormats)),
  inHandshake(
    "compressed_points_alone",
    "RFC 8422 §5.1.2#checked",
    refused(Alert.illegalParameter, "ec_point_formats"),
    withRequest(rawExtension(ecPointFormats, Uint8Array.of(1, 2))),
  ),
  inHandshake(
    "compressed_points_too",
    "RFC 8422 §5.1.2#checked",
    "accepted",
    withRequest(rawExtension(ecPointFormats, Uint8Array.of(1, 2, 0))),
  ),
  inHandshake(
    "no_point_formats",
    "RFC 8422 §5.1",
    syntax,
    withRequest({ code: ecPointFormats.code, data: Uint8Array.of(0) }),
  ),

  // Renegotiation, extended main secret, tickets.
  inHandshake(
    "renegotiation_info_of_a_handshake_before",
    "RFC 5746 §3.6#empty-checked",
    failure("renegotiation_info"),
    withRequest(rawExtension(renegotiationInfo, new Uint8Array(12))),
  ),
  inHandshake(
    "renegotiation_info_of_one_byte",
    "RFC 5746 §3.6#empty-checked",
    failure("renegotiation_info"),
    withRequest(rawExtension(renegotiationInfo, Uint8Array.of(0))),
  ),
  inHandshake(
    "oid_filters_in_a_hello",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    withRequest({ code: 48, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "renegotiation_info_without_a_length",
    "RFC 5746 §3.4",
    syntax,
    withRequest({ code: renegotiationInfo.code, data: nothing }),
  ),
  inHandshake("hello_without_renegotiation_info", "RFC 5746 §4.3#minimum", "accepted", without(renegotiationInfo)),
  inHandshake(
    "scsv_of_renegotiation",
    "RFC 5746 §3.6#checked, §3.6#sent",
    "accepted",
    hello((message) => ({
      ...withoutExtension(message, renegotiationInfo.code),
      cipherSuites: [...message.cipherSuites, 0x00ff],
    })),
  ),
  inHandshake(
    "hello_without_extended_main_secret",
    "RFC 7627 §5.2#derived-without, §5.2#not-unasked",
    "accepted",
    without(extendedMainSecret),
  ),
  inHandshake(
    "extended_main_secret_with_a_body",
    "RFC 7627 §5.1",
    syntax,
    withRequest({ code: extendedMainSecret.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "ticket_that_nobody_gave",
    "RFC 5077 §3.1",
    "accepted",
    withRequest(rawExtension(sessionTicket, new Uint8Array(100).fill(5))),
  ),
  inHandshake(
    "alpn_of_none_that_is_spoken",
    "RFC 7301 §3.2",
    refused(Alert.noApplicationProtocol, "no_application_protocol"),
    withRequest(rawExtension(applicationLayerProtocolNegotiation, [asciiBytes("other")])),
  ),
];

/** For a server whose best version is TLS 1.2. */
export const tls12BestDeviations: readonly Deviation<Client>[] = [
  inHandshake(
    "hello_that_lists_tls_1_3_alone",
    "4.3.1",
    refused(Alert.protocolVersion, "protocol_version"),
    withRequest(rawExtension(supportedVersions, [0x0304])),
  ),
  inHandshake(
    "hello_that_lists_tls_1_3_and_1_2_and_grease",
    "4.3.1#alone-decides",
    "accepted",
    withRequest(rawExtension(supportedVersions, [0x1a1a, 0x0304, 0x0303])),
  ),
  inHandshake(
    "fallback_to_the_best_that_there_is",
    "RFC 7507 §3#checked",
    "accepted",
    hello(({ cipherSuites }) => ({ cipherSuites: [...cipherSuites, 0x5600] })),
  ),
];

/** For a server that has TLS 1.3 too. */
export const tls12FallbackDeviations: readonly Deviation<Client>[] = [
  inHandshake("tls_1_2_is_the_best_that_the_client_has", "4.3.1#absent-means-older", "accepted", (script) => [
    ...script,
  ]),
  inHandshake(
    "fallback_from_tls_1_3",
    "RFC 7507 §3#checked",
    refused(Alert.inappropriateFallback, "inappropriate_fallback"),
    hello(({ cipherSuites }) => ({ cipherSuites: [...cipherSuites, 0x5600] })),
  ),
  inHandshake(
    "fallback_from_tls_1_3_in_front_of_all",
    "RFC 7507 §3#checked",
    refused(Alert.inappropriateFallback, "inappropriate_fallback"),
    hello(({ cipherSuites }) => ({ cipherSuites: [0x5600, ...cipherSuites] })),
  ),
  inHandshake(
    "hello_whose_legacy_version_is_tls_1_3",
    "4.3.1#absent-means-older, RFC 5246 §E.1#later-version",
    "accepted",
    hello(() => ({ legacyVersion: 0x0304 })),
  ),
];
