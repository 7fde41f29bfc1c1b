import {
  defaultNamedGroups,
  type NamedGroup,
  secp256r1,
  secp384r1,
  secp521r1,
  X25519MLKEM768,
  x25519,
} from "@tlskit/ciphersuites";
import {
  applicationLayerProtocolNegotiation,
  certificateAuthorities,
  clientShares,
  earlyDataIndication,
  offeredPsks,
  pskKeyExchangeModes,
  serverNameList,
  signatureAlgorithms,
  signedCertificateTimestampsRequest,
  statusRequest,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { offeredShares } from "../choices.ts";
import type { ScriptedClient } from "../client.ts";
import { type Deviation, type Expectation, inHandshake } from "../deviation.ts";
import { RawClientHello, type RawExtension, rawExtension } from "../raw-messages.ts";
import { altered, alteredBytes, before, type Edit, edits, instantStep } from "../script.ts";
import {
  incremented,
  longest,
  spoil,
  withExtension,
  withExtensionData,
  withExtensionTwice,
  withoutExtension,
} from "../spoil.ts";

type Client = ScriptedClient;
type Change = (hello: RawClientHello, client: Client) => RawClientHello;

const changed = (change: Change): Edit<Client> =>
  altered<Client, RawClientHello>("ClientHello", RawClientHello, change);
const withData = (extension: RawExtension): Edit<Client> => changed((hello) => withExtensionData(hello, extension));
const without = (...codes: readonly number[]): Edit<Client> =>
  changed((hello) => codes.reduce((rest, code) => withoutExtension(rest, code), hello));

const nothing = new Uint8Array(0);
const added = (extension: RawExtension): Edit<Client> => changed((hello) => withExtension(hello, extension));
const hostName = (name: string): RawExtension =>
  rawExtension(serverNameList, [{ nameType: 0, name: asciiBytes(name) }]);

/** Offers a pre-shared key that no server has, with a binder that is wrong. */
export function offeringPsk(hello: RawClientHello, identities: number = 1, binders: number = 1): RawClientHello {
  const identity = { identity: asciiBytes("a ticket of some other server"), obfuscatedTicketAge: 12345 };
  return withExtension(
    withExtension(hello, rawExtension(pskKeyExchangeModes, [1])),
    rawExtension(offeredPsks, {
      identities: Array.from({ length: identities }, () => identity),
      binders: Array.from({ length: binders }, () => new Uint8Array(32).fill(7)),
    }),
  );
}

/** The same, with early data announced. */
export function offeringEarlyData(hello: RawClientHello): RawClientHello {
  return offeringPsk(withExtension(hello, rawExtension(earlyDataIndication, null)));
}

/** RFC 8701: values that mean nothing wherever a client may have one. */
const greased: Change = (hello) => {
  const shares = offeredShares(hello);
  const greaseFirst = (extension: RawExtension, lengthSize: 1 | 2): RawExtension => {
    const list = extension.data.subarray(lengthSize);
    const length = list.length + 2;
    const head = lengthSize === 1 ? Uint8Array.of(length) : Uint8Array.of(length >> 8, length & 0xff);
    return { code: extension.code, data: concat(head, Uint8Array.of(0x2a, 0x2a), list) };
  };
  return {
    ...hello,
    cipherSuites: [0x1a1a, ...hello.cipherSuites],
    extensions: [
      { code: 0x0a0a, data: nothing },
      ...hello.extensions.map((extension) => {
        const { code } = extension;
        if (code === supportedVersions.code) return greaseFirst(extension, 1);
        if (code === supportedGroups.code || code === signatureAlgorithms.code) return greaseFirst(extension, 2);
        if (code !== clientShares.code) return extension;
        return rawExtension(clientShares, [{ group: 0x2a2a, keyExchange: Uint8Array.of(0) }, ...shares]);
      }),
      { code: 0xfafa, data: Uint8Array.of(0) },
    ],
  };
};

/** Changes the bytes of the client's one key share, for a group. */
function share(group: NamedGroup, change: (keyExchange: Uint8Array) => Uint8Array): Edit<Client> {
  return edits(
    withGroup(group),
    changed((hello) => {
      const [first] = offeredShares(hello);
      if (first === undefined) return hello;
      const bytes = change(first.keyExchange);
      // Written out, since an empty one has no encoding.
      const entry = concat(
        Uint8Array.of(group.code >> 8, group.code & 0xff, bytes.length >> 8, bytes.length & 0xff),
        bytes,
      );
      return withExtensionData(hello, {
        code: clientShares.code,
        data: concat(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry),
      });
    }),
  );
}

/** Offers just this group, with a share. */
function withGroup(group: NamedGroup): Edit<Client> {
  return before<Client>(
    "ClientHello",
    instantStep("choice of the group", (client) => {
      client.groups = [group];
    }),
  );
}

const curves = [secp256r1, secp384r1, secp521r1] as const;

const fields: readonly Deviation<Client>[] = [
  inHandshake(
    "client_hello_with_legacy_version_tls_1_3",
    "4.2.2#legacy-version-checked",
    refused(Alert.protocolVersion, "legacy_version"),
    changed((hello) => ({ ...hello, legacyVersion: 0x0304 })),
  ),
  inHandshake(
    "client_hello_with_legacy_version_tls_1_1",
    "4.2.2#legacy-version-checked",
    refused(Alert.protocolVersion, "legacy_version"),
    changed((hello) => ({ ...hello, legacyVersion: 0x0302 })),
  ),
  ...(
    [
      ["deflate_as_well", Uint8Array.of(0, 1), refused(Alert.illegalParameter, "compression")],
      ["deflate_alone", Uint8Array.of(1), refused(Alert.illegalParameter, "compression")],
      ["null_twice", Uint8Array.of(0, 0), refused(Alert.illegalParameter, "compression")],
      ["nothing", nothing, refused(Alert.decodeError, "decode_error")],
    ] as const
  ).map(([word, legacyCompressionMethods, expected]) =>
    inHandshake<Client>(
      `compression_methods_with_${word}`,
      "4.2.2#compression-checked",
      expected,
      changed((hello) => ({ ...hello, legacyCompressionMethods })),
    ),
  ),
  inHandshake(
    "client_hello_without_session_id",
    "E.4",
    "accepted",
    changed((hello) => ({ ...hello, legacySessionId: nothing })),
  ),
  inHandshake(
    "client_hello_with_session_id_of_7_bytes",
    "4.2.2",
    "accepted",
    changed((hello) => ({ ...hello, legacySessionId: new Uint8Array(7) })),
  ),
  inHandshake(
    "client_hello_with_session_id_of_33_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) => ({ ...hello, legacySessionId: new Uint8Array(33) })),
  ),
  inHandshake(
    "client_hello_without_cipher_suites",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) => ({ ...hello, cipherSuites: [] })),
  ),
  inHandshake(
    "no_cipher_suite_in_common",
    "4.2.1#something-in-common",
    refused(Alert.handshakeFailure, "no_common_cipher_suite"),
    changed((hello) => ({ ...hello, cipherSuites: [privateUse.cipherSuite, 0xc02f, 0x4a4a] })),
  ),
  inHandshake(
    "cipher_suites_with_unknown_ones",
    "4.2.2#unknown-suites",
    "accepted",
    changed((hello) => ({ ...hello, cipherSuites: [0x00ff, 0xc02f, ...hello.cipherSuites, 0x5600] })),
  ),
  inHandshake(
    "grease_everywhere",
    "4.2.2#unknown-suites, 4.2.2#unknown-extensions, 4.3.1#versions-known",
    "accepted",
    changed(greased),
  ),
];

