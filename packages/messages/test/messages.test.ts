import { createHash } from "node:crypto";
import {
  Certificate,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  decodeMessage,
  EncryptedExtensions,
  EndOfEarlyData,
  encodeMessage,
  explainMessage,
  extension,
  extensionsOf,
  Finished,
  HelloRetryRequest,
  handshakeHeaderLength,
  helloRetryRequestRandom,
  KeyUpdate,
  type MessageType,
  messageTypes,
  NewSessionTicket,
  offeredPsks,
  ServerHello,
  truncateBeforeBinders,
  typeOfMessage,
} from "@tlskit/messages";
import { describeVectors } from "@tlskit/vectors";
import { concat, decode, type Explanation, encode, explain, leavesOf, toHex } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extensionValues, sampledMessages } from "./arbitraries.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

/** An extension that nobody knows, now or one day: IANA leaves it to private use. */
const privateUse = 0xff77;

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));

function expectCovered(explanation: Explanation, length: number): void {
  let end = 0;
  for (const leaf of leavesOf(explanation)) {
    expect(leaf.start).toBe(end);
    end = leaf.end;
  }
  expect(end).toBe(length);
}

// RFC 9846 §9.2#extensions
test("there is a sample of every message and of every extension that is described", () => {
  expect(sampledMessages.map(({ type }) => type)).toEqual(messageTypes);
  for (const [place, types] of Object.entries(extensionsOf)) {
    const sampled = Object.keys(extensionValues[place as keyof typeof extensionValues]).map(Number);
    expect(sampled.sort()).toEqual(types.map(({ code }) => code).sort());
  }
});

interface Largest {
  readonly name: string;
  readonly type: MessageType<unknown>;
  readonly encoded: Uint8Array;
}

describe("the largest message that the syntax allows has the length that its type says", () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  // One extension, as large as can be.
  const extensions = [{ code: privateUse, value: bytes(0xffff - 4) }];
  const serverHello = (random: Uint8Array): ServerHello => ({
    legacyVersion: 0x0303,
    random,
    legacySessionIdEcho: bytes(32),
    cipherSuite: 0x1301,
    legacyCompressionMethod: 0,
    extensions,
  });
  const largest = <T>(type: MessageType<T>, value: T): Largest => ({
    type,
    name: type.name,
    encoded: encodeMessage(type, value),
  });
  test.each([
    largest(ClientHello, {
      legacyVersion: 0x0303,
      random: bytes(32),
      legacySessionId: bytes(32),
      cipherSuites: Array.from({ length: 0x7fff }, (_, code) => code),
      legacyCompressionMethods: bytes(255),
      extensions,
    }),
    largest(ServerHello, serverHello(bytes(32))),
    largest(HelloRetryRequest, serverHello(helloRetryRequestRandom)),
    largest(EncryptedExtensions, { extensions }),
    largest(CertificateRequest, { certificateRequestContext: bytes(255), extensions }),
    largest(CertificateVerify, { algorithm: 0x0403, signature: bytes(0xffff) }),
    // By the largest hash that there is; which one it has to be, its verification knows.
    largest(Finished, { verifyData: bytes(64) }),
    largest(EndOfEarlyData, null),
    largest(NewSessionTicket, {
      ticketLifetime: 1,
      ticketAgeAdd: 1,
      ticketNonce: bytes(255),
      ticket: bytes(0xffff),
      extensions,
    }),
    largest(KeyUpdate, { requestUpdate: 0 }),
  ])("$name", ({ type, encoded }) => {
    expect(encoded).toHaveLength(handshakeHeaderLength + type.maxLength);
    expect(attempt(() => decodeMessage(type, encoded))).toBeDefined();
  });

  test("but for Certificate, which can have as many bytes as a header can announce", () => {
    expect(Certificate.maxLength).toBe(0xff_ffff);
  });
});

