import { type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import {
  DhAnonServerKeyExchange,
  DheClientKeyExchange,
  DhePskClientKeyExchange,
  DhePskServerKeyExchange,
  DheServerKeyExchange,
  decodeMessage,
  EcdhAnonServerKeyExchange,
  EcdheClientKeyExchange,
  EcdhePskClientKeyExchange,
  EcdhePskServerKeyExchange,
  EcdheServerKeyExchange,
  encodeMessage,
  explainMessage,
  HelloRequest,
  handshakeHeaderLength,
  MessageAssembler,
  type MessageType,
  mayAppearInTls12ServerHello,
  messageLimits,
  PskClientKeyExchange,
  PskServerKeyExchange,
  RsaClientKeyExchange,
  RsaPskClientKeyExchange,
  ServerHelloDone,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
  Tls12NewSessionTicket,
  tls12MessageTypes,
  tls12MessageTypesOf,
  typeOfMessage,
} from "@tlskit/messages";
import { leavesOf, toHex } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

fc.configureGlobal({ seed: 5246 }); // the same values in every run

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const full = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const code = fc.nat(0xffff);
const signed = fc.record({ algorithm: code, signature: bytes(0, 100) });
const ecdh = fc.record({ curveType: fc.nat(255), namedCurve: code, public: bytes(1, 80) });
const dh = fc.record({ p: bytes(1, 80), g: bytes(1, 3), public: bytes(1, 80) });
const identity = bytes(0, 30);

const largestSigned = { algorithm: 0x0401, signature: full(0xffff) };
const largestEcdh = { curveType: 3, namedCurve: 29, public: full(0xff) };
const largestDh = { p: full(0xffff), g: full(0xffff), public: full(0xffff) };
const longest = full(0xffff);

interface Sample {
  readonly name: string;
  readonly type: MessageType<unknown>;
  readonly message: fc.Arbitrary<unknown>;
  /** The largest that the syntax allows. */
  readonly largest?: unknown;
}

function sample<T>(name: string, type: MessageType<T>, message: fc.Arbitrary<T>, largest?: T): Sample {
  return { name, type: type as MessageType<unknown>, message, largest };
}

const samples: readonly Sample[] = [
  sample("HelloRequest", HelloRequest, fc.constant(null), null),
  sample("ServerHelloDone", ServerHelloDone, fc.constant(null), null),
  sample("Certificate", Tls12Certificate, fc.record({ certificateList: fc.array(bytes(1, 50), { maxLength: 3 }) })),
  sample(
    "CertificateStatus",
    Tls12CertificateStatus,
    fc.record({ statusType: fc.constant(1), response: bytes(1, 50) }),
  ),
  sample(
    "CertificateRequest",
    Tls12CertificateRequest,
    fc.record({
      certificateTypes: fc.array(fc.nat(255), { minLength: 1, maxLength: 3 }),
      supportedSignatureAlgorithms: fc.array(code, { minLength: 1, maxLength: 5 }),
      certificateAuthorities: fc.array(bytes(1, 30), { maxLength: 3 }),
    }),
    {
      certificateTypes: Array.from({ length: 0xff }, (_, at) => at),
      supportedSignatureAlgorithms: Array.from({ length: 0x7fff }, (_, at) => at),
      certificateAuthorities: [full(0xffff - 2)],
    },
  ),
  sample("NewSessionTicket", Tls12NewSessionTicket, fc.record({ ticketLifetimeHint: code, ticket: bytes(0, 50) }), {
    ticketLifetimeHint: 1,
    ticket: longest,
  }),
  sample("ServerKeyExchange of ECDHE", EcdheServerKeyExchange, fc.record({ params: ecdh, signedParams: signed }), {
    params: largestEcdh,
    signedParams: largestSigned,
  }),
  sample("ServerKeyExchange of DHE", DheServerKeyExchange, fc.record({ params: dh, signedParams: signed }), {
    params: largestDh,
    signedParams: largestSigned,
  }),
  sample("ServerKeyExchange of ECDH_anon", EcdhAnonServerKeyExchange, fc.record({ params: ecdh }), {
    params: largestEcdh,
  }),
  sample("ServerKeyExchange of DH_anon", DhAnonServerKeyExchange, fc.record({ params: dh }), { params: largestDh }),
  sample("ServerKeyExchange of PSK", PskServerKeyExchange, fc.record({ identityHint: identity }), {
    identityHint: longest,
  }),
  sample(
    "ServerKeyExchange of ECDHE_PSK",
    EcdhePskServerKeyExchange,
    fc.record({ identityHint: identity, params: ecdh }),
    { identityHint: longest, params: largestEcdh },
  ),
  sample("ServerKeyExchange of DHE_PSK", DhePskServerKeyExchange, fc.record({ identityHint: identity, params: dh }), {
    identityHint: longest,
    params: largestDh,
  }),
  sample("ClientKeyExchange of ECDHE", EcdheClientKeyExchange, fc.record({ public: bytes(1, 80) }), {
    public: full(0xff),
  }),
  sample("ClientKeyExchange of DHE", DheClientKeyExchange, fc.record({ public: bytes(1, 80) }), { public: longest }),
  // RFC 5246 §7.4.7.1#length
  sample("ClientKeyExchange of RSA", RsaClientKeyExchange, fc.record({ encryptedPreliminarySecret: bytes(0, 80) }), {
    encryptedPreliminarySecret: longest,
  }),
  sample("ClientKeyExchange of PSK", PskClientKeyExchange, fc.record({ identity }), { identity: longest }),
  sample("ClientKeyExchange of ECDHE_PSK", EcdhePskClientKeyExchange, fc.record({ identity, public: bytes(1, 80) }), {
    identity: longest,
    public: full(0xff),
  }),
  sample("ClientKeyExchange of DHE_PSK", DhePskClientKeyExchange, fc.record({ identity, public: bytes(1, 80) }), {
    identity: longest,
    public: longest,
  }),
  sample(
    "ClientKeyExchange of RSA_PSK",
    RsaPskClientKeyExchange,
    fc.record({ identity, encryptedPreliminarySecret: bytes(0, 80) }),
    { identity: longest, encryptedPreliminarySecret: longest },
  ),
];

const attempt = <T>(compute: () => T): T | undefined => {
  try {
    return compute();
  } catch {
    return undefined;
  }
};

describe.each(samples)("$name", ({ type, message, largest }) => {
  test("decodes to what was encoded, and is explained to the last byte", () => {
    fc.assert(
      fc.property(message, (value) => {
        const encoded = encodeMessage(type, value);
        expect(decodeMessage(type, encoded)).toEqual(value);
        const leaves = leavesOf(explainMessage(type, encoded));
        expect(leaves.map(({ start }) => start)).toEqual([0, ...leaves.slice(0, -1).map(({ end }) => end)]);
        expect(leaves.at(-1)?.end).toBe(encoded.length);
        expect(leaves.map(({ name }) => name)).not.toContain("undecoded");
      }),
      { numRuns: 50 },
    );
  });

  test("cut anywhere is refused, and with a byte too many", () => {
    fc.assert(
      fc.property(message, (value) => {
        const encoded = encodeMessage(type, value);
        for (let length = handshakeHeaderLength; length < encoded.length; length += 1) {
          expect(attempt(() => decodeMessage(type, encoded.subarray(0, length)))).toBeUndefined();
        }
        expect(attempt(() => decodeMessage(type, Uint8Array.of(...encoded, 0)) ?? "nothing")).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });

  test("of any bytes decodes to what encodes to them, or is refused", () => {
    fc.assert(
      fc.property(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), (value, edits) => {
        const encoded = encodeMessage(type, value);
        const changed = Uint8Array.from(encoded);
        const room = encoded.length - handshakeHeaderLength;
        for (const [at, byte] of room === 0 ? [] : edits) changed[handshakeHeaderLength + (at % room)] = byte;
        const decoded = attempt(() => ({ value: decodeMessage(type, changed) }));
        if (decoded !== undefined) expect(toHex(encodeMessage(type, decoded.value))).toBe(toHex(changed));
      }),
      { numRuns: 200 },
    );
  });

  test("has the length that its type says at most", () => {
    if (largest === undefined) expect(type.maxLength).toBe(0xff_ffff);
    else expect(encodeMessage(type, largest)).toHaveLength(handshakeHeaderLength + type.maxLength);
  });
});

test("an ECDHE key exchange of the wire (RFC 8422 §5.4)", () => {
  const message = encodeMessage(EcdheServerKeyExchange, {
    params: { curveType: 3, namedCurve: 0x001d, public: hex("aabb") },
    signedParams: { algorithm: 0x0403, signature: hex("cc") },
  });
  expect(toHex(message)).toBe(["0c", "00000b", "03", "001d", "02aabb", "0403", "0001cc"].join(""));
});

describe("a message of TLS 1.2, of which nobody says what may come,", () => {
  test("is known by its code", () => {
    expect(new Set(tls12MessageTypes.map(({ code: each }) => each)).size).toBe(tls12MessageTypes.length);
    for (const { type, message } of samples) {
      const [value] = fc.sample(message, 1);
      const found = typeOfMessage(tls12MessageTypes, encodeMessage(type, value));
      expect(found?.name).toBe(type.name);
    }
  });

  test("is bytes if it is a key exchange, whose form is the cipher suite's", () => {
    const encoded = encodeMessage(PskClientKeyExchange, { identity: full(3) });
    const found = typeOfMessage(tls12MessageTypes, encoded);
    expect(found && decodeMessage(found, encoded)).toEqual(hex("0003070707"));
  });
});

describe("the messages with a cipher suite, for whoever looks on,", () => {
  const keyExchangesOf = (suite: Tls12CipherSuite): readonly MessageType<unknown>[] =>
    tls12MessageTypesOf(suite).filter(({ name }) => name.endsWith("KeyExchange"));

  test("have one form each", () => {
    for (const suite of [...tls12CipherSuites, ...dangerousCipherSuites]) {
      const types = tls12MessageTypesOf(suite);
      expect(new Set(types.map(({ code: each }) => each)).size).toBe(types.length);
      expect(keyExchangesOf(suite)).toHaveLength(suite.keyExchange === "RSA" ? 1 : 2);
    }
  });

  test("are signed where there is a certificate to sign with", () => {
    for (const suite of [...tls12CipherSuites, ...dangerousCipherSuites]) {
      const isSigned = keyExchangesOf(suite).some(
        (type) => type === EcdheServerKeyExchange || type === DheServerKeyExchange,
      );
      expect(isSigned).toBe(suite.keyExchange === "ECDHE" || suite.keyExchange === "DHE");
    }
  });
});

test.each([
  ["ServerKeyExchange", DheServerKeyExchange],
  ["ClientKeyExchange", RsaClientKeyExchange],
  ["CertificateStatus", Tls12CertificateStatus],
  ["Certificate", Tls12Certificate],
] as const)("a %s may be as long as is taken, and not one byte more", (name, type) => {
  const limit = messageLimits[name];
  const announced = (length: number) => () => {
    const assembler = new MessageAssembler();
    assembler.push(Uint8Array.of(type.code, length >> 16, (length >> 8) & 0xff, length & 0xff));
    return assembler.next([type]);
  };
  expect(announced(limit)()).toBeUndefined();
  expect(announced(limit + 1)).toThrow(expect.objectContaining({ code: "message_too_long", alert: 80 }));
});

test("a ServerHello of TLS 1.2 answers what TLS 1.2 has, and what nobody knows", () => {
  for (const answered of [0, 5, 11, 16, 22, 23, 35, 65281, 0xff77]) {
    expect(mayAppearInTls12ServerHello(answered), String(answered)).toBe(true);
  }
  for (const answered of [10, 13, 41, 42, 43, 44, 45, 49, 50, 51, 58]) {
    expect(mayAppearInTls12ServerHello(answered), String(answered)).toBe(false);
  }
});
