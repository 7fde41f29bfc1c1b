import {
  type Codec,
  empty,
  enumeration,
  mapped,
  opaqueVector,
  printable,
  rest,
  struct,
  textMeaning,
  uint8,
  uint16,
  uint32,
  vector,
} from "@tlskit/wire";
import {
  type CertificateStatus,
  type CertificateStatusRequest,
  certificateStatusCodec,
  certificateStatusRequest,
  signedCertificateTimestampList,
} from "./certificate-status.ts";
import type { ExtensionType } from "./extension.ts";

const versionNames: Readonly<Record<number, string>> = {
  0x0300: "SSL 3.0",
  0x0301: "TLS 1.0",
  0x0302: "TLS 1.1",
  0x0303: "TLS 1.2",
  0x0304: "TLS 1.3",
};

/** A protocol version's name: "TLS 1.3". */
export function protocolVersionName(code: number): string {
  return versionNames[code] ?? `0x${code.toString(16).padStart(4, "0")}`;
}

export const protocolVersion: Codec<number> = enumeration("ProtocolVersion", 2, (code) => versionNames[code]);
export const cipherSuite: Codec<number> = enumeration("CipherSuite", 2);
export const namedGroup: Codec<number> = enumeration("NamedGroup", 2);
export const signatureScheme: Codec<number> = enumeration("SignatureScheme", 2);

function type<T>(name: string, code: number, data: Codec<T>): ExtensionType<T> {
  return { name, code, data };
}

/** Bytes that are ASCII text in every case that matters; others are kept and shown escaped. */
const text: {
  readonly read: (bytes: Uint8Array) => Uint8Array;
  readonly write: (bytes: Uint8Array) => Uint8Array;
  readonly meaning: (bytes: Uint8Array) => string;
} = {
  read: (bytes) => bytes,
  write: (bytes) => bytes,
  meaning: textMeaning,
};

/** A name in the server_name extension (RFC 6066 §3). */
export interface ServerName {
  /** 0: host_name; there are no others. */
  readonly nameType: number;
  /** For a host name: ASCII, without a trailing dot. */
  readonly name: Uint8Array;
}

/** RFC 6066 §3, as the client sends it, every length within the one around it (RFC 6066 §11.1#lengths). */
export const serverNameList: ExtensionType<readonly ServerName[]> = type(
  "server_name",
  0,
  vector(
    struct<ServerName>("ServerName", {
      nameType: enumeration("NameType", 1, (code) => (code === 0 ? "host_name" : undefined)),
      name: mapped(opaqueVector(1, 0xffff), text),
    }),
    1,
    0xffff,
  ),
);

/** RFC 6066 §3: the server's answer, which says only that the name was used. */
export const serverNameAcknowledged: ExtensionType<null> = type("server_name", 0, empty);

/** RFC 6066 §8, in ClientHello: asks for what the certificates' authorities say of them now. */
export const statusRequest: ExtensionType<CertificateStatusRequest> = type(
  "status_request",
  5,
  certificateStatusRequest,
);

/** RFC 9846 §4.5.1.1, in CertificateRequest. */
export const statusRequestOfServer: ExtensionType<null> = type("status_request", 5, empty);

/** RFC 9846 §4.5.1.1, in Certificate: of the certificate that it is beside. */
export const certificateStatus: ExtensionType<CertificateStatus> = type("status_request", 5, certificateStatusCodec);

/** RFC 9846 §4.3.7: NamedGroup code points, best first. */
export const supportedGroups: ExtensionType<readonly number[]> = type(
  "supported_groups",
  10,
  vector(namedGroup, 2, 0xffff),
);

/** RFC 8422 §5.1.2. */
export const ecPointFormats: ExtensionType<Uint8Array> = type("ec_point_formats", 11, opaqueVector(1, 0xff));

const signatureSchemeList = vector(signatureScheme, 2, 0xfffe);

/** RFC 9846 §4.3.3: SignatureScheme code points, best first. */
export const signatureAlgorithms: ExtensionType<readonly number[]> = type(
  "signature_algorithms",
  13,
  signatureSchemeList,
);

/** RFC 9846 §4.3.3: the same for signatures in certificates. */
export const signatureAlgorithmsCert: ExtensionType<readonly number[]> = type(
  "signature_algorithms_cert",
  50,
  signatureSchemeList,
);

/** RFC 7301 §3.1: protocol names, best first; the server's answer holds one. */
export const applicationLayerProtocolNegotiation: ExtensionType<readonly Uint8Array[]> = type(
  "application_layer_protocol_negotiation",
  16,
  vector(mapped(opaqueVector(1, 0xff), { ...text }), 2, 0xffff),
);

/** RFC 6962 §3.3.1, in ClientHello and CertificateRequest: asks for promises of logs to publish the certificate. */
export const signedCertificateTimestampsRequest: ExtensionType<null> = type("signed_certificate_timestamp", 18, empty);