const versions: readonly Deviation<Client>[] = [
  inHandshake(
    "tls_1_2_client_hello",
    "4.2.2",
    refused(Alert.protocolVersion, "protocol_version"),
    without(supportedVersions.code, clientShares.code),
  ),
  inHandshake(
    "tls_1_0_client_hello",
    "E.2",
    refused(Alert.protocolVersion, "protocol_version"),
    changed((hello) => ({ ...hello, legacyVersion: 0x0301, extensions: [] })),
  ),
  inHandshake(
    "client_hello_without_extensions_field",
    "4.2.2",
    refused(Alert.protocolVersion, "protocol_version"),
    alteredBytes("ClientHello", (message) => {
      const suitesAt = 4 + 2 + 32 + 1 + (message[38] ?? 0);
      const end = suitesAt + 2 + (((message[suitesAt] ?? 0) << 8) | (message[suitesAt + 1] ?? 0)) + 2;
      const length = end - 4;
      return concat(Uint8Array.of(1, 0, length >> 8, length & 0xff), message.subarray(4, end));
    }),
  ),
  inHandshake(
    "supported_versions_without_tls_1_3",
    "4.3.1#not-offered, 4.3.1#alone-decides",
    refused(Alert.protocolVersion, "protocol_version"),
    withData(rawExtension(supportedVersions, [0x0303, 0x0302])),
  ),
  inHandshake(
    "supported_versions_with_grease_alone",
    "4.3.1#versions-known",
    refused(Alert.protocolVersion, "protocol_version"),
    withData(rawExtension(supportedVersions, [0x2a2a])),
  ),
  inHandshake(
    "supported_versions_with_tls_1_3_last",
    "4.3.1#versions-known",
    "accepted",
    withData(rawExtension(supportedVersions, [0x2a2a, 0x0303, 0x0304])),
  ),
  inHandshake(
    "supported_versions_with_nothing",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: supportedVersions.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "supported_versions_with_half_a_version",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: supportedVersions.code, data: Uint8Array.of(3, 3, 4, 3) }),
  ),
];

