import type { ExtensionType } from "@tlskit/messages";
import {
  type Codec,
  concat,
  decode,
  encode,
  opaque,
  opaqueVector,
  rest,
  struct,
  uint8,
  uint16,
  vector,
} from "@tlskit/wire";

/**
 * Handshake messages described once more, with extensions as bytes and without the bounds that the RFC sets: what the
 * scripted peer sends needn't make sense.
 */

/** An extension whose data is bytes. */
export interface RawExtension {
  readonly code: number;
  readonly data: Uint8Array;
}

const rawExtensions: Codec<readonly RawExtension[]> = vector(
  struct<RawExtension>("Extension", { code: uint16, data: opaqueVector(0, 0xffff) }),
  0,
  0xffff,
);

/** An extension with what its description makes of a value. */
export function rawExtension<T>(type: ExtensionType<T>, value: T): RawExtension {
  return { code: type.code, data: encode(type.data, value) };
}

/** A ClientHello (RFC 9846 §4.2.2). */
export interface RawClientHello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly legacyCompressionMethods: Uint8Array;
  readonly extensions: readonly RawExtension[];
}

export const RawClientHello: Codec<RawClientHello> = struct<RawClientHello>("ClientHello", {
  legacyVersion: uint16,
  random: opaque(32),
  legacySessionId: opaqueVector(0, 255),
  cipherSuites: vector(uint16, 0, 0xffff),
  legacyCompressionMethods: opaqueVector(0, 255),
  extensions: rawExtensions,
});

/** A ServerHello (RFC 9846 §4.2.3) or HelloRetryRequest (§4.2.4). */
export interface RawServerHello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly legacyCompressionMethod: number;
  readonly extensions: readonly RawExtension[];
}

export const RawServerHello: Codec<RawServerHello> = struct<RawServerHello>("ServerHello", {
  legacyVersion: uint16,
  random: opaque(32),
  legacySessionIdEcho: opaqueVector(0, 255),
  cipherSuite: uint16,
  legacyCompressionMethod: uint8,
  extensions: rawExtensions,
});

/** Anything with extensions. */
export interface RawExtended {
  readonly extensions: readonly RawExtension[];
}

export const RawEncryptedExtensions: Codec<RawExtended> = struct<RawExtended>("EncryptedExtensions", {
  extensions: rawExtensions,
});

/** A CertificateRequest (RFC 9846 §4.4.2). */
export interface RawCertificateRequest extends RawExtended {
  readonly context: Uint8Array;
}

export const RawCertificateRequest: Codec<RawCertificateRequest> = struct<RawCertificateRequest>("CertificateRequest", {
  context: opaqueVector(0, 255),
  extensions: rawExtensions,
});

/** An entry of a Certificate message. */
export interface RawCertificateEntry extends RawExtended {
  readonly certificate: Uint8Array;
}

/** A Certificate message (RFC 9846 §4.5.1). */
export interface RawCertificate {
  readonly context: Uint8Array;
  readonly entries: readonly RawCertificateEntry[];
}

export const RawCertificate: Codec<RawCertificate> = struct<RawCertificate>("Certificate", {
  context: opaqueVector(0, 255),
  entries: vector(
    struct<RawCertificateEntry>("CertificateEntry", {
      certificate: opaqueVector(0, 0xff_ffff),
      extensions: rawExtensions,
    }),
    0,
    0xff_ffff,
  ),
});

/** A CertificateVerify (RFC 9846 §4.5.2). */
export interface RawCertificateVerify {
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export const RawCertificateVerify: Codec<RawCertificateVerify> = struct<RawCertificateVerify>("CertificateVerify", {
  algorithm: uint16,
  signature: opaqueVector(0, 0xffff),
});

/** A Finished (RFC 9846 §4.5.3). */
export const RawFinished: Codec<Uint8Array> = rest;

/** A handshake message: type, length, body. */
export function frame(code: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(code, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff), body);
}

/** A handshake message made by a codec. */
export function framed<T>(code: number, codec: Codec<T>, value: T): Uint8Array {
  return frame(code, encode(codec, value));
}

/** A handshake message's body, decoded. */
export function bodyOf<T>(codec: Codec<T>, message: Uint8Array): T {
  return decode(codec, message.subarray(4));
}

/** The data of the first extension with this code point. */
export function extensionData(message: RawExtended, code: number): Uint8Array | undefined {
  return message.extensions.find((extension) => extension.code === code)?.data;
}