/** RFC 6962 §3.3.1, in Certificate: of the certificate that they are beside. */
export const signedCertificateTimestamps: ExtensionType<readonly Uint8Array[]> = type(
  "signed_certificate_timestamp",
  18,
  signedCertificateTimestampList,
);

/** RFC 8449 §4: bytes. */
export const recordSizeLimit: ExtensionType<number> = type("record_size_limit", 28, uint16);

/** RFC 9846 §4.3.1, in ClientHello: best first. */
export const supportedVersions: ExtensionType<readonly number[]> = type(
  "supported_versions",
  43,
  vector(protocolVersion, 2, 254),
);

/** RFC 9846 §4.3.1, in ServerHello and HelloRetryRequest. */
export const selectedVersion: ExtensionType<number> = type("supported_versions", 43, protocolVersion);

/** RFC 9846 §4.3.2. */
export const cookie: ExtensionType<Uint8Array> = type("cookie", 44, opaqueVector(1, 0xffff));

/** RFC 9846 §4.3.4: distinguished names, in DER. */
export const certificateAuthorities: ExtensionType<readonly Uint8Array[]> = type(
  "certificate_authorities",
  47,
  vector(opaqueVector(1, 0xffff), 3, 0xffff),
);

/** RFC 9846 §4.3.5. */
export interface OidFilter {
  readonly certificateExtensionOid: Uint8Array;
  readonly certificateExtensionValues: Uint8Array;
}

export const oidFilters: ExtensionType<readonly OidFilter[]> = type(
  "oid_filters",
  48,
  vector(
    struct<OidFilter>("OIDFilter", {
      certificateExtensionOid: opaqueVector(1, 0xff),
      certificateExtensionValues: opaqueVector(0, 0xffff),
    }),
    0,
    0xffff,
  ),
);

/** RFC 9846 §4.3.6. */
export const postHandshakeAuth: ExtensionType<null> = type("post_handshake_auth", 49, empty);

/** RFC 9846 §4.3.8. */
export interface KeyShareEntry {
  /** NamedGroup code point. */
  readonly group: number;
  readonly keyExchange: Uint8Array;
}

const keyShareEntry = struct<KeyShareEntry>("KeyShareEntry", {
  group: namedGroup,
  keyExchange: opaqueVector(1, 0xffff),
});

/** RFC 9846 §4.3.8, in ClientHello. */
export const clientShares: ExtensionType<readonly KeyShareEntry[]> = type(
  "key_share",
  51,
  vector(keyShareEntry, 0, 0xffff),
);

/** RFC 9846 §4.3.8, in ServerHello. */
export const serverShare: ExtensionType<KeyShareEntry> = type("key_share", 51, keyShareEntry);

/** RFC 9846 §4.3.8, in HelloRetryRequest. */
export const selectedGroup: ExtensionType<number> = type("key_share", 51, namedGroup);

/** RFC 9846 §4.3.9: 0 psk_ke, 1 psk_dhe_ke. */
export const pskKeyExchangeModes: ExtensionType<readonly number[]> = type(
  "psk_key_exchange_modes",
  45,
  vector(
    enumeration("PskKeyExchangeMode", 1, (code) => ["psk_ke", "psk_dhe_ke"][code]),
    1,
    255,
  ),
);

/** RFC 9846 §4.3.10, in ClientHello and EncryptedExtensions. */
export const earlyDataIndication: ExtensionType<null> = type("early_data", 42, empty);

/** RFC 9846 §4.3.10, in NewSessionTicket: bytes. */
export const maxEarlyDataSize: ExtensionType<number> = type("early_data", 42, uint32);

/** RFC 9846 §4.3.11. */
export interface PskIdentity {
  readonly identity: Uint8Array;
  /** Milliseconds, plus the ticket's `ticketAgeAdd`, modulo 2^32. */
  readonly obfuscatedTicketAge: number;
}

/** RFC 9846 §4.3.11. */
export interface OfferedPsks {
  readonly identities: readonly PskIdentity[];
  readonly binders: readonly Uint8Array[];
}

export const offeredPsks: ExtensionType<OfferedPsks> = type(
  "pre_shared_key",
  41,
  struct<OfferedPsks>("OfferedPsks", {
    identities: vector(
      struct<PskIdentity>("PskIdentity", { identity: opaqueVector(1, 0xffff), obfuscatedTicketAge: uint32 }),
      7,
      0xffff,
    ),
    binders: vector({ ...opaqueVector(32, 255), type: "PskBinderEntry" }, 33, 0xffff),
  }),
);

/** RFC 9846 §4.3.11, in ServerHello: the index of an identity. */
export const selectedIdentity: ExtensionType<number> = type("pre_shared_key", 41, uint16);