describe.each(sampledMessages.map((sample) => ({ name: sample.type.name, ...sample })))(
  "$name",
  ({ type, message, openEnd }) => {
    test("decodes to what was encoded, and is told from the others", () => {
      fc.assert(
        fc.property(message, (value) => {
          const encoded = encodeMessage(type, value);
          expect(typeOfMessage(messageTypes, encoded)).toBe(type);
          expect(decodeMessage(type, encoded)).toEqual(value);
        }),
      );
    });

    test("is explained to the last byte", () => {
      fc.assert(
        fc.property(message, (value) => {
          const encoded = encodeMessage(type, value);
          const explanation = explainMessage(type, encoded);
          expectCovered(explanation, encoded.length);
          expect(leavesOf(explanation).map(({ name }) => name)).not.toContain("undecoded");
        }),
      );
    });

    test("cut anywhere is refused", () => {
      if (openEnd) return;
      fc.assert(
        fc.property(message, (value) => {
          const encoded = encodeMessage(type, value);
          const cut = Array.from({ length: encoded.length - handshakeHeaderLength }, (_, length) =>
            encoded.subarray(0, handshakeHeaderLength + length),
          );
          for (const part of cut) {
            // A hello of an earlier version may end before its extensions.
            const before = type === ClientHello || type === ServerHello || type === HelloRetryRequest;
            const decoded = attempt(() => decodeMessage(type, part));
            if (before && decoded !== undefined) expect(decoded).toMatchObject({ extensions: undefined });
            else expect(decoded).toBeUndefined();
          }
        }),
        { numRuns: 10 },
      );
    });

    test("with a byte too many is refused", () => {
      if (openEnd) return;
      fc.assert(
        fc.property(message, (value) => {
          const encoded = encodeMessage(type, value);
          expect(attempt(() => decodeMessage(type, Uint8Array.of(...encoded, 0)))).toBeUndefined();
        }),
        { numRuns: 20 },
      );
    });

    test("of any bytes decodes to what encodes to them, or is refused; and is explained", () => {
      fc.assert(
        fc.property(
          message,
          fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { minLength: 1, maxLength: 4 }),
          (value, edits) => {
            const bytes = encodeMessage(type, value);
            for (const [at, byte] of edits) bytes[handshakeHeaderLength + (at % (bytes.length - 3)) - 1] = byte;
            bytes.set(encodeMessage(type, value).subarray(0, handshakeHeaderLength));
            const decoded = attempt(() => decodeMessage(type, bytes));
            if (decoded !== undefined) expect(toHex(encodeMessage(type, decoded))).toBe(toHex(bytes));
            expectCovered(explainMessage(type, bytes), bytes.length);
          },
        ),
        { numRuns: 300 },
      );
    });
  },
);

const describedExtensions = Object.entries(extensionsOf).flatMap(([place, types]) =>
  types.map((type) => ({ name: `${type.name} in ${place}`, place: place as keyof typeof extensionValues, type })),
);

