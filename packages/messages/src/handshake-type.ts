import { type Codec, enumeration, registryName } from "@tlskit/wire";

/** RFC 9846 §4; IANA "TLS HandshakeType". */
export const HandshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
  messageHash: 254,
} as const;

/** The RFC's name of one that is described here, for a sentence. */
export function describeHandshakeType(code: number): string {
  const found = Object.entries(HandshakeType).find(([, known]) => known === code);
  return found === undefined ? `handshake_type(${code})` : registryName(found[0]);
}

export const handshakeType: Codec<number> = enumeration("HandshakeType", 1);