/** RFC 8773 §5, in ClientHello and ServerHello: a certificate besides a pre-shared key from outside. */
export const certWithExternPsk: ExtensionType<null> = type("tls_cert_with_extern_psk", 33, empty);

/** RFC 9149 §3, in ClientHello: how many tickets the client would like to have. */
export interface TicketCounts {
  /** After a full handshake. */
  readonly newSessionCount: number;
  /** After one that was resumed. */
  readonly resumptionCount: number;
}

export const ticketRequest: ExtensionType<TicketCounts> = type(
  "ticket_request",
  58,
  struct<TicketCounts>("ClientTicketRequest", { newSessionCount: uint8, resumptionCount: uint8 }),
);

/** RFC 9149 §3, in EncryptedExtensions: how many tickets the server is going to send. */
export const ticketCountExpected: ExtensionType<number> = type("ticket_request", 58, uint8);

/** IANA "TLS Flags", by number. */
export const TlsFlag = {
  /** draft-ietf-tls-cross-sni-resumption: the ticket is good for every name that the server's certificate is for. */
  resumptionAcrossNames: 8,
} as const;

const flagNames: Readonly<Record<number, string>> = { [TlsFlag.resumptionAcrossNames]: "resumption_across_names" };

/**
 * draft-ietf-tls-tlsflags §2, in NewSessionTicket, where a server may set what it wasn't asked for. Flag 0 is the lowest
 * bit of the first byte. There have to be no more bytes than it takes ({@link encodeFlags}): the last one isn't zero.
 */
export const tlsFlags: ExtensionType<Uint8Array> = type(
  "tls_flags",
  62,
  mapped(opaqueVector(1, 0xff), {
    read: (bytes) => bytes,
    write: (bytes) => bytes,
    meaning: (bytes) =>
      flagsIn(bytes)
        .map((flag) => flagNames[flag] ?? `flag ${flag}`)
        .join(", "),
  }),
);

/** The numbers of the flags that are set, in ascending order. */
export function flagsIn(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte, at) => bits.filter((bit) => byte & (1 << bit)).map((bit) => 8 * at + bit));
}

const bits = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Flags, at least one, in as few bytes as they take. */
export function encodeFlags(flags: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1 + (Math.max(...flags) >> 3));
  for (const flag of flags) bytes[flag >> 3] = (bytes[flag >> 3] ?? 0) | (1 << (flag & 7));
  return bytes;
}

/** RFC 5746 §3.2. */
export const renegotiationInfo: ExtensionType<Uint8Array> = type("renegotiation_info", 65281, opaqueVector(0, 0xff));

/** RFC 7627 §5.1, renamed by RFC 9846 §D. */
export const extendedMainSecret: ExtensionType<null> = type("extended_main_secret", 23, empty);

/** RFC 7366 §2#extension. */
export const encryptThenMac: ExtensionType<null> = type("encrypt_then_mac", 22, empty);

/** RFC 5077 §3.2: in ClientHello a ticket, or nothing from whoever would like one; in ServerHello nothing. */
export const sessionTicket: ExtensionType<Uint8Array> = type("session_ticket", 35, rest);

/** RFC 6066 §8, in TLS 1.2's ServerHello: a CertificateStatus follows. */
export const statusAcknowledged: ExtensionType<null> = type("status_request", 5, empty);

/** The one host name in a server_name extension (RFC 6066 §3), as ASCII text. */
export function hostNameIn(names: readonly ServerName[]): string | undefined {
  const host = names.find(({ nameType }) => nameType === 0);
  return host === undefined ? undefined : printable(host.name);
}

/**
 * What is described, by message (RFC 9846 §9.2#extensions, §4.3, the table, and RFC 5746, 6962, 8422 and 8449 for what is not in it).
 * Where a code point is recognised but has no place in a message, it is not here: {@link mayAppearIn} tells.
 */
export const extensionsOf: Readonly<Record<ExtensionPlace, readonly ExtensionType<unknown>[]>> = {
  clientHello: [
    serverNameList,
    statusRequest,
    supportedGroups,
    ecPointFormats,
    signatureAlgorithms,
    applicationLayerProtocolNegotiation,
    signedCertificateTimestampsRequest,
    recordSizeLimit,
    offeredPsks,
    earlyDataIndication,
    certWithExternPsk,
    supportedVersions,
    cookie,
    pskKeyExchangeModes,
    certificateAuthorities,
    postHandshakeAuth,
    signatureAlgorithmsCert,
    clientShares,
    ticketRequest,
    encryptThenMac,
    extendedMainSecret,
    sessionTicket,
    renegotiationInfo,
  ],
  serverHello: [
    serverShare,
    selectedIdentity,
    selectedVersion,
    certWithExternPsk,
    // TLS 1.2's
    serverNameAcknowledged,
    statusAcknowledged,
    ecPointFormats,
    applicationLayerProtocolNegotiation,
    signedCertificateTimestamps,
    encryptThenMac,
    extendedMainSecret,
    sessionTicket,
    renegotiationInfo,
  ],
  helloRetryRequest: [selectedGroup, selectedVersion, cookie],
  encryptedExtensions: [
    serverNameAcknowledged,
    supportedGroups,
    applicationLayerProtocolNegotiation,
    recordSizeLimit,
    earlyDataIndication,
    ticketCountExpected,
  ],
  certificateRequest: [
    statusRequestOfServer,
    signatureAlgorithms,
    signedCertificateTimestampsRequest,
    certificateAuthorities,
    oidFilters,
    signatureAlgorithmsCert,
  ],
  certificate: [certificateStatus, signedCertificateTimestamps],
  newSessionTicket: [maxEarlyDataSize, tlsFlags],
};

