import { type Codec, empty, enumeration, opaqueVector, rest, struct, uint32, vector } from "@tlskit/wire";
import { type CertificateStatus, certificateStatusCodec } from "./certificate-status.ts";
import { namedGroup, signatureScheme } from "./extensions.ts";
import { HandshakeType } from "./handshake-type.ts";
import type { MessageType } from "./message.ts";
import { CertificateVerify, ClientHello, Finished, ServerHello } from "./messages.ts";

// Messages that only TLS 1.2 and earlier have, or have in another form than TLS 1.3. ClientHello, ServerHello,
// CertificateVerify and Finished are the same structures there.

/** RFC 5246 §7.4.1.1: `struct { } HelloRequest;` */
export const HelloRequest: MessageType<null, "HelloRequest"> = {
  name: "HelloRequest",
  code: HandshakeType.helloRequest,
  maxLength: 0,
  body: { ...empty, type: "HelloRequest" },
};

/** RFC 5246 §7.4.5: `struct { } ServerHelloDone;` */
export const ServerHelloDone: MessageType<null, "ServerHelloDone"> = {
  name: "ServerHelloDone",
  code: HandshakeType.serverHelloDone,
  maxLength: 0,
  body: { ...empty, type: "ServerHelloDone" },
};

/** RFC 5246 §7.4.2: `struct { ASN.1Cert certificate_list<0..2^24-1>; } Certificate;` */
export interface Tls12Certificate {
  /** In DER, the leaf first. */
  readonly certificateList: readonly Uint8Array[];
}

export const Tls12Certificate: MessageType<Tls12Certificate, "Certificate"> = {
  name: "Certificate",
  code: HandshakeType.certificate,
  maxLength: 0xff_ffff, // certificate_list alone can have as many bytes as a message
  body: struct<Tls12Certificate>("Certificate", {
    certificateList: vector({ ...opaqueVector(1, 0xff_ffff), type: "ASN.1Cert" }, 0, 0xff_ffff),
  }),
};

/** RFC 6066 §8: what TLS 1.3 has beside the certificate. */
export const Tls12CertificateStatus: MessageType<CertificateStatus, "CertificateStatus"> = {
  name: "CertificateStatus",
  code: HandshakeType.certificateStatus,
  maxLength: 0xff_ffff,
  body: certificateStatusCodec,
};

/** @internal */
export function certificateTypeName(code: number): string | undefined {
  return certificateTypeNames[code];
}

const certificateTypeNames: Readonly<Record<number, string>> = {
  1: "rsa_sign",
  2: "dss_sign",
  64: "ecdsa_sign",
};

/** RFC 5246 §7.4.4, RFC 8422 §5.5: the kinds of certificates that a client may show; Ed25519 and Ed448 are `ecdsaSign`. */
export const ClientCertificateType = { rsaSign: 1, ecdsaSign: 64 } as const;

/**
 * RFC 5246 §7.4.4:
 * ```
 * struct {
 *     ClientCertificateType certificate_types<1..2^8-1>;
 *     SignatureAndHashAlgorithm supported_signature_algorithms<2..2^16-2>;
 *     DistinguishedName certificate_authorities<0..2^16-1>;
 * } CertificateRequest;
 * ```
 */
export interface Tls12CertificateRequest {
  /** {@link ClientCertificateType} */
  readonly certificateTypes: readonly number[];
  /** SignatureScheme code points, best first. */
  readonly supportedSignatureAlgorithms: readonly number[];
  /** Distinguished names, in DER. None: any authority will do. */
  readonly certificateAuthorities: readonly Uint8Array[];
}

export const Tls12CertificateRequest: MessageType<Tls12CertificateRequest, "CertificateRequest"> = {
  name: "CertificateRequest",
  code: HandshakeType.certificateRequest,
  maxLength: 1 + 0xff + (2 + 0xfffe) + (2 + 0xffff),
  body: struct<Tls12CertificateRequest>("CertificateRequest", {
    certificateTypes: vector(enumeration("ClientCertificateType", 1, certificateTypeName), 1, 0xff),
    supportedSignatureAlgorithms: vector(signatureScheme, 2, 0xfffe),
    certificateAuthorities: vector({ ...opaqueVector(1, 0xffff), type: "DistinguishedName" }, 0, 0xffff),
  }),
};

