import {
  type Codec,
  concat,
  decode,
  encode,
  mapped,
  opaqueVector,
  struct,
  TlsError,
  uint8,
  uint16,
  uint32,
  uint64,
} from "@tlskit/wire";

/**
 * What a client remembers of a connection so that another one to the same server can resume it. Its bytes are as secret
 * as a private key: whoever reads them can read what is sent under them, and whoever writes them can pass for the server.
 */
export interface ClientSession {
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
  /** Empty for a session of TLS 1.2 that has an identifier alone. */
  readonly ticket: Uint8Array;
  /** RFC 5246 §7.4.1.3: what a server of TLS 1.2 knows the session by, if there is no ticket; empty otherwise. */
  readonly sessionId: Uint8Array;
  /** Seconds, counted from `receivedAt`. */
  readonly ticketLifetime: number;
  readonly ticketAgeAdd: number;
  /** Bytes of early data that the server takes; 0: none. */
  readonly maxEarlyData: number;
  /** Whether the server says that the ticket is good for every name of its certificate. */
  readonly acrossNames: boolean;
  /** When the ticket came, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** When the server last proved by a signature who it is, in milliseconds since 1970. */
  readonly verifiedAt: number;
  /** The name in server_name; empty if none was sent. */
  readonly serverName: Uint8Array;
  /** Empty if none was agreed upon. */
  readonly alpnProtocol: Uint8Array;
  /** What else the session belongs to, as whoever made it says: it is resumed under the same alone. */
  readonly binding: Uint8Array;
  /** The body of the server's Certificate message; empty if there was none. */
  readonly certificate: Uint8Array;
  /** What tells which pre-shared key from outside the session began with, in place of a certificate; empty if none did. */
  readonly externalMark: Uint8Array;
}

/** Milliseconds since 1970, beyond what 32 bits can say. */
export const time: Codec<number> = mapped(uint64, {
  read: Number,
  write: (value) => BigInt(Math.max(0, Math.trunc(value))),
});

export const flag: Codec<boolean> = mapped(uint8, { read: (value) => value === 1, write: (value) => (value ? 1 : 0) });

const fields = struct<ClientSession>("ClientSession", {
  version: uint16,
  cipherSuite: uint16,
  signatureScheme: uint16,
  secret: opaqueVector(1, 255),
  extendedMainSecret: flag,
  ticket: opaqueVector(0, 0xffff),
  sessionId: opaqueVector(0, 32),
  ticketLifetime: uint32,
  ticketAgeAdd: uint32,
  maxEarlyData: uint32,
  acrossNames: flag,
  receivedAt: time,
  verifiedAt: time,
  serverName: opaqueVector(0, 255),
  alpnProtocol: opaqueVector(0, 255),
  binding: opaqueVector(0, 255),
  certificate: opaqueVector(0, 0xff_ffff),
  externalMark: opaqueVector(0, 255),
});

/** The form of the bytes. Another one means that somebody else's version of this package wrote them. */
const form = 4;

/** A session as bytes. */
export function encodeClientSession(session: ClientSession): Uint8Array {
  return encodeForm(form, fields, session);
}

/** A session out of bytes; nothing if these aren't understood, so that there will be a full handshake. */
export function decodeClientSession(bytes: Uint8Array): ClientSession | undefined {
  return decodeForm(form, fields, bytes);
}

/** A value behind the number of its form. */
export function encodeForm<T>(number: number, codec: Codec<T>, value: T): Uint8Array {
  return concat(Uint8Array.of(number), encode(codec, value));
}

/** A value whose form has this number; nothing for others, and for bytes that aren't one. */
export function decodeForm<T>(number: number, codec: Codec<T>, bytes: Uint8Array): T | undefined {
  if (bytes[0] !== number) return undefined;
  try {
    // A copy, so that the value lives on whatever becomes of the bytes.
    return decode(codec, Uint8Array.from(bytes.subarray(1)));
  } catch (error) {
    if (error instanceof TlsError) return undefined;
    throw error;
  }
}