/** The name of an extension that is described here, or `extension(N)`: for a sentence. */
export function describeExtension(code: number): string {
  const { clientHello, certificateRequest, newSessionTicket } = extensionsOf;
  const described = [...clientHello, ...certificateRequest, ...newSessionTicket];
  return described.find((type) => type.code === code)?.name ?? `extension(${code})`;
}

/** A message that has extensions. */
export type ExtensionPlace =
  | "clientHello"
  | "serverHello"
  | "helloRetryRequest"
  | "encryptedExtensions"
  | "certificateRequest"
  | "certificate"
  | "newSessionTicket";

/** RFC 9846 §4.3, the table: in which messages an extension may appear. Those of earlier versions alone: ClientHello. */
const places: Readonly<Record<number, readonly ExtensionPlace[]>> = {
  0: ["clientHello", "encryptedExtensions", "certificateRequest"],
  1: ["clientHello", "encryptedExtensions"],
  5: ["clientHello", "certificateRequest", "certificate"],
  10: ["clientHello", "encryptedExtensions"],
  11: ["clientHello"],
  13: ["clientHello", "certificateRequest"],
  14: ["clientHello", "encryptedExtensions"],
  15: ["clientHello", "encryptedExtensions"],
  16: ["clientHello", "encryptedExtensions"],
  18: ["clientHello", "certificateRequest", "certificate"],
  19: ["clientHello", "encryptedExtensions"],
  20: ["clientHello", "encryptedExtensions"],
  21: ["clientHello"],
  22: ["clientHello"],
  23: ["clientHello"],
  27: ["clientHello", "certificateRequest"],
  28: ["clientHello", "encryptedExtensions"],
  33: ["clientHello", "serverHello"], // RFC 8773 §5#places-checked
  34: ["clientHello", "certificateRequest", "certificate"],
  35: ["clientHello"],
  39: ["clientHello", "encryptedExtensions"],
  41: ["clientHello", "serverHello"],
  42: ["clientHello", "encryptedExtensions", "newSessionTicket"],
  43: ["clientHello", "serverHello", "helloRetryRequest"],
  44: ["clientHello", "helloRetryRequest"],
  45: ["clientHello"],
  47: ["clientHello", "certificateRequest"],
  48: ["certificateRequest"],
  49: ["clientHello"],
  50: ["clientHello", "certificateRequest"],
  51: ["clientHello", "serverHello", "helloRetryRequest"],
  52: ["clientHello", "certificateRequest", "certificate"],
  55: ["clientHello", "encryptedExtensions"],
  56: ["clientHello", "encryptedExtensions"],
  57: ["clientHello", "encryptedExtensions"],
  58: ["clientHello", "encryptedExtensions"],
  62: [
    "clientHello",
    "serverHello",
    "helloRetryRequest",
    "encryptedExtensions",
    "certificateRequest",
    "certificate",
    "newSessionTicket",
  ],
  64768: ["clientHello"],
  65037: ["clientHello", "helloRetryRequest", "encryptedExtensions"],
  65281: ["clientHello"],
};

/** What a ServerHello of TLS 1.2 may answer, of what is recognised: RFC 6066, 8422, 7301, 7366, 7627, 5077, 5746. */
const inTls12ServerHello: readonly number[] = [0, 1, 5, 11, 16, 18, 22, 23, 35, 65281];

/** Whether an extension may appear in a ServerHello of TLS 1.2 or earlier; one that is not recognised may. */
export function mayAppearInTls12ServerHello(code: number): boolean {
  return inTls12ServerHello.includes(code) || !(code in places);
}

/**
 * Whether an extension may appear in a message; one that is not recognised may anywhere, and is passed over
 * (RFC 9846 §4.2.2#unknown-extensions). So is status_request_v2 (RFC 9846 §4.5.1.1#status-v2-tolerated).
 */
export function mayAppearIn(place: ExtensionPlace, code: number): boolean {
  return places[code]?.includes(place) ?? true;
}