/** RFC 5246 §4.7: `struct { SignatureAndHashAlgorithm algorithm; opaque signature<0..2^16-1>; } DigitallySigned;` */
export interface DigitallySigned {
  /** SignatureScheme code point. */
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

const digitallySigned = struct<DigitallySigned>("DigitallySigned", {
  algorithm: signatureScheme,
  signature: opaqueVector(0, 0xffff),
});
const maxDigitallySigned = 2 + (2 + 0xffff);

/** RFC 8422 §5.4: a curve by its name, the only form that is left. */
export const namedCurve = 3;

/**
 * RFC 8422 §5.4:
 * ```
 * struct {
 *     ECCurveType curve_type = named_curve;
 *     NamedCurve namedcurve;
 *     opaque public<1..2^8-1>;
 * } ServerECDHParams;
 * ```
 */
export interface ServerEcdhParams {
  /** {@link namedCurve}, in every message that can be understood. */
  readonly curveType: number;
  /** NamedGroup code point. */
  readonly namedCurve: number;
  readonly public: Uint8Array;
}

/** What a server signs of its key exchange, behind the hellos' randoms (RFC 5246 §7.4.3). */
export const serverEcdhParams: Codec<ServerEcdhParams> = struct<ServerEcdhParams>("ServerECDHParams", {
  curveType: enumeration("ECCurveType", 1, (code) => (code === namedCurve ? "named_curve" : undefined)),
  namedCurve: namedGroup,
  public: opaqueVector(1, 0xff),
});
const maxServerEcdhParams = 1 + 2 + (1 + 0xff);

/**
 * RFC 5246 §7.4.3:
 * ```
 * struct {
 *     opaque dh_p<1..2^16-1>;
 *     opaque dh_g<1..2^16-1>;
 *     opaque dh_Ys<1..2^16-1>;
 * } ServerDHParams;
 * ```
 */
export interface ServerDhParams {
  readonly p: Uint8Array;
  readonly g: Uint8Array;
  readonly public: Uint8Array;
}

/** What a server signs of its key exchange, behind the hellos' randoms (RFC 5246 §7.4.3). */
export const serverDhParams: Codec<ServerDhParams> = struct<ServerDhParams>("ServerDHParams", {
  p: opaqueVector(1, 0xffff),
  g: opaqueVector(1, 0xffff),
  public: opaqueVector(1, 0xffff),
});
const maxServerDhParams = 3 * (2 + 0xffff);

/** RFC 4279 §5.2: which pre-shared key the server would like to be used, in a form that applications agree upon. */
const identityHint = opaqueVector(0, 0xffff);
const maxIdentity = 2 + 0xffff;

/** A ServerKeyExchange doesn't describe itself: its form is the cipher suite's. */
function serverKeyExchange<T>(maxLength: number, body: Codec<T>): MessageType<T, "ServerKeyExchange"> {
  return { name: "ServerKeyExchange", code: HandshakeType.serverKeyExchange, maxLength, body };
}

/** RFC 8422 §5.4: `struct { ServerECDHParams params; DigitallySigned signed_params; } ServerKeyExchange;` */
export interface EcdheServerKeyExchange {
  readonly params: ServerEcdhParams;
  readonly signedParams: DigitallySigned;
}

/** For suites with ECDHE. */
export const EcdheServerKeyExchange: MessageType<EcdheServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxServerEcdhParams + maxDigitallySigned,
  struct<EcdheServerKeyExchange>("ServerKeyExchange", { params: serverEcdhParams, signedParams: digitallySigned }),
);

/** RFC 5246 §7.4.3: `struct { ServerDHParams params; DigitallySigned signed_params; } ServerKeyExchange;` */
export interface DheServerKeyExchange {
  readonly params: ServerDhParams;
  readonly signedParams: DigitallySigned;
}

