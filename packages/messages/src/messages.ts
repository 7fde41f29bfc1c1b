import {
  type Codec,
  empty,
  enumeration,
  equalBytes,
  opaque,
  opaqueVector,
  rest,
  struct,
  uint8,
  uint32,
  vector,
} from "@tlskit/wire";
import { type Extension, extensions, extensionsIfAny, type RawExtension, rawExtensionsIfAny } from "./extension.ts";
import { cipherSuite, extensionsOf, type OfferedPsks, protocolVersion, signatureScheme } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import type { MessageType } from "./message.ts";

/**
 * RFC 9846 §4.2.2:
 * ```
 * struct {
 *     ProtocolVersion legacy_version = 0x0303;
 *     Random random;
 *     opaque legacy_session_id<0..32>;
 *     CipherSuite cipher_suites<2..2^16-2>;
 *     opaque legacy_compression_methods<1..2^8-1>;
 *     Extension extensions<7..2^16-1>;
 * } ClientHello;
 * ```
 */
export interface ClientHello<E = Extension> {
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  /** CipherSuite code points, best first. */
  readonly cipherSuites: readonly number[];
  readonly legacyCompressionMethods: Uint8Array;
  /** Absent from the hellos of some clients of earlier versions. */
  readonly extensions: readonly E[] | undefined;
}

/** A ClientHello whose extensions were not looked into. */
export type RawClientHello = ClientHello<RawExtension>;

const random = { ...opaque(32), type: "Random" };

function clientHello<E>(extensionsField: Codec<readonly E[] | undefined>): MessageType<ClientHello<E>, "ClientHello"> {
  return {
    name: "ClientHello",
    code: HandshakeType.clientHello,
    maxLength: 2 + 32 + (1 + 32) + (2 + 0xfffe) + (1 + 0xff) + (2 + 0xffff),
    body: struct<ClientHello<E>>("ClientHello", {
      legacyVersion: protocolVersion,
      random,
      legacySessionId: opaqueVector(0, 32),
      cipherSuites: vector(cipherSuite, 2, 0xfffe),
      legacyCompressionMethods: opaqueVector(1, 0xff),
      extensions: extensionsField,
    }),
  };
}

export const ClientHello: MessageType<ClientHello, "ClientHello"> = clientHello(
  extensionsIfAny(extensionsOf.clientHello),
);

/**
 * The same message for whoever inspects it only: {@link extensionIn} decodes those that are of interest, and one that
 * isn't may be malformed.
 */
export const RawClientHello: MessageType<RawClientHello, "ClientHello"> = clientHello(rawExtensionsIfAny);

/**
 * RFC 9846 §4.3.11.2: a ClientHello as its binders are made over it: up to where they begin, with lengths as if they were
 * there.
 * @param bytes header included
 * @param binders that it ends with
 */
export function truncateBeforeBinders(bytes: Uint8Array, { binders }: OfferedPsks): Uint8Array {
  return bytes.subarray(0, bytes.length - (2 + binders.reduce((sum, binder) => sum + 1 + binder.length, 0)));
}

/**
 * RFC 9846 §4.2.3, and the HelloRetryRequest of §4.2.4, which has the same form:
 * ```
 * struct {
 *     ProtocolVersion legacy_version = 0x0303;
 *     Random random;
 *     opaque legacy_session_id_echo<0..32>;
 *     CipherSuite cipher_suite;
 *     uint8 legacy_compression_method = 0;
 *     Extension extensions<6..2^16-1>;
 * } ServerHello;
 * ```
 */
export interface ServerHello {
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  /** CipherSuite code point. */
  readonly cipherSuite: number;
  readonly legacyCompressionMethod: number;
  /** Absent from the hellos of some servers of earlier versions. */
  readonly extensions: readonly Extension[] | undefined;
}

/** RFC 9846 §4.2.3: SHA-256 of "HelloRetryRequest", the random that makes a ServerHello a HelloRetryRequest. */
export const helloRetryRequestRandom: Uint8Array = Uint8Array.of(
  ...[0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91],
  ...[0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c],
);