const mandatory: readonly Deviation<Client>[] = [
  inHandshake(
    "signature_algorithms_left_out",
    "9.2#missing-checked, 4.3.3#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    without(signatureAlgorithms.code),
  ),
  inHandshake(
    "supported_groups_left_out",
    "9.2#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    without(supportedGroups.code),
  ),
  inHandshake(
    "key_share_left_out",
    "9.2#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    without(clientShares.code),
  ),
  inHandshake(
    "supported_groups_and_key_share_left_out",
    "9.2#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    without(supportedGroups.code, clientShares.code),
  ),
  inHandshake(
    "no_signature_scheme_in_common",
    "4.2.1#something-in-common",
    refused(Alert.handshakeFailure, "no_shared_signature_scheme"),
    withData(rawExtension(signatureAlgorithms, [privateUse.signatureScheme, 0x4a4a])),
  ),
  inHandshake(
    "signature_schemes_for_certificates_alone",
    "4.3.3",
    refused(Alert.handshakeFailure, "no_certificate"),
    withData(rawExtension(signatureAlgorithms, [0x0401, 0x0501, 0x0601])),
  ),
  inHandshake(
    "signature_algorithms_with_nothing",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: signatureAlgorithms.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "supported_groups_with_nothing",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: supportedGroups.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "no_group_in_common",
    "4.2.1#group-in-common",
    refused(Alert.handshakeFailure, "no_common_group"),
    edits(
      withData(rawExtension(supportedGroups, [privateUse.namedGroup, 0x4a4a])),
      withData(rawExtension(clientShares, [])),
    ),
  ),
];

