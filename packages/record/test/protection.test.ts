import { type Aead, aeadOf, CryptoError, sealOnce } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { ContentType, maxCiphertextLength, maxPlaintextLength, type RecordKeys } from "@tlskit/record";
import { toHex } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Opener, Sealer } from "./helpers/one-record.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

const chacha = aeadOf(nobleProvider, "CHACHA20-POLY1305");

function keys(options: Partial<RecordKeys> = {}): RecordKeys {
  return {
    aead: chacha,
    key: new Uint8Array(32).fill(1),
    iv: new Uint8Array(12).fill(2),
    recordLimit: Number.MAX_SAFE_INTEGER,
    ...options,
  };
}

/** A record whose TLSInnerPlaintext is these bytes, whatever they are: what a Sealer never makes. */
function sealedInner(inner: Uint8Array, { aead, key, iv }: RecordKeys = keys()): Uint8Array {
  const length = inner.length + aead.tagLength;
  const header = Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
  const sealed = sealOnce(aead, key, iv, header, inner);
  if (!(sealed instanceof Uint8Array)) throw new TypeError("noble answers at once");
  return Uint8Array.of(...header, ...sealed);
}

describe("sealing", () => {
  test("what is sealed opens, in order", () => {
    const types = fc.constantFrom(ContentType.handshake, ContentType.alert, ContentType.applicationData);
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ type: types, content: fc.uint8Array({ minLength: 1, maxLength: 300 }), padding: fc.nat(50) }),
        ),
        (records) => {
          const [sealer, opener] = [new Sealer(keys()), new Opener(keys())];
          for (const record of records) {
            const sealed = sealer.seal(record.type, record.content, record.padding);
            expect(opener.open(sealed)).toEqual({ type: record.type, content: record.content });
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("looks like application data, whatever it is (RFC 9846 §5.2)", () => {
    const record = new Sealer(keys()).seal(ContentType.handshake, new Uint8Array(10));
    expect([...record.subarray(0, 5)]).toEqual([23, 3, 3, 0, 10 + 1 + 16]);
  });

  test("uses the IV with the sequence number for a nonce, which never comes again (RFC 9846 §5.3#from-zero)", () => {
    const nonces: string[] = [];
    const watched = {
      ...chacha,
      withKey: (key: Uint8Array) => {
        const aead = chacha.withKey(key);
        return {
          ...aead,
          seal: (...[nonce, ...others]: Parameters<Aead["seal"]>) => {
            nonces.push(toHex(nonce));
            return aead.seal(nonce, ...others);
          },
        };
      },
    };
    const sealer = new Sealer(keys({ aead: watched }));
    for (let i = 0; i < 257; i += 1) sealer.seal(ContentType.applicationData, new Uint8Array(0));
    expect(nonces[0]).toBe("020202020202020202020202");
    expect(nonces[1]).toBe("020202020202020202020203");
    expect(nonces[3]).toBe("020202020202020202020201");
    expect(nonces[256]).toBe("020202020202020202020302");
    expect(new Set(nonces).size).toBe(257);
  });

  test("a failed seal uses its nonce up all the same", () => {
    const nonces: string[] = [];
    const failing = {
      ...chacha,
      withKey: (key: Uint8Array) => ({
        ...chacha.withKey(key),
        seal: (nonce: Uint8Array): void => {
          nonces.push(toHex(nonce));
          throw new RangeError("no");
        },
      }),
    };
    const sealer = new Sealer(keys({ aead: failing }));
    for (let i = 0; i < 2; i += 1) {
      expect(() => sealer.seal(ContentType.applicationData, new Uint8Array(1))).toThrow("no");
    }
    expect(new Set(nonces).size).toBe(2);
  });

  test("ends at the key's limit (RFC 9846 §5.5)", () => {
    const sealer = new Sealer(keys({ recordLimit: 2 }));
    expect(sealer.recordsLeft).toBe(2);
    for (let i = 0; i < 2; i += 1) sealer.seal(ContentType.applicationData, new Uint8Array(1));
    expect(sealer.recordsLeft).toBe(0);
    expect(() => sealer.seal(ContentType.applicationData, new Uint8Array(1))).toThrow(
      expect.objectContaining({ kind: "caller", code: "record_limit_reached" }),
    );
  });

  // RFC 9846 §5.2#length-sent, §5.4#inner-length
  test.each([
    [maxPlaintextLength, 0, 0],
    [maxPlaintextLength - 5, 5, 5],
    [maxPlaintextLength - 5, 6, 5],
    [maxPlaintextLength, 1, 0],
    [0, 2 ** 20, maxPlaintextLength],
  ])("%i bytes are given, of %i bytes of padding, %i", (length, padding, given) => {
    const record = new Sealer(keys()).seal(ContentType.applicationData, new Uint8Array(length), padding);
    expect(record).toHaveLength(5 + length + given + 1 + chacha.tagLength);
    expect(new Opener(keys()).open(record).content).toHaveLength(length);
  });

  test.each([-1, 0.5, Number.NaN])("a padding of %d bytes is refused", (padding) => {
    const seal = () => new Sealer(keys()).seal(ContentType.applicationData, new Uint8Array(1), padding);
    expect(seal).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });

  test("more than 2^14 bytes are refused", () => {
    const seal = () => new Sealer(keys()).seal(ContentType.applicationData, new Uint8Array(maxPlaintextLength + 1));
    expect(seal).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });
});

describe("opening", () => {
  const badRecordMac = expect.objectContaining({ kind: "peer", code: "bad_record_mac", alert: 20 });
  const sealed = new Sealer(keys()).seal(ContentType.applicationData, Uint8Array.of(1, 2, 3));

  test("refuses a change anywhere, the header included, always for the same reason", () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const forged = Uint8Array.from(sealed);
      forged[at] = (forged[at] ?? 0) ^ 0x80;
      expect(() => new Opener(keys()).open(forged), `byte ${at}`).toThrow(badRecordMac);
    }
  });

  test("refuses a record that is too short for a tag with the same words", () => {
    const messages = new Set<string>();
    for (const length of [5, 6, 20, 21, sealed.length - 1]) {
      try {
        new Opener(keys()).open(sealed.subarray(0, length));
      } catch (error) {
        expect(error).toEqual(badRecordMac);
        messages.add(String(error));
      }
    }
    expect(messages.size).toBe(1);
  });

  test("refuses a record twice, and out of order", () => {
    const opener = new Opener(keys());
    opener.open(sealed);
    expect(() => opener.open(sealed)).toThrow(badRecordMac);
  });

  test("a record that can't be opened uses up no sequence number", () => {
    const opener = new Opener(keys());
    expect(() => opener.open(new Uint8Array(40))).toThrow(badRecordMac);
    expect(opener.open(sealed).content).toEqual(Uint8Array.of(1, 2, 3));
  });

  /** An AEAD that does this to open a record. */
  function opens(open: Aead["open"]): RecordKeys {
    return keys({ aead: { ...chacha, withKey: (key) => ({ ...chacha.withKey(key), open }) } });
  }

  test.each([
    new RangeError("the HSM is gone"),
    new CryptoError("invalid_key_share", "the HSM is gone"),
    Object.assign(new Error("the HSM is gone"), { code: "authentication_failed" }),
  ])("a provider's own failure is no bad record: %s", (failure) => {
    const broken = opens(() => {
      throw failure;
    });
    expect(() => new Opener(broken).open(sealed)).toThrow(failure);
  });

  test("a record that is too short for a tag is not shown to the AEAD", () => {
    const credulous = opens((_nonce, _data, _ciphertext, into, at) => {
      into.set([1, ContentType.applicationData], at);
    });
    const record = new Uint8Array(5 + 2 + chacha.tagLength);
    expect(new Opener(credulous).open(record).content).toEqual(Uint8Array.of(1));
    expect(() => new Opener(credulous).open(record.subarray(0, 5 + chacha.tagLength - 1))).toThrow(badRecordMac);
  });

  // RFC 9846 §5.2#length-checked
  test("a record with more than 2^14 + 256 bytes is refused before it is opened", () => {
    const opener = new Opener(keys());
    expect(() => opener.open(new Uint8Array(5 + maxCiphertextLength))).toThrow(badRecordMac);
    expect(() => opener.open(new Uint8Array(5 + maxCiphertextLength + 1))).toThrow(
      expect.objectContaining({ code: "record_overflow", alert: 22 }),
    );
  });

  describe("what is inside (RFC 9846 §5.4)", () => {
    const unexpected = expect.objectContaining({ code: "unexpected_record", alert: 10 });

    // RFC 9846 §5.4#zeros-sent, §5.4#scan
    test("padding is removed, and zeros of the content are content", () => {
      const record = sealedInner(Uint8Array.of(0, 7, 0, 0, ContentType.applicationData, 0, 0, 0));
      expect(new Opener(keys()).open(record)).toEqual({
        type: ContentType.applicationData,
        content: Uint8Array.of(0, 7, 0, 0),
      });
    });

    test("application data may be empty, padded or not", () => {
      for (const inner of [[23], [23, 0, 0]]) {
        const { content } = new Opener(keys()).open(sealedInner(Uint8Array.from(inner)));
        expect(content).toHaveLength(0);
      }
    });

    test.each([
      ["nothing at all", []],
      ["padding alone", [0, 0, 0]],
      ["an empty handshake record", [22]],
      ["an empty alert, padded", [21, 0]],
      ["a change_cipher_spec", [1, 20]],
      ["a heartbeat", [1, 24]],
      ["an unknown type", [1, 99]],
    ])("%s is refused", (_what, inner) => {
      expect(() => new Opener(keys()).open(sealedInner(Uint8Array.from(inner)))).toThrow(unexpected);
    });

    test("more than 2^14 bytes and a type are too many, whether content or padding", () => {
      const whole = new Uint8Array(maxPlaintextLength + 1);
      whole[maxPlaintextLength] = ContentType.applicationData;
      expect(new Opener(keys()).open(sealedInner(whole)).content).toHaveLength(maxPlaintextLength);
      for (const at of [0, maxPlaintextLength + 1]) {
        const tooLong = new Uint8Array(maxPlaintextLength + 2);
        tooLong[at] = ContentType.applicationData;
        expect(() => new Opener(keys()).open(sealedInner(tooLong))).toThrow(
          expect.objectContaining({ code: "record_overflow", alert: 22 }),
        );
      }
    });
  });
});