describe.each(describedExtensions)("$name", ({ place, type }) => {
  const values = extensionValues[place][type.code] ?? fc.constant(undefined);

  test("decodes to what was encoded, and is explained to the last byte", () => {
    fc.assert(
      fc.property(values, (value) => {
        const encoded = encode(type.data, value);
        expect(decode(type.data, encoded)).toEqual(value);
        expectCovered(explain(type.data, encoded), encoded.length);
      }),
      { numRuns: 50 },
    );
  });

  test("of any bytes decodes to what encodes to them, or is refused; and is explained", () => {
    fc.assert(
      fc.property(values, edits, (value, changes) => {
        const bytes = edited(encode(type.data, value), changes);
        const decoded = attempt(() => ({ value: decode(type.data, bytes) }));
        if (decoded !== undefined) expect(toHex(encode(type.data, decoded.value))).toBe(toHex(bytes));
        expectCovered(explain(type.data, bytes), bytes.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe("any bytes at all, as any message,", () => {
  const anyMessage = fc.oneof(
    ...sampledMessages.map(({ type, message }) => message.map((value) => encodeMessage(type, value))),
  );

  test("are decoded to what encodes to them, or refused; and explained to the last byte", () => {
    fc.assert(
      fc.property(fc.constantFrom(...messageTypes), anyMessage, edits, (type, message, changes) => {
        const bytes = edited(message, changes);
        expectCovered(explainMessage(type, bytes), bytes.length);
        if (bytes.length < handshakeHeaderLength) return;
        const decoded = attempt(() => ({ value: decodeMessage(type, bytes) }));
        const body = toHex(bytes.subarray(handshakeHeaderLength));
        if (decoded !== undefined) expect(toHex(encode(type.body, decoded.value))).toBe(body);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Changes to bytes: so many left out at a place, and others put there. */
interface Edit {
  readonly at: number;
  readonly leftOut: number;
  readonly added: Uint8Array;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ at: fc.nat(), leftOut: fc.nat(3), added: fc.uint8Array({ maxLength: 3 }) }),
  { maxLength: 4 },
);

function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  let changed = bytes;
  for (const { at, leftOut, added } of changes) {
    const place = at % (changed.length + 1);
    changed = concat(changed.subarray(0, place), added, changed.subarray(place + leftOut));
  }
  return changed;
}

/** What a decoder gives, or nothing if it refuses as it should. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toMatchObject({
      kind: "peer",
      code: expect.stringMatching(/^(decode_error|duplicate_extension)$/),
      alert: 50,
    });
    return undefined;
  }
}

describe("hellos", () => {
  const empty = { legacyVersion: 0x0303, random: new Uint8Array(32), legacySessionId: new Uint8Array(0) };

  test("of earlier versions may have no extensions at all, and keep that", () => {
    const encoded = encodeMessage(ClientHello, {
      ...empty,
      cipherSuites: [0x002f],
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: undefined,
    });
    expect(decodeMessage(ClientHello, encoded).extensions).toBeUndefined();
    expect(encodeMessage(ClientHello, decodeMessage(ClientHello, encoded))).toEqual(encoded);
  });

  test("with an extension twice are refused", () => {
    const twice = encodeMessage(ClientHello, {
      ...empty,
      cipherSuites: [0x1301],
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: [
        { code: privateUse, value: new Uint8Array(1) },
        { code: privateUse, value: new Uint8Array(2) },
      ],
    });
    expect(() => decodeMessage(ClientHello, twice)).toThrow(
      expect.objectContaining({ code: "duplicate_extension", alert: 50 }),
    );
  });

  test("a ServerHello with the SHA-256 of HelloRetryRequest is one (RFC 9846 §4.2.3)", () => {
    expect(toHex(helloRetryRequestRandom)).toBe(createHash("sha256").update("HelloRetryRequest").digest("hex"));
  });
});

interface Ja4 {
  readonly cases: readonly { readonly name: string; readonly clientHello: string }[];
}

describeVectors<Ja4>("ClientHellos out in the world", "rfc/ja4.json", ({ cases }) => {
  test.each(cases)("$name", ({ clientHello }) => {
    const bytes = hex(clientHello);
    expect(typeOfMessage(messageTypes, bytes)).toBe(ClientHello);
    expect(toHex(encodeMessage(ClientHello, decodeMessage(ClientHello, bytes)))).toBe(clientHello);
    expectCovered(explainMessage(ClientHello, bytes), bytes.length);
  });
});

test("a ClientHello is cut off before its binders, whose lengths stay (RFC 9846 §4.3.11.2)", () => {
  const psks = {
    identities: [{ identity: Uint8Array.of(1), obfuscatedTicketAge: 2 }],
    binders: [new Uint8Array(32).fill(3), new Uint8Array(48).fill(4)],
  };
  const hello = encodeMessage(ClientHello, {
    legacyVersion: 0x0303,
    random: new Uint8Array(32),
    legacySessionId: new Uint8Array(0),
    cipherSuites: [0x1301],
    legacyCompressionMethods: Uint8Array.of(0),
    extensions: [extension(offeredPsks, psks)],
  });
  const truncated = truncateBeforeBinders(hello, psks);
  const binders = concat(
    Uint8Array.of(0, 33 + 49, 32),
    psks.binders[0] ?? hello,
    Uint8Array.of(48),
    psks.binders[1] ?? hello,
  );
  expect(toHex(concat(truncated, binders))).toBe(toHex(hello));
});
