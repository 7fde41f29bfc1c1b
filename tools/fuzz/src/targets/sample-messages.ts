import { HandshakeType, helloRetryRequestRandom } from "@tlskit/messages";
import {
  RawCertificate,
  RawCertificateRequest,
  RawClientHello,
  RawEncryptedExtensions,
  type RawExtension,
  RawServerHello,
} from "@tlskit/testing";
import { concat, encode } from "@tlskit/wire";
import { pki } from "../world.ts";

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const share = "07".repeat(32);
const random = hex(share);
const none = new Uint8Array(0);

/** A value of each extension that is described somewhere, as it stands in a message, by code point. */
const values = {
  clientHello: {
    0: "000c0000096c6f63616c686f7374",
    10: "0004001d0017",
    11: "0100",
    13: "000404030804",
    16: "0003026832",
    28: "4001",
    42: "",
    43: "020304",
    44: "0002abcd",
    45: "0101",
    47: "0006000430023100",
    49: "",
    50: "00020403",
    51: `0024001d0020${share}`,
    65281: "00",
    0x5a5a: "01",
    41: `000a0004aabbccdd00000001002120${share}`,
  },
  serverHello: { 43: "0304", 51: `001d0020${share}`, 41: "0000" },
  helloRetryRequest: { 43: "0304", 44: "0002abcd", 51: "001d" },
  encryptedExtensions: { 0: "", 10: "0004001d0017", 16: "0003026832", 28: "4001", 42: "" },
  certificateRequest: { 13: "000404030804", 47: "0006000430023100", 48: "000a03551d25000430023100", 50: "00020403" },
  certificate: { 5: "0100000430023100", 18: "0003000100" },
  newSessionTicket: { 42: "00000400" },
} as const;

function extensions(place: keyof typeof values): readonly RawExtension[] {
  return Object.entries(values[place]).map(([code, data]) => ({ code: Number(code), data: hex(data) }));
}

/** A handshake message: type, length, body. */
export function framed(code: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(code, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff), body);
}

/** A message of each kind, with every extension that may be in it. */
export function sampleMessages(): readonly Uint8Array[] {
  const hello = { legacyVersion: 0x0303, random, legacySessionIdEcho: random, cipherSuite: 0x1301 } as const;
  const ticket = concat(hex("00001c2000000001020001000455667788"), extensionBlock("newSessionTicket"));
  const entries = pki().certificate.chain.map(({ der }) => ({
    certificate: der,
    extensions: extensions("certificate"),
  }));
  return [
    framed(
      HandshakeType.clientHello,
      encode(RawClientHello, {
        legacyVersion: 0x0303,
        random,
        legacySessionId: random,
        cipherSuites: [0x1301, 0x1302, 0x1303],
        legacyCompressionMethods: Uint8Array.of(0),
        extensions: extensions("clientHello"),
      }),
    ),
    framed(
      HandshakeType.serverHello,
      encode(RawServerHello, { ...hello, legacyCompressionMethod: 0, extensions: extensions("serverHello") }),
    ),
    framed(
      HandshakeType.serverHello,
      encode(RawServerHello, {
        ...hello,
        random: helloRetryRequestRandom,
        legacyCompressionMethod: 0,
        extensions: extensions("helloRetryRequest"),
      }),
    ),
    framed(
      HandshakeType.encryptedExtensions,
      encode(RawEncryptedExtensions, { extensions: extensions("encryptedExtensions") }),
    ),
    framed(
      HandshakeType.certificateRequest,
      encode(RawCertificateRequest, { context: none, extensions: extensions("certificateRequest") }),
    ),
    framed(HandshakeType.certificate, encode(RawCertificate, { context: none, entries })),
    framed(HandshakeType.certificateVerify, hex(`08070020${share}`)),
    framed(HandshakeType.finished, random),
    framed(HandshakeType.endOfEarlyData, none),
    framed(HandshakeType.newSessionTicket, ticket),
    framed(HandshakeType.keyUpdate, Uint8Array.of(1)),
  ];
}

function extensionBlock(place: keyof typeof values): Uint8Array {
  return encode(RawEncryptedExtensions, { extensions: extensions(place) });
}