const shares: readonly Deviation<Client>[] = [
  inHandshake(
    "group_twice",
    "4.3.7",
    refused(Alert.illegalParameter, "duplicate_group"),
    withData(rawExtension(supportedGroups, [x25519.code, secp256r1.code, x25519.code])),
  ),
  inHandshake(
    "key_share_twice_for_a_group",
    "4.3.8",
    refused(Alert.illegalParameter, "duplicate_key_share"),
    changed((hello) => {
      const [first] = offeredShares(hello);
      return first === undefined ? hello : withExtensionData(hello, rawExtension(clientShares, [first, first]));
    }),
  ),
  inHandshake(
    "key_share_for_a_group_not_offered",
    "4.3.8",
    refused(Alert.illegalParameter, "key_share_without_group"),
    changed((hello) =>
      withExtensionData(
        hello,
        rawExtension(clientShares, [
          ...offeredShares(hello),
          { group: privateUse.namedGroup, keyExchange: new Uint8Array(256) },
        ]),
      ),
    ),
  ),
  inHandshake(
    "key_share_with_half_an_entry",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: clientShares.code, data: Uint8Array.of(0, 3, 0, 29, 0) }),
  ),
  inHandshake(
    "key_share_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    share(x25519, () => nothing),
  ),
  ...defaultNamedGroups.flatMap((group): Deviation<Client>[] => [
    inHandshake(`${group.name.toLowerCase()}_key_share`, "4.3.8", "accepted", withGroup(group)),
    inHandshake(
      `${group.name.toLowerCase()}_key_share_cut_short`,
      "4.3.8",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share(group, (bytes) => bytes.subarray(1)),
    ),
    inHandshake(
      `${group.name.toLowerCase()}_key_share_too_long`,
      "4.3.8",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share(group, (bytes) => concat(bytes, Uint8Array.of(0))),
    ),
  ]),
  inHandshake(
    "x25519_key_share_of_low_order",
    "7.4.2#all-zero",
    refused(Alert.illegalParameter, "invalid_key_share"),
    share(x25519, () => new Uint8Array(32)),
  ),
  ...curves.flatMap((group): Deviation<Client>[] => [
    inHandshake(
      `${group.name}_key_share_off_the_curve`,
      "4.3.8.2#point-checked",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share(group, (bytes) => incremented(bytes, -1)),
    ),
    inHandshake(
      `${group.name}_key_share_compressed`,
      "4.3.8.2#point-checked",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share(group, (bytes) =>
        Uint8Array.of(2 + ((bytes.at(-1) ?? 0) & 1), ...bytes.subarray(1, (bytes.length + 1) / 2)),
      ),
    ),
  ]),
  inHandshake(
    "x25519mlkem768_key_share_of_low_order",
    "7.4.2#all-zero",
    refused(Alert.illegalParameter, "invalid_key_share"),
    share(X25519MLKEM768, (bytes) => {
      const spoilt = bytes.slice();
      spoilt.fill(0, -32);
      return spoilt;
    }),
  ),
  inHandshake(
    "x25519mlkem768_key_share_out_of_range",
    "FIPS 203 §7.2",
    refused(Alert.illegalParameter, "invalid_key_share"),
    share(X25519MLKEM768, (bytes) => {
      const spoilt = bytes.slice();
      // Coefficients of 4095, of which 3328 is the largest.
      spoilt.fill(0xff, 0, 6);
      return spoilt;
    }),
  ),
];

const named: readonly (readonly [word: string, expected: Expectation, extension: RawExtension])[] = [
  ["of_another_host", "accepted", hostName("elsewhere.example")],
  ["of_an_unknown_type", "accepted", rawExtension(serverNameList, [{ nameType: 9, name: Uint8Array.of(1) }])],
  [
    "of_two_hosts",
    refused(Alert.illegalParameter, "server_name"),
    rawExtension(serverNameList, [
      { nameType: 0, name: asciiBytes("a.example") },
      { nameType: 0, name: asciiBytes("b.example") },
    ]),
  ],
  ["with_a_null_byte", refused(Alert.illegalParameter, "server_name"), hostName("host.example\0.evil.example")],
  ["with_a_space", refused(Alert.illegalParameter, "server_name"), hostName("host example")],
  ["with_a_trailing_dot", refused(Alert.illegalParameter, "server_name"), hostName("host.example.")],
  ["with_a_line_break", refused(Alert.illegalParameter, "server_name"), hostName("host.example\r\nx: y")],
  [
    "outside_of_ascii",
    refused(Alert.illegalParameter, "server_name"),
    rawExtension(serverNameList, [{ nameType: 0, name: Uint8Array.of(0xc3, 0xa4, 0x2e, 0x64, 0x65) }]),
  ],
  ["of_no_hosts", refused(Alert.decodeError, "decode_error"), { code: serverNameList.code, data: Uint8Array.of(0, 0) }],
  [
    "of_an_empty_host",
    refused(Alert.decodeError, "decode_error"),
    { code: serverNameList.code, data: Uint8Array.of(0, 3, 0, 0, 0) },
  ],
  ["as_a_server_sends_it", refused(Alert.decodeError, "decode_error"), { code: serverNameList.code, data: nothing }],
];