/** RFC 9846 §4.2.3#retry-random. */
function isHelloRetryRequest(body: Uint8Array): boolean {
  return equalBytes(body.subarray(2, 34), helloRetryRequestRandom);
}

function serverHelloBody(name: string, extensionsField: Codec<readonly Extension[] | undefined>): Codec<ServerHello> {
  return struct<ServerHello>(name, {
    legacyVersion: protocolVersion,
    random,
    legacySessionIdEcho: opaqueVector(0, 32),
    cipherSuite,
    legacyCompressionMethod: uint8,
    extensions: extensionsField,
  });
}

const serverHelloLength = 2 + 32 + (1 + 32) + 2 + 1 + (2 + 0xffff);

export const ServerHello: MessageType<ServerHello, "ServerHello"> = {
  name: "ServerHello",
  code: HandshakeType.serverHello,
  maxLength: serverHelloLength,
  body: serverHelloBody("ServerHello", extensionsIfAny(extensionsOf.serverHello)),
  matches: (body) => !isHelloRetryRequest(body),
};

export const HelloRetryRequest: MessageType<ServerHello, "HelloRetryRequest"> = {
  name: "HelloRetryRequest",
  code: HandshakeType.serverHello,
  maxLength: serverHelloLength,
  body: serverHelloBody("HelloRetryRequest", extensionsIfAny(extensionsOf.helloRetryRequest)),
  matches: isHelloRetryRequest,
};

/** RFC 9846 §4.4.1: `struct { Extension extensions<0..2^16-1>; } EncryptedExtensions;` */
export interface EncryptedExtensions {
  readonly extensions: readonly Extension[];
}

export const EncryptedExtensions: MessageType<EncryptedExtensions, "EncryptedExtensions"> = {
  name: "EncryptedExtensions",
  code: HandshakeType.encryptedExtensions,
  maxLength: 2 + 0xffff,
  body: struct<EncryptedExtensions>("EncryptedExtensions", {
    extensions: extensions(extensionsOf.encryptedExtensions),
  }),
};

/**
 * RFC 9846 §4.4.2:
 * ```
 * struct {
 *     opaque certificate_request_context<0..2^8-1>;
 *     Extension extensions<0..2^16-1>;
 * } CertificateRequest;
 * ```
 */
export interface CertificateRequest {
  readonly certificateRequestContext: Uint8Array;
  readonly extensions: readonly Extension[];
}

export const CertificateRequest: MessageType<CertificateRequest, "CertificateRequest"> = {
  name: "CertificateRequest",
  code: HandshakeType.certificateRequest,
  maxLength: 1 + 0xff + (2 + 0xffff),
  body: struct<CertificateRequest>("CertificateRequest", {
    certificateRequestContext: opaqueVector(0, 0xff),
    extensions: extensions(extensionsOf.certificateRequest),
  }),
};

/** RFC 9846 §4.5.1: an X.509 certificate in DER with the extensions that go with it. */
export interface CertificateEntry {
  readonly certData: Uint8Array;
  readonly extensions: readonly Extension[];
}

/**
 * RFC 9846 §4.5.1:
 * ```
 * struct {
 *     opaque certificate_request_context<0..2^8-1>;
 *     CertificateEntry certificate_list<0..2^24-1>;
 * } Certificate;
 * ```
 */
export interface Certificate {
  readonly certificateRequestContext: Uint8Array;
  readonly certificateList: readonly CertificateEntry[];
}

export const Certificate: MessageType<Certificate, "Certificate"> = {
  name: "Certificate",
  code: HandshakeType.certificate,
  maxLength: 0xff_ffff, // certificate_list alone can have as many bytes as a message
  body: struct<Certificate>("Certificate", {
    certificateRequestContext: opaqueVector(0, 0xff),
    certificateList: vector(
      struct<CertificateEntry>("CertificateEntry", {
        certData: opaqueVector(1, 0xff_ffff),
        extensions: extensions(extensionsOf.certificate),
      }),
      0,
      0xff_ffff,
    ),
  }),
};

