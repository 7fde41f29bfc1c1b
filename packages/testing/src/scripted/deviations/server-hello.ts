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
  cookie,
  selectedIdentity,
  selectedVersion,
  serverShare,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, decode } from "@tlskit/wire";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { offeredGroups, offeredShares } from "../choices.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import { extensionData, RawServerHello, rawExtension } from "../raw-messages.ts";
import { altered, alteredBytes, type Edit } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { withExtension, withExtensionData, withExtensionTwice, withoutExtension } from "../spoil.ts";

type Server = ScriptedServer;
type Change = (hello: RawServerHello, server: Server) => RawServerHello;

const changed = (change: Change): Edit<Server> =>
  altered<Server, RawServerHello>("ServerHello", RawServerHello, change);

/** RFC 9846 §4.2.3: what a server that could do TLS 1.3 ends its random with. */
const sentinels = {
  tls_1_2: Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01),
  tls_1_1: Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00),
};

/** Answers as TLS 1.2 or an earlier version does. */
function older(legacyVersion: number, sentinel?: Uint8Array): Edit<Server> {
  return changed((hello) => {
    const random = hello.random.slice();
    if (sentinel !== undefined) random.set(sentinel, 24);
    return { ...hello, legacyVersion, random, cipherSuite: 0xc02f, extensions: [] };
  });
}

/** Changes the bytes of the server's key share. */
function share(change: (keyExchange: Uint8Array) => Uint8Array, group?: (server: Server) => NamedGroup): Edit<Server> {
  return changed((hello, server) => {
    const data = extensionData(hello, serverShare.code);
    if (data === undefined) return hello;
    const { group: code, keyExchange } = decode(serverShare.data, data);
    // Written out, since an empty one has no encoding.
    const bytes = change(keyExchange);
    const groupCode = group?.(server).code ?? code;
    const entry = Uint8Array.of(groupCode >> 8, groupCode & 0xff, bytes.length >> 8, bytes.length & 0xff, ...bytes);
    return withExtensionData(hello, { code: serverShare.code, data: entry });
  });
}

/** A group that the client offers without a share. */
export function groupWithoutShare(server: Server): NamedGroup {
  const shared = offeredShares(server.clientHello).map(({ group }) => group);
  return offeredGroups(server.clientHello, server.provider).find(({ code }) => !shared.includes(code)) ?? secp256r1;
}

/** A group that the client does not offer. */
const groupNotOffered: NamedGroup = { ...secp521r1, code: privateUse.namedGroup };

const selected = (version: number): Edit<Server> =>
  changed((hello) => withExtensionData(hello, rawExtension(selectedVersion, version)));

const curves = [secp256r1, secp384r1, secp521r1] as const;