const extensions: readonly Deviation<Client>[] = [
  inHandshake("server_name_left_out", "9.2", "accepted", without(serverNameList.code)),
  ...named.map(([word, expected, extension]) =>
    inHandshake<Client>(
      `server_name_${word}`,
      "RFC 6066 §3#one-name, RFC 6066 §11.1#lengths",
      expected,
      withData(extension),
    ),
  ),
  inHandshake("alpn_left_out", "RFC 7301 §3.1", "accepted", without(applicationLayerProtocolNegotiation.code)),
  inHandshake(
    "no_alpn_protocol_in_common",
    "RFC 7301 §3.2, RFC 9325 §3.8#nothing-in-common",
    refused(Alert.noApplicationProtocol, "no_application_protocol"),
    withData(rawExtension(applicationLayerProtocolNegotiation, [asciiBytes("nobody speaks this")])),
  ),
  inHandshake(
    "alpn_of_no_protocols",
    "RFC 7301 §3.1",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: applicationLayerProtocolNegotiation.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "alpn_of_an_empty_protocol",
    "RFC 7301 §3.1",
    refused(Alert.decodeError, "decode_error"),
    withData({ code: applicationLayerProtocolNegotiation.code, data: Uint8Array.of(0, 3, 0, 1, 65) }),
  ),
  inHandshake(
    "unknown_extensions",
    "4.2.2#unknown-extensions",
    "accepted",
    changed((hello) =>
      withExtension(withExtension(hello, { code: privateUse.extension, data: Uint8Array.of(1, 2) }), {
        code: privateUse.otherExtension,
        data: nothing,
      }),
    ),
  ),
  inHandshake(
    "extensions_of_tls_1_2",
    "4.3",
    "accepted",
    changed((hello) =>
      withExtension(
        withExtension(withExtension(hello, { code: 23, data: nothing }), { code: 0xff01, data: Uint8Array.of(0) }),
        { code: 11, data: Uint8Array.of(1, 0) },
      ),
    ),
  ),
  inHandshake(
    "status_request_v2",
    "4.5.1.1#status-v2-tolerated",
    "accepted",
    changed((hello) => withExtension(hello, { code: 17, data: Uint8Array.of(0, 7, 2, 0, 4, 0, 0, 0, 0) })),
  ),
  inHandshake(
    "status_request_of_another_type",
    "RFC 6066 §8",
    "accepted",
    added({ code: statusRequest.code, data: Uint8Array.of(2, 1, 2, 3) }),
  ),
  inHandshake(
    "status_request_that_names_a_responder",
    "RFC 6066 §8",
    "accepted",
    added({ code: statusRequest.code, data: Uint8Array.of(1, 0, 4, 0, 2, 0x82, 0, 0, 2, 0x30, 0) }),
  ),
  inHandshake(
    "status_request_without_a_type",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    added({ code: statusRequest.code, data: nothing }),
  ),
  inHandshake(
    "request_for_timestamps_with_data",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    added({ code: signedCertificateTimestampsRequest.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "certificate_authorities_that_nobody_knows",
    "4.3.4",
    "accepted",
    added({ code: certificateAuthorities.code, data: Uint8Array.of(0, 7, 0, 2, 0x30, 0, 0, 1, 7) }),
  ),
  inHandshake(
    "certificate_authorities_without_a_name",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    added({ code: certificateAuthorities.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "padding_extension",
    "RFC 7685",
    "accepted",
    changed((hello) => withExtension(hello, { code: 21, data: new Uint8Array(400) })),
  ),
  inHandshake(
    "client_hello_with_oid_filters",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    changed((hello) => withExtension(hello, { code: 48, data: Uint8Array.of(0, 0) })),
  ),
  inHandshake(
    "extension_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    changed((hello) => withExtensionTwice(hello, supportedVersions.code)),
  ),
  inHandshake(
    "unknown_extension_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    changed((hello) =>
      withExtension(withExtension(hello, { code: privateUse.extension, data: nothing }), {
        code: privateUse.extension,
        data: nothing,
      }),
    ),
  ),
];

const presharedKeys: readonly Deviation<Client>[] = [
  inHandshake(
    "pre_shared_key_offered",
    "4.3.11",
    "accepted",
    changed((hello) => offeringPsk(hello)),
  ),
  inHandshake(
    "two_pre_shared_keys_offered",
    "4.3.11",
    "accepted",
    changed((hello) => offeringPsk(hello, 2, 2)),
  ),
  inHandshake("psk_key_exchange_modes_alone", "4.3.9", "accepted", withData(rawExtension(pskKeyExchangeModes, [1]))),
  inHandshake(
    "pre_shared_key_not_last",
    "4.3.11#last-checked",
    refused(Alert.illegalParameter, "pre_shared_key_not_last"),
    changed((hello) => withExtension(offeringPsk(hello), { code: 21, data: nothing })),
  ),
  inHandshake(
    "psk_key_exchange_modes_left_out",
    "4.3.9#missing-checked",
    refused(Alert.missingExtension, "missing_extension"),
    changed((hello) => withoutExtension(offeringPsk(hello), pskKeyExchangeModes.code)),
  ),
  inHandshake(
    "psk_key_exchange_modes_with_nothing",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) =>
      withExtensionData(offeringPsk(hello), { code: pskKeyExchangeModes.code, data: Uint8Array.of(0) }),
    ),
  ),
  inHandshake(
    "more_psk_binders_than_identities",
    "6#semantics",
    refused(Alert.illegalParameter, "psk_binders"),
    changed((hello) => offeringPsk(hello, 1, 2)),
  ),
  inHandshake(
    "fewer_psk_binders_than_identities",
    "6#semantics",
    refused(Alert.illegalParameter, "psk_binders"),
    changed((hello) => offeringPsk(hello, 2, 1)),
  ),
  inHandshake(
    "pre_shared_key_without_identities",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) =>
      withExtensionData(offeringPsk(hello), {
        code: offeredPsks.code,
        data: concat(Uint8Array.of(0, 0, 0, 33, 32), new Uint8Array(32)),
      }),
    ),
  ),
  inHandshake(
    "pre_shared_key_with_a_binder_of_31_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) =>
      withExtensionData(offeringPsk(hello), {
        code: offeredPsks.code,
        data: concat(Uint8Array.of(0, 7, 0, 1, 1, 0, 0, 0, 0, 0, 32, 31), new Uint8Array(31)),
      }),
    ),
  ),
  inHandshake(
    "early_data_that_says_something",
    "4.3#trailing-data-checked",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) =>
      withExtensionData(offeringEarlyData(hello), { code: earlyDataIndication.code, data: Uint8Array.of(0) }),
    ),
  ),
];

