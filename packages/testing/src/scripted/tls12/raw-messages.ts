import { type Codec, concat, decode, opaqueVector, rest, struct, uint8, uint16, uint32, vector } from "@tlskit/wire";
import { RawServerHello } from "../raw-messages.ts";

/** TLS 1.2's own messages described once more, without the bounds that the RFC sets: what the scripted peer sends needn't make sense. */

/** A Certificate message (RFC 5246 §7.4.2). */
export const RawTls12Certificate: Codec<readonly Uint8Array[]> = vector(opaqueVector(0, 0xff_ffff), 0, 0xff_ffff);

/** ServerECDHParams (RFC 8422 §5.4). */
export interface RawEcdhParams {
  readonly curveType: number;
  readonly namedCurve: number;
  readonly public: Uint8Array;
}

export const RawEcdhParams: Codec<RawEcdhParams> = struct<RawEcdhParams>("ServerECDHParams", {
  curveType: uint8,
  namedCurve: uint16,
  public: opaqueVector(0, 0xff),
});

/** ServerDHParams (RFC 5246 §7.4.3). */
export interface RawDhParams {
  readonly p: Uint8Array;
  readonly g: Uint8Array;
  readonly public: Uint8Array;
}

export const RawDhParams: Codec<RawDhParams> = struct<RawDhParams>("ServerDHParams", {
  p: opaqueVector(0, 0xffff),
  g: opaqueVector(0, 0xffff),
  public: opaqueVector(0, 0xffff),
});

/** A ServerKeyExchange: what it says, and how that is signed. */
export interface RawKeyExchange<Params> {
  readonly params: Params;
  readonly signature: Uint8Array;
}

export const RawEcdheKeyExchange: Codec<RawKeyExchange<RawEcdhParams>> = struct<RawKeyExchange<RawEcdhParams>>(
  "ServerKeyExchange",
  { params: RawEcdhParams, signature: rest },
);

export const RawDheKeyExchange: Codec<RawKeyExchange<RawDhParams>> = struct<RawKeyExchange<RawDhParams>>(
  "ServerKeyExchange",
  { params: RawDhParams, signature: rest },
);

/** A CertificateRequest (RFC 5246 §7.4.4). */
export interface RawTls12CertificateRequest {
  readonly certificateTypes: Uint8Array;
  readonly signatureAlgorithms: readonly number[];
  readonly authorities: readonly Uint8Array[];
}

export const RawTls12CertificateRequest: Codec<RawTls12CertificateRequest> = struct<RawTls12CertificateRequest>(
  "CertificateRequest",
  {
    certificateTypes: opaqueVector(0, 0xff),
    signatureAlgorithms: vector(uint16, 0, 0xffff),
    authorities: vector(opaqueVector(0, 0xffff), 0, 0xffff),
  },
);

/** A NewSessionTicket (RFC 5077 §3.3). */
export interface RawTls12NewSessionTicket {
  readonly lifetimeHint: number;
  readonly ticket: Uint8Array;
}

export const RawTls12NewSessionTicket: Codec<RawTls12NewSessionTicket> = struct<RawTls12NewSessionTicket>(
  "NewSessionTicket",
  { lifetimeHint: uint32, ticket: opaqueVector(0, 0xffff) },
);

/** A ClientKeyExchange's one field, behind a length of one byte (ECDHE) or of two (DHE, RSA). */
export const shortField: Codec<Uint8Array> = opaqueVector(0, 0xff);
export const longField: Codec<Uint8Array> = opaqueVector(0, 0xffff);

/** A ServerHello's body, which in TLS 1.2 may end in front of its extensions (RFC 5246 §7.4.1.3). */
export function serverHelloOf(message: Uint8Array): RawServerHello {
  const body = message.subarray(4);
  const fixed = 2 + 32 + 1 + (body[34] ?? 0) + 2 + 1;
  return decode(RawServerHello, body.length === fixed ? concat(body, Uint8Array.of(0, 0)) : body);
}