/** For suites with DHE. */
export const DheServerKeyExchange: MessageType<DheServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxServerDhParams + maxDigitallySigned,
  struct<DheServerKeyExchange>("ServerKeyExchange", { params: serverDhParams, signedParams: digitallySigned }),
);

/** RFC 8422 §5.4: the key exchange, signed by nobody. */
export interface EcdhAnonServerKeyExchange {
  readonly params: ServerEcdhParams;
}

/** For suites with ECDH_anon. */
export const EcdhAnonServerKeyExchange: MessageType<EcdhAnonServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxServerEcdhParams,
  struct<EcdhAnonServerKeyExchange>("ServerKeyExchange", { params: serverEcdhParams }),
);

/** RFC 5246 §7.4.3: the key exchange, signed by nobody. */
export interface DhAnonServerKeyExchange {
  readonly params: ServerDhParams;
}

/** For suites with DH_anon. */
export const DhAnonServerKeyExchange: MessageType<DhAnonServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxServerDhParams,
  struct<DhAnonServerKeyExchange>("ServerKeyExchange", { params: serverDhParams }),
);

/** RFC 4279 §2: `struct { opaque psk_identity_hint<0..2^16-1>; } ServerKeyExchange;` */
export interface PskServerKeyExchange {
  readonly identityHint: Uint8Array;
}

/** For suites with PSK and RSA_PSK. */
export const PskServerKeyExchange: MessageType<PskServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxIdentity,
  struct<PskServerKeyExchange>("ServerKeyExchange", { identityHint }),
);

/** RFC 5489 §2: the hint, and the key exchange without a signature. */
export interface EcdhePskServerKeyExchange extends PskServerKeyExchange {
  readonly params: ServerEcdhParams;
}

/** For suites with ECDHE_PSK. */
export const EcdhePskServerKeyExchange: MessageType<EcdhePskServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxIdentity + maxServerEcdhParams,
  struct<EcdhePskServerKeyExchange>("ServerKeyExchange", { identityHint, params: serverEcdhParams }),
);

/** RFC 4279 §3: the hint, and the key exchange without a signature. */
export interface DhePskServerKeyExchange extends PskServerKeyExchange {
  readonly params: ServerDhParams;
}

/** For suites with DHE_PSK. */
export const DhePskServerKeyExchange: MessageType<DhePskServerKeyExchange, "ServerKeyExchange"> = serverKeyExchange(
  maxIdentity + maxServerDhParams,
  struct<DhePskServerKeyExchange>("ServerKeyExchange", { identityHint, params: serverDhParams }),
);

/** A ClientKeyExchange doesn't describe itself: its form is the cipher suite's. */
function clientKeyExchange<T>(maxLength: number, body: Codec<T>): MessageType<T, "ClientKeyExchange"> {
  return { name: "ClientKeyExchange", code: HandshakeType.clientKeyExchange, maxLength, body };
}

const identity = opaqueVector(0, 0xffff);
const point = opaqueVector(1, 0xff);
const maxPoint = 1 + 0xff;
const dhPublic = opaqueVector(1, 0xffff);
const encryptedPreliminarySecret = opaqueVector(0, 0xffff);

/** RFC 8422 §5.7: `struct { opaque ecdh_Yc<1..2^8-1>; } ClientKeyExchange;` */
export interface EcdheClientKeyExchange {
  readonly public: Uint8Array;
}

/** For suites with ECDHE. */
export const EcdheClientKeyExchange: MessageType<EcdheClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  maxPoint,
  struct<EcdheClientKeyExchange>("ClientKeyExchange", { public: point }),
);

/** RFC 5246 §7.4.7.2: `struct { opaque dh_Yc<1..2^16-1>; } ClientKeyExchange;` */
export interface DheClientKeyExchange {
  readonly public: Uint8Array;
}

/** For suites with DHE. */
export const DheClientKeyExchange: MessageType<DheClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  2 + 0xffff,
  struct<DheClientKeyExchange>("ClientKeyExchange", { public: dhPublic }),
);