const lengths: readonly Deviation<Client>[] = [
  inHandshake(
    "client_hello_truncated",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("ClientHello", spoil.withoutLastByte),
  ),
  inHandshake(
    "client_hello_with_trailing_byte",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("ClientHello", spoil.withTrailingByte),
  ),
  inHandshake(
    "client_hello_without_body",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("ClientHello", spoil.withoutBody),
  ),
  // Wrong in nothing, but more than a server has to take.
  inHandshake(
    "client_hello_as_long_as_can_be",
    "6.2",
    refused(Alert.internalError, "message_too_long"),
    alteredBytes("ClientHello", spoil.announcing(longest.clientHello)),
  ),
  ...[longest.clientHello + 1, 0xff_ffff].map((length) =>
    inHandshake<Client>(
      `client_hello_of_${length}_bytes`,
      "6#syntax",
      refused(Alert.decodeError, "decode_error"),
      alteredBytes("ClientHello", spoil.announcing(length)),
    ),
  ),
  inHandshake(
    "client_hello_with_an_inner_length_too_long",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes("ClientHello", (message) => incremented(message, 4 + 34)),
  ),
];

/** What is wrong, or unusual, in a ClientHello (RFC 9846 §4.2.2, §4.3, §9.2). */
export const clientHelloDeviations: readonly Deviation<Client>[] = [
  ...fields,
  ...versions,
  ...mandatory,
  ...shares,
  ...extensions,
  ...presharedKeys,
  ...lengths,
];
