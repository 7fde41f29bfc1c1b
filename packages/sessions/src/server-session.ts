import { type Codec, opaqueVector, struct, uint16, uint32 } from "@tlskit/wire";
import { decodeForm, encodeForm, flag, time } from "./client-session.ts";
import { maxCertificateInTicket } from "./limits.ts";

/** What a server remembers of a connection so that its client can resume it: what a ticket holds, or is the name of. */
export interface ServerSession {
  /** ProtocolVersion code point. */
  readonly version: number;
  /** CipherSuite code point. */
  readonly cipherSuite: number;
  /** SignatureScheme code point of the server's CertificateVerify, or before TLS 1.3 of its ServerKeyExchange; 0 if there was none. */
  readonly signatureScheme: number;
  /** What it is resumed with: its pre-shared key; before TLS 1.3 the main secret. */
  readonly secret: Uint8Array;
  /** RFC 7627: whether the secret is bound to the handshake that it was made in, as it always is in TLS 1.3. */
  readonly extendedMainSecret: boolean;
  readonly ticketAgeAdd: number;
  /** Bytes of early data that are taken; 0: none. */
  readonly maxEarlyData: number;
  /** When the ticket was made, in milliseconds since 1970. */
  readonly issuedAt: number;
  /** When there was last a CertificateVerify, in milliseconds since 1970. */
  readonly verifiedAt: number;
  /** Empty if none was agreed upon. */
  readonly alpnProtocol: Uint8Array;
  /** What the session belongs to: it is resumed under the same alone. */
  readonly binding: Uint8Array;
  /** The body of the Certificate message that the client showed; empty if it showed none. */
  readonly certificate: Uint8Array;
  /** The identity of the pre-shared key from outside that the session began with; empty if none did. */
  readonly externalIdentity: Uint8Array;
  /** What tells whether that is still the same key; empty as well. */
  readonly externalMark: Uint8Array;
  /** SignatureScheme code point of the client's CertificateVerify; 0 if there was none. */
  readonly clientSignatureScheme: number;
}

const fields: Codec<ServerSession> = struct<ServerSession>("ServerSession", {
  version: uint16,
  cipherSuite: uint16,
  signatureScheme: uint16,
  secret: opaqueVector(1, 255),
  extendedMainSecret: flag,
  ticketAgeAdd: uint32,
  maxEarlyData: uint32,
  issuedAt: time,
  verifiedAt: time,
  alpnProtocol: opaqueVector(0, 255),
  binding: opaqueVector(0, 255),
  certificate: opaqueVector(0, maxCertificateInTicket),
  externalIdentity: opaqueVector(0, 0xffff),
  externalMark: opaqueVector(0, 255),
  clientSignatureScheme: uint16,
});

/** As for a client's: another one means that another version wrote it. */
const form = 3;

/** A session as bytes; nothing if its client has shown certificates that are too long. */
export function encodeServerSession(session: ServerSession): Uint8Array | undefined {
  return session.certificate.length > maxCertificateInTicket ? undefined : encodeForm(form, fields, session);
}

/** A session out of bytes; nothing if these aren't understood, so that there will be a full handshake. */
export function decodeServerSession(bytes: Uint8Array): ServerSession | undefined {
  return decodeForm(form, fields, bytes);
}
