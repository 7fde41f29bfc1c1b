import { aeadOf, type CryptoError } from "@tlskit/crypto";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { describe, expect, test } from "vitest";

const provider = opensslProvider();
const gcm = aeadOf(provider, "AES-128-GCM");
const [key, nonce, header] = [new Uint8Array(16).fill(1), new Uint8Array(12).fill(2), Uint8Array.of(23, 3, 3, 0, 9)];
const refusal = (code: CryptoError["code"]) => expect.objectContaining({ name: "CryptoError", code });
/** Bytes that are copied, and bytes that libcrypto is told the address of. */
const lengths = [100, 5000];

describe("native code is given memory alone that stays as it is", () => {
  const kinds: readonly [string, (length: number) => Uint8Array][] = [
    ["a shared buffer", (length) => new Uint8Array(new SharedArrayBuffer(length))],
    ["a growable buffer", (length) => new Uint8Array(new SharedArrayBuffer(length, { maxByteLength: 2 * length }))],
    ["a resizable buffer", (length) => new Uint8Array(new ArrayBuffer(length, { maxByteLength: 2 * length }))],
    ["one that says that it is longer", (length) => new Longer(length)],
    // What TypeScript refuses and JavaScript doesn't.
    ["what is no array", (length) => ({ length, byteOffset: 0, buffer: new ArrayBuffer(length) }) as Uint8Array],
    ["an array of longer numbers", (length) => new Uint16Array(length) as unknown as Uint8Array],
  ];
  test.each(kinds)("%s is refused, whatever it is for", (_, make) => {
    const aead = gcm.withKey(key);
    for (const length of lengths) {
      const plain = new Uint8Array(length);
      const sealed = new Uint8Array(length + 16);
      aead.seal(nonce, header, [plain], sealed, 0);
      const before = sealed.slice();
      expect(() => aead.seal(nonce, header, [make(length)], sealed, 0)).toThrow(refusal("invalid_argument"));
      expect(() => aead.seal(nonce, header, [plain, make(length)], sealed, 0)).toThrow(refusal("invalid_argument"));
      expect(() => aead.seal(nonce, header, [plain], make(length + 16), 0)).toThrow(refusal("invalid_argument"));
      expect(() => aead.open(nonce, header, make(length + 16), plain, 0)).toThrow(refusal("invalid_argument"));
      expect(() => aead.open(nonce, header, sealed, make(length), 0)).toThrow(refusal("invalid_argument"));
      expect(sealed).toEqual(before);
    }
    aead.dispose();
  });

  class Longer extends Uint8Array {
    override get length(): number {
      return 2 * this.byteLength;
    }
  }

  test("a detached buffer has no room, and no bytes", () => {
    const aead = gcm.withKey(key);
    const detached = new Uint8Array(5000);
    structuredClone(detached, { transfer: [detached.buffer] });
    expect(() => aead.seal(nonce, header, [new Uint8Array(4000)], detached, 0)).toThrow(refusal("invalid_argument"));
    expect(() => aead.open(nonce, header, detached, new Uint8Array(4000), 0)).toThrow(refusal("authentication_failed"));
  });

  test("nonces, additional data and keys are copied, and may lie anywhere", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(100));
    shared.set(nonce);
    shared.set(header, 20);
    shared.set(key, 40);
    const [expected, sealed] = [new Uint8Array(17), new Uint8Array(17)];
    gcm.withKey(key).seal(nonce, header, [Uint8Array.of(9)], expected, 0);
    const aead = gcm.withKey(shared.subarray(40, 56));
    aead.seal(shared.subarray(0, 12), shared.subarray(20, 25), [Uint8Array.of(9)], sealed, 0);
    expect(sealed).toEqual(expected);
  });
});

test("additional data may be long", () => {
  const aead = gcm.withKey(key);
  const data = new Uint8Array(5000).fill(7);
  const [sealed, back] = [new Uint8Array(19), new Uint8Array(3)];
  aead.seal(nonce, data, [Uint8Array.of(1, 2, 3)], sealed, 0);
  aead.open(nonce, data, sealed, back, 0);
  expect(back).toEqual(Uint8Array.of(1, 2, 3));
  expect(() => aead.open(nonce, data.subarray(1), sealed, back, 0)).toThrow(refusal("authentication_failed"));
});

describe("an AEAD that was disposed of", () => {
  test.each([gcm, aeadOf(provider, "AES-128-CCM")])("refuses everything, used or not: $name", ({ withKey }) => {
    const [used, unused] = [withKey(key), withKey(key)];
    const place = new Uint8Array(100);
    used.seal(nonce, header, [new Uint8Array(10)], place, 0);
    used.open(nonce, header, place.slice(0, 26), place, 50);
    for (const aead of [used, unused]) {
      aead.dispose();
      aead.dispose();
      expect(() => aead.seal(nonce, header, [new Uint8Array(10)], place, 0)).toThrow(refusal("invalid_argument"));
      expect(() => aead.open(nonce, header, place.slice(0, 26), place, 50)).toThrow(refusal("invalid_argument"));
    }
  });
});

test("one byte more than C's int can count is refused, before any is touched", () => {
  const most = new Uint8Array(2 ** 31);
  for (const name of ["AES-128-GCM", "CHACHA20-POLY1305"] as const) {
    const aead = aeadOf(provider, name).withKey(new Uint8Array(name === "AES-128-GCM" ? 16 : 32));
    const place = new Uint8Array(2 ** 31 + 16);
    expect(() => aead.seal(nonce, header, [most], place, 0)).toThrow(refusal("invalid_argument"));
    aead.dispose();
  }
});

// RFC 5116 §5.3: with nonces of 12 bytes, 3 are left for the length.
test("AES-128-CCM takes 2^24 - 1 bytes in any number of pieces, and refuses one more", () => {
  const aead = aeadOf(provider, "AES-128-CCM").withKey(key);
  const most = new Uint8Array(2 ** 24 - 1);
  const [whole, joined] = [new Uint8Array(most.length + 16), new Uint8Array(most.length + 16)];
  aead.seal(nonce, header, [most], whole, 0);
  aead.seal(nonce, header, [most.subarray(1), most.subarray(0, 1)], joined, 0);
  expect(Buffer.compare(whole, joined)).toBe(0);
  aead.open(nonce, header, whole, most, 0);
  const larger = new Uint8Array(2 ** 24 + 16);
  expect(() => aead.seal(nonce, header, [most, Uint8Array.of(0)], larger, 0)).toThrow(refusal("invalid_argument"));
  expect(() => aead.open(nonce, header, larger, larger, 0)).toThrow(refusal("authentication_failed"));
});