/** RFC 5246 §7.4.7.1#length, renamed by RFC 9846 §D: `struct { opaque EncryptedPreliminarySecret<0..2^16-1>; } ClientKeyExchange;` */
export interface RsaClientKeyExchange {
  readonly encryptedPreliminarySecret: Uint8Array;
}

/** For suites with RSA. */
export const RsaClientKeyExchange: MessageType<RsaClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  2 + 0xffff,
  struct<RsaClientKeyExchange>("ClientKeyExchange", { encryptedPreliminarySecret }),
);

/** RFC 4279 §2: `struct { opaque psk_identity<0..2^16-1>; } ClientKeyExchange;` */
export interface PskClientKeyExchange {
  readonly identity: Uint8Array;
}

/** For suites with PSK. */
export const PskClientKeyExchange: MessageType<PskClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  maxIdentity,
  struct<PskClientKeyExchange>("ClientKeyExchange", { identity }),
);

/** RFC 5489 §2. */
export interface EcdhePskClientKeyExchange extends PskClientKeyExchange, EcdheClientKeyExchange {}

/** For suites with ECDHE_PSK. */
export const EcdhePskClientKeyExchange: MessageType<EcdhePskClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  maxIdentity + maxPoint,
  struct<EcdhePskClientKeyExchange>("ClientKeyExchange", { identity, public: point }),
);

/** RFC 4279 §3. */
export interface DhePskClientKeyExchange extends PskClientKeyExchange, DheClientKeyExchange {}

/** For suites with DHE_PSK. */
export const DhePskClientKeyExchange: MessageType<DhePskClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  maxIdentity + (2 + 0xffff),
  struct<DhePskClientKeyExchange>("ClientKeyExchange", { identity, public: dhPublic }),
);

/** RFC 4279 §4. */
export interface RsaPskClientKeyExchange extends PskClientKeyExchange, RsaClientKeyExchange {}

/** For suites with RSA_PSK. */
export const RsaPskClientKeyExchange: MessageType<RsaPskClientKeyExchange, "ClientKeyExchange"> = clientKeyExchange(
  maxIdentity + (2 + 0xffff),
  struct<RsaPskClientKeyExchange>("ClientKeyExchange", { identity, encryptedPreliminarySecret }),
);

/** RFC 5077 §3.3: `struct { uint32 ticket_lifetime_hint; opaque ticket<0..2^16-1>; } NewSessionTicket;` */
export interface Tls12NewSessionTicket {
  /** Seconds; 0 says nothing of it. */
  readonly ticketLifetimeHint: number;
  /** None if the server has changed its mind. */
  readonly ticket: Uint8Array;
}

export const Tls12NewSessionTicket: MessageType<Tls12NewSessionTicket, "NewSessionTicket"> = {
  name: "NewSessionTicket",
  code: HandshakeType.newSessionTicket,
  maxLength: 4 + (2 + 0xffff),
  body: struct<Tls12NewSessionTicket>("NewSessionTicket", {
    ticketLifetimeHint: uint32,
    ticket: opaqueVector(0, 0xffff),
  }),
};

/** A key exchange of which nobody has said whose it is: bytes. */
function undescribed<Name extends string>(name: Name, code: number): MessageType<Uint8Array, Name> {
  return { name, code, maxLength: 0xff_ffff, body: { ...rest, type: name } };
}

/**
 * Every handshake message of TLS 1.2, for whoever reads messages without knowing which may come. Those of a key exchange
 * don't describe themselves: they are given as bytes, unless whoever looks on knows the cipher suite, and takes the type
 * that goes with it.
 */
export const tls12MessageTypes: readonly MessageType<unknown>[] = [
  HelloRequest,
  ClientHello,
  ServerHello,
  Tls12Certificate,
  Tls12CertificateStatus,
  undescribed("ServerKeyExchange", HandshakeType.serverKeyExchange),
  Tls12CertificateRequest,
  ServerHelloDone,
  undescribed("ClientKeyExchange", HandshakeType.clientKeyExchange),
  CertificateVerify,
  Tls12NewSessionTicket,
  Finished,
];