/** What is wrong in a ServerHello (RFC 9846 §4.2.3, §4.3.1, §4.3.8). */
export const serverHelloDeviations: readonly Deviation<Server>[] = [
  // Fields.
  inHandshake(
    "legacy_version_tls_1_3",
    "4.2.3#legacy-version-checked",
    refused(Alert.protocolVersion, "legacy_version"),
    changed((hello) => ({ ...hello, legacyVersion: 0x0304 })),
  ),
  inHandshake(
    "legacy_version_tls_1_1",
    "4.2.3#legacy-version-checked",
    refused(Alert.protocolVersion, "legacy_version"),
    changed((hello) => ({ ...hello, legacyVersion: 0x0302 })),
  ),
  inHandshake(
    "session_id_echo_changed",
    "4.2.3#session-id-checked",
    refused(Alert.illegalParameter, "session_id_echo"),
    changed((hello, server) => ({ ...hello, legacySessionIdEcho: server.random(32) })),
  ),
  inHandshake(
    "session_id_echo_left_out",
    "4.2.3#session-id-checked",
    refused(Alert.illegalParameter, "session_id_echo"),
    changed((hello) => ({ ...hello, legacySessionIdEcho: new Uint8Array(0) })),
  ),
  inHandshake(
    "session_id_echo_cut_short",
    "4.2.3#session-id-checked",
    refused(Alert.illegalParameter, "session_id_echo"),
    changed((hello) => ({ ...hello, legacySessionIdEcho: hello.legacySessionIdEcho.subarray(1) })),
  ),
  inHandshake(
    "session_id_echo_of_33_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) => ({ ...hello, legacySessionIdEcho: new Uint8Array(33) })),
  ),
  ...(
    [
      ["private_use", privateUse.cipherSuite],
      ["tls_1_2", 0xc02f],
      ["grease", 0x3a3a],
      ["null", 0x0000],
    ] as const
  ).map(([word, cipherSuite]) =>
    inHandshake<Server>(
      `cipher_suite_${word}_not_offered`,
      "4.2.3#cipher-suite-checked",
      refused(Alert.illegalParameter, "cipher_suite_not_offered"),
      changed((hello) => ({ ...hello, cipherSuite })),
    ),
  ),
  inHandshake(
    "compression",
    "4.2.3#compression-checked",
    refused(Alert.illegalParameter, "compression"),
    changed((hello) => ({ ...hello, legacyCompressionMethod: 1 })),
  ),
  inHandshake(
    "random_of_zeros",
    "4.2.3",
    "accepted",
    changed((hello) => ({ ...hello, random: new Uint8Array(32) })),
  ),

  // Versions.
  inHandshake(
    "tls_1_2_answer",
    "4.3.1#looked-at-first",
    refused(Alert.protocolVersion, "protocol_version"),
    older(0x0303),
  ),
  inHandshake(
    "tls_1_1_answer",
    "4.3.1#looked-at-first",
    refused(Alert.protocolVersion, "protocol_version"),
    older(0x0302),
  ),
  inHandshake(
    "ssl_3_answer",
    "4.3.1#looked-at-first",
    refused(Alert.protocolVersion, "protocol_version"),
    older(0x0300),
  ),
  inHandshake(
    "tls_1_2_answer_without_extensions_field",
    "4.3.1#looked-at-first",
    refused(Alert.protocolVersion, "protocol_version"),
    alteredBytes("ServerHello", (message) => {
      const length = 2 + 32 + 1 + (message[38] ?? 0) + 2 + 1;
      return Uint8Array.of(message[0] ?? 0, 0, 0, length, ...message.subarray(4, 4 + length));
    }),
  ),
  inHandshake(
    "tls_1_2_answer_with_its_downgrade_sentinel",
    "4.2.3#downgrade-sentinel-checked",
    refused(Alert.illegalParameter, "downgrade"),
    older(0x0303, sentinels.tls_1_2),
  ),
  inHandshake(
    "tls_1_2_answer_with_the_older_sentinel",
    "4.2.3#downgrade-sentinel-checked",
    refused(Alert.illegalParameter, "downgrade"),
    older(0x0303, sentinels.tls_1_1),
  ),
  inHandshake(
    "tls_1_1_answer_with_its_downgrade_sentinel",
    "4.2.3#downgrade-sentinel-checked",
    refused(Alert.illegalParameter, "downgrade"),
    older(0x0302, sentinels.tls_1_1),
  ),
  inHandshake(
    "supported_versions_left_out",
    "4.3.1",
    refused(Alert.protocolVersion, "protocol_version"),
    changed((hello) => withoutExtension(hello, selectedVersion.code)),
  ),
  inHandshake(
    "version_not_offered_tls_1_2",
    "4.3.1#selected-version-checked, 4.3.1#decides",
    refused(Alert.illegalParameter, "version_not_offered"),
    selected(0x0303),
  ),
  inHandshake(
    "version_not_offered_tls_1_4",
    "4.3.1#selected-version-checked",
    refused(Alert.illegalParameter, "version_not_offered"),
    selected(0x0305),
  ),
  inHandshake(
    "version_not_offered_draft",
    "4.3.1#selected-version-checked",
    refused(Alert.illegalParameter, "version_not_offered"),
    selected(0x7f1c),
  ),
  inHandshake(
    "version_not_offered_grease",
    "4.3.1#selected-version-checked",
    refused(Alert.illegalParameter, "version_not_offered"),
    selected(0x7a7a),
  ),
  inHandshake(
    "supported_versions_as_a_client_sends_it",
    "4.3#trailing-data-checked",
    refused(Alert.decodeError, "decode_error"),
    changed((hello) => withExtensionData(hello, { code: selectedVersion.code, data: Uint8Array.of(2, 3, 4) })),
  ),

  // Key shares.
  inHandshake(
    "key_share_left_out",
    "9.2",
    refused(Alert.missingExtension, "missing_extension"),
    changed((hello) => withoutExtension(hello, serverShare.code)),
  ),
  inHandshake(
    "key_share_for_a_group_without_share",
    "4.3.8",
    refused(Alert.illegalParameter, "key_share_not_offered"),
    share((bytes) => bytes, groupWithoutShare),
  ),
  inHandshake(
    "key_share_for_a_group_not_offered",
    "4.3.8",
    refused(Alert.illegalParameter, "key_share_not_offered"),
    share(
      (bytes) => bytes,
      () => groupNotOffered,
    ),
  ),
  inHandshake(
    "key_share_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    share(() => new Uint8Array(0)),
  ),
  ...defaultNamedGroups.map((group) =>
    inHandshake<Server>(`${group.name.toLowerCase()}_key_share`, "4.3.8", "accepted", (script) => script, {
      keyShare: group,
    }),
  ),
  ...defaultNamedGroups.flatMap((group) => [
    inHandshake<Server>(
      `${group.name.toLowerCase()}_key_share_cut_short`,
      "4.3.8",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share((bytes) => bytes.subarray(1)),
      { keyShare: group },
    ),
    inHandshake<Server>(
      `${group.name.toLowerCase()}_key_share_too_long`,
      "4.3.8",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share((bytes) => Uint8Array.of(...bytes, 0)),
      { keyShare: group },
    ),
  ]),
  inHandshake(
    "x25519_key_share_of_low_order",
    "7.4.2#all-zero",
    refused(Alert.illegalParameter, "invalid_key_share"),
    share((bytes) => new Uint8Array(bytes.length)),
    {
      keyShare: x25519,
    },
  ),
  inHandshake(
    "x25519_key_share_of_order_eight",
    "7.4.2#all-zero",
    refused(Alert.illegalParameter, "invalid_key_share"),
    // RFC 7748 §6.1, and D. J. Bernstein's list: a point of order 8.
    share(() =>
      Uint8Array.of(
        ...[0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a],
        ...[0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00],
      ),
    ),
    { keyShare: x25519 },
  ),
  ...curves.flatMap((group) => [
    inHandshake<Server>(
      `${group.name}_key_share_off_the_curve`,
      "4.3.8.2#point-checked",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share((bytes) => {
        const spoilt = bytes.slice();
        spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
        return spoilt;
      }),
      { keyShare: group },
    ),
    inHandshake<Server>(
      `${group.name}_key_share_compressed`,
      "4.3.8.2#point-checked",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share((bytes) => Uint8Array.of(2 + ((bytes.at(-1) ?? 0) & 1), ...bytes.subarray(1, (bytes.length + 1) / 2))),
      { keyShare: group },
    ),
    inHandshake<Server>(
      `${group.name}_key_share_at_infinity`,
      "4.3.8.2",
      refused(Alert.illegalParameter, "invalid_key_share"),
      share(() => Uint8Array.of(0)),
      { keyShare: group },
    ),
  ]),
  inHandshake(
    "x25519mlkem768_key_share_of_low_order",
    "7.4.2#all-zero",
    refused(Alert.illegalParameter, "invalid_key_share"),
    share((bytes) => {
      const spoilt = bytes.slice();
      spoilt.fill(0, -32);
      return spoilt;
    }),
    { keyShare: X25519MLKEM768 },
  ),
  // FIPS 203 §6.3 rejects such a ciphertext by another secret, so that the two sides have different keys.
  {
    ...inHandshake<Server>(
      "x25519mlkem768_key_share_with_a_spoilt_ciphertext",
      "7.4.2",
      refused(Alert.badRecordMac, "bad_record_mac"),
      share((bytes) => {
        const spoilt = bytes.slice();
        spoilt[7] = (spoilt[7] ?? 0) ^ 1;
        return spoilt;
      }),
      { keyShare: X25519MLKEM768 },
    ),
    alertUnreadable: true,
  },

  // Extensions.
  inHandshake(
    "server_hello_with_an_unknown_extension",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    changed((hello) => withExtension(hello, { code: privateUse.extension, data: new Uint8Array(0) })),
  ),
  inHandshake(
    "server_hello_with_pre_shared_key_not_offered",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    changed((hello) => withExtension(hello, rawExtension(selectedIdentity, 0))),
  ),
  inHandshake(
    "server_hello_with_cookie",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    changed((hello) => withExtension(hello, rawExtension(cookie, Uint8Array.of(1)))),
  ),
  inHandshake(
    "server_hello_with_supported_groups",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    changed((hello) => withExtension(hello, rawExtension(supportedGroups, [x25519.code]))),
  ),
  inHandshake(
    "server_hello_with_alpn",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    changed((hello, server) =>
      withExtension(hello, {
        code: applicationLayerProtocolNegotiation.code,
        data: extensionData(server.clientHello, applicationLayerProtocolNegotiation.code) ?? new Uint8Array(0),
      }),
    ),
  ),
  inHandshake(
    "server_hello_with_key_share_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    changed((hello) => withExtensionTwice(hello, serverShare.code)),
  ),
  inHandshake(
    "server_hello_with_supported_versions_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    changed((hello) => withExtensionTwice(hello, selectedVersion.code)),
  ),
];
