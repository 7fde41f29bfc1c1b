import {
  anyOcspResponse,
  Certificate,
  certificateStatus,
  decodeMessage,
  EncryptedExtensions,
  type ExtensionPlace,
  encodeFlags,
  encodeMessage,
  explainMessage,
  extension,
  extensionCodes,
  extensionIn,
  extensionName,
  extensionsOf,
  flagsIn,
  handshakeTypeName,
  hostNameIn,
  isRegisteredExtension,
  mayAppearIn,
  mayAppearInTls12ServerHello,
  protocolVersionName,
  recordSizeLimit,
  signedCertificateTimestamps,
  signedCertificateTimestampsRequest,
  statusRequest,
  statusRequestOfServer,
  TlsFlag,
  tlsFlags,
} from "@tlskit/messages";
import { decode, encode, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

/** An extension that nobody knows, now or one day: IANA leaves it to private use. */
const privateUse = 0xff77;

const places: Readonly<Record<string, ExtensionPlace>> = {
  CH: "clientHello",
  SH: "serverHello",
  HRR: "helloRetryRequest",
  EE: "encryptedExtensions",
  CR: "certificateRequest",
  CT: "certificate",
  NST: "newSessionTicket",
};

/** RFC 9846 §4.3, the table, with the code points of IANA's "TLS ExtensionType Values". */
const table: readonly (readonly [name: string, code: number, places: string])[] = [
  ["server_name", 0, "CH EE CR"],
  ["status_request", 5, "CH CR CT"],
  ["supported_groups", 10, "CH EE"],
  ["signature_algorithms", 13, "CH CR"],
  ["use_srtp", 14, "CH EE"],
  ["heartbeat", 15, "CH EE"],
  ["application_layer_protocol_negotiation", 16, "CH EE"],
  // RFC 6962 §3.3.1
  ["signed_certificate_timestamp", 18, "CH CR CT"],
  ["client_certificate_type", 19, "CH EE"],
  ["server_certificate_type", 20, "CH EE"],
  ["padding", 21, "CH"],
  ["compress_certificate", 27, "CH CR"],
  ["record_size_limit", 28, "CH EE"],
  // RFC 8773 §5
  ["tls_cert_with_extern_psk", 33, "CH SH"],
  ["delegated_credential", 34, "CH CR CT"],
  ["supported_ekt_ciphers", 39, "CH EE"],
  ["pre_shared_key", 41, "CH SH"],
  ["early_data", 42, "CH EE NST"],
  ["supported_versions", 43, "CH SH HRR"],
  ["cookie", 44, "CH HRR"],
  ["psk_key_exchange_modes", 45, "CH"],
  ["certificate_authorities", 47, "CH CR"],
  ["oid_filters", 48, "CR"],
  ["post_handshake_auth", 49, "CH"],
  ["signature_algorithms_cert", 50, "CH CR"],
  ["key_share", 51, "CH SH HRR"],
  ["transparency_info", 52, "CH CR CT"],
  ["external_id_hash", 55, "CH EE"],
  ["external_session_id", 56, "CH EE"],
  ["quic_transport_parameters", 57, "CH EE"],
  ["ticket_request", 58, "CH EE"],
  // draft-ietf-tls-tlsflags §5
  ["tls_flags", 62, "CH SH HRR EE CR CT NST"],
  ["ech_outer_extensions", 64768, "CH"],
  ["encrypted_client_hello", 65037, "CH HRR EE"],
];

describe("where an extension may appear", () => {
  test.each(table)("%s", (name, code, allowed) => {
    expect(extensionName(code)).toBe(name);
    const there = Object.values(places).filter((place) => mayAppearIn(place, code));
    expect(there.sort()).toEqual(
      allowed
        .split(" ")
        .map((short) => places[short])
        .sort(),
    );
  });

  test("one that is not recognised may anywhere", () => {
    for (const place of Object.values(places)) {
      expect(mayAppearIn(place, 0x1a1a)).toBe(true);
      expect(mayAppearIn(place, privateUse)).toBe(true);
    }
  });

  test("what is described has a place there", () => {
    for (const place of Object.values(places)) {
      for (const { code } of extensionsOf[place]) {
        const ofTls12 = place === "serverHello" && mayAppearInTls12ServerHello(code);
        expect(ofTls12 || mayAppearIn(place, code), `${place} ${code}`).toBe(true);
      }
    }
  });
});

describe("names", () => {
  test("of what nobody registered are numbers", () => {
    expect(extensionName(privateUse)).toBe("extension(65399)");
    expect(extensionName(0x2a2a)).toBe("GREASE");
    expect(handshakeTypeName(99)).toBe("handshake_type(99)");
    expect(protocolVersionName(0x7f1c)).toBe("0x7f1c");
    expect(protocolVersionName(0x0304)).toBe("TLS 1.3");
  });
});

describe("a message's extensions", () => {
  const message = { extensions: [extension(recordSizeLimit, 100), { code: 0x1a1a, value: new Uint8Array(1) }] };

  test("are found by their type", () => {
    const decoded = decodeMessage(EncryptedExtensions, encodeMessage(EncryptedExtensions, message));
    expect(extensionIn(decoded, recordSizeLimit)).toBe(100);
    expect(extensionCodes(decoded)).toEqual([28, 0x1a1a]);
    expect(extensionIn({ extensions: undefined }, recordSizeLimit)).toBeUndefined();
  });
});

describe("tls_flags (draft-ietf-tls-tlsflags §2)", () => {
  test.each([
    [[0x01], [0]],
    [[0x80], [7]],
    [[0x00, 0x01], [TlsFlag.resumptionAcrossNames]],
    [
      [0x05, 0x00, 0x80],
      [0, 2, 23],
    ],
  ])("%j are the flags %j", (bytes, flags) => {
    expect(flagsIn(Uint8Array.of(...bytes))).toEqual(flags);
    expect([...encodeFlags(flags)]).toEqual(bytes);
  });

  test("are at least one byte", () => {
    expect(() => decode(tlsFlags.data, Uint8Array.of(0))).toThrow(expect.objectContaining({ code: "decode_error" }));
  });
});

describe("status_request (RFC 6066 §8, RFC 9846 §4.5.1.1)", () => {
  const malformed = expect.objectContaining({ code: "decode_error" });

  test("asks for an OCSP response, by whomever it is", () => {
    expect(toHex(encode(statusRequest.data, anyOcspResponse))).toBe("0100000000");
  });

  test("of a type that nobody knows is read, as bytes", () => {
    const request = { statusType: 2, request: Uint8Array.of(7, 8, 9) };
    expect(decode(statusRequest.data, Uint8Array.of(2, 7, 8, 9))).toEqual(request);
    const status = { statusType: 3, response: Uint8Array.of(4) };
    expect(decode(certificateStatus.data, Uint8Array.of(3, 4))).toEqual(status);
  });

  test("a status is a response of one byte or more", () => {
    expect(decode(certificateStatus.data, Uint8Array.of(1, 0, 0, 1, 5)).response).toEqual(Uint8Array.of(5));
    expect(() => decode(certificateStatus.data, Uint8Array.of(1, 0, 0, 0))).toThrow(malformed);
    expect(() => decode(certificateStatus.data, Uint8Array.of(1, 0, 0, 1, 5, 5))).toThrow(malformed);
  });

  test("a server asks with nothing", () => {
    expect(() => decode(statusRequestOfServer.data, encode(statusRequest.data, anyOcspResponse))).toThrow(malformed);
  });
});

describe("signed_certificate_timestamp (RFC 6962 §3.3.1)", () => {
  const malformed = expect.objectContaining({ code: "decode_error" });

  test("asks with nothing", () => {
    expect(() => decode(signedCertificateTimestampsRequest.data, Uint8Array.of(0))).toThrow(malformed);
  });

  test.each([
    ["none", [0, 0]],
    ["an empty one", [0, 2, 0, 0]],
    ["bytes behind the list", [0, 3, 0, 1, 9, 9]],
  ])("no list has %s", (_, bytes) => {
    expect(() => decode(signedCertificateTimestamps.data, Uint8Array.of(...bytes))).toThrow(malformed);
  });
});

test("what is said of a certificate is explained beside it", () => {
  const message = encodeMessage(Certificate, {
    certificateRequestContext: new Uint8Array(0),
    certificateList: [
      {
        certData: Uint8Array.of(0x30),
        extensions: [
          extension(certificateStatus, { statusType: 1, response: Uint8Array.of(0x30, 0) }),
          extension(signedCertificateTimestamps, [Uint8Array.of(1, 2)]),
        ],
      },
    ],
  });
  const told = JSON.stringify(explainMessage(Certificate, message));
  expect(told).toContain("ocsp (0x01)");
  expect(told).toContain("CertificateStatus");
  expect(told).toContain("SerializedSCT");
});

test("a host name is text, whatever is in it", () => {
  const name = (text: string, nameType = 0) => ({ nameType, name: Uint8Array.from(Buffer.from(text, "latin1")) });
  expect(hostNameIn([name("x", 1), name("a.example")])).toBe("a.example");
  expect(hostNameIn([name("a\n\xff")])).toBe("a\\x0a\\xff");
  expect(hostNameIn([])).toBeUndefined();
});

test("IANA has the extensions that have names, and no others", () => {
  const codes = Array.from({ length: 0x1_0000 }, (_, code) => code);
  const isNamed = (code: number): boolean => !/^(GREASE|extension\(\d+\))$/.test(extensionName(code));
  expect(codes.filter(isRegisteredExtension)).toEqual(codes.filter(isNamed));
});