/** RFC 9846 §4.5.2: `struct { SignatureScheme algorithm; opaque signature<0..2^16-1>; } CertificateVerify;` */
export interface CertificateVerify {
  /** SignatureScheme code point. */
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export const CertificateVerify: MessageType<CertificateVerify, "CertificateVerify"> = {
  name: "CertificateVerify",
  code: HandshakeType.certificateVerify,
  maxLength: 2 + (2 + 0xffff),
  body: struct<CertificateVerify>("CertificateVerify", {
    algorithm: signatureScheme,
    signature: opaqueVector(0, 0xffff),
  }),
};

/** RFC 9846 §4.5.3: `struct { opaque verify_data[Hash.length]; } Finished;` */
export interface Finished {
  readonly verifyData: Uint8Array;
}

export const Finished: MessageType<Finished, "Finished"> = {
  name: "Finished",
  code: HandshakeType.finished,
  maxLength: 64, // No hash has more. Whoever verifies it knows how many it has to have.
  body: struct<Finished>("Finished", { verifyData: rest }),
};

/** RFC 9846 §4.6: `struct {} EndOfEarlyData;` */
export const EndOfEarlyData: MessageType<null, "EndOfEarlyData"> = {
  name: "EndOfEarlyData",
  code: HandshakeType.endOfEarlyData,
  maxLength: 0,
  body: { ...empty, type: "EndOfEarlyData" },
};

/**
 * RFC 9846 §4.7.1:
 * ```
 * struct {
 *     uint32 ticket_lifetime;
 *     uint32 ticket_age_add;
 *     opaque ticket_nonce<0..255>;
 *     opaque ticket<1..2^16-1>;
 *     Extension extensions<0..2^16-1>;
 * } NewSessionTicket;
 * ```
 */
export interface NewSessionTicket {
  /** Seconds. */
  readonly ticketLifetime: number;
  readonly ticketAgeAdd: number;
  readonly ticketNonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: readonly Extension[];
}

export const NewSessionTicket: MessageType<NewSessionTicket, "NewSessionTicket"> = {
  name: "NewSessionTicket",
  code: HandshakeType.newSessionTicket,
  maxLength: 4 + 4 + (1 + 0xff) + (2 + 0xffff) + (2 + 0xffff),
  body: struct<NewSessionTicket>("NewSessionTicket", {
    ticketLifetime: uint32,
    ticketAgeAdd: uint32,
    ticketNonce: opaqueVector(0, 0xff),
    ticket: opaqueVector(1, 0xffff),
    extensions: extensions(extensionsOf.newSessionTicket),
  }),
};

/** RFC 9846 §4.7.3: whether the peer is asked to update its keys too. */
export const KeyUpdateRequest = { updateNotRequested: 0, updateRequested: 1 } as const;

/** RFC 9846 §4.7.3: `struct { KeyUpdateRequest request_update; } KeyUpdate;` */
export interface KeyUpdate {
  readonly requestUpdate: number;
}

export const KeyUpdate: MessageType<KeyUpdate, "KeyUpdate"> = {
  name: "KeyUpdate",
  code: HandshakeType.keyUpdate,
  maxLength: 1,
  body: struct<KeyUpdate>("KeyUpdate", {
    requestUpdate: enumeration("KeyUpdateRequest", 1, (code) => ["update_not_requested", "update_requested"][code]),
  }),
};

/** Every handshake message of TLS 1.3, for whoever reads messages without knowing which may come. */
export const messageTypes: readonly MessageType<unknown>[] = [
  ClientHello,
  ServerHello,
  HelloRetryRequest,
  EncryptedExtensions,
  CertificateRequest,
  Certificate,
  CertificateVerify,
  Finished,
  EndOfEarlyData,
  NewSessionTicket,
  KeyUpdate,
];
