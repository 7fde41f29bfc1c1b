import {
  CryptoError,
  type Decrypter,
  decrypterFor,
  type Encrypter,
  encrypterFor,
  hashOf,
  type RsaPrivateKey,
  run,
  runSync,
  signatureKeysOf,
} from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { decryptPreliminarySecret, encryptPreliminarySecret, PreliminarySecret, prf } from "@tlskit/keyschedule";
import { beforeAll, describe, expect, it, test } from "vitest";

const version = 0x0303;
const modulusLength = 128;
const sha256 = hashOf(nobleProvider, "SHA-256");

/** What tells one secret from another. */
function told(secret: PreliminarySecret): string {
  const hellos = { client: new Uint8Array(32), server: new Uint8Array(32) };
  return secret.mainSecret(prf(sha256), hellos).verifyData("client", new Uint8Array(32)).join();
}

/** What the secret is where anything is wrong. */
const instead = Uint8Array.from({ length: 48 }, (_, i) => 200 - i);
const random = (): Uint8Array => Uint8Array.from(instead);

/** A secret with zeros in it, which harm nobody. */
const plain = Uint8Array.from({ length: 48 }, (_, i) => (i < 2 ? 3 : i % 5));

/** What RSA encrypts: a message behind its padding, and what a test changes of it. */
function block(message: Uint8Array, change: (made: Uint8Array) => void = () => {}): Uint8Array {
  const made = new Uint8Array(modulusLength).fill(0x5a);
  made.set([0, 2]);
  made[modulusLength - message.length - 1] = 0;
  made.set(message, modulusLength - message.length);
  change(made);
  return made;
}

const withBytes = (at: number, ...bytes: readonly number[]): Uint8Array => block(plain, (made) => made.set(bytes, at));

/** RFC 5246 §7.4.7.1: everything that may be wrong with what comes out of the decryption. */
const wrong: Readonly<Record<string, Uint8Array>> = {
  "zeros alone": new Uint8Array(modulusLength),
  "ones alone": new Uint8Array(modulusLength).fill(0xff),
  "1 in the place of the first zero": withBytes(0, 1),
  "0x80 in the place of the first zero": withBytes(0, 0x80),
  "the padding of signatures": withBytes(1, 1),
  "padding of the type 0": withBytes(1, 0),
  "another beginning, as ROBOT's second": withBytes(0, 0x41, 0x17),
  "a zero inside of the padding, as ROBOT's third": withBytes(11, 0),
  "a zero first in the padding": withBytes(2, 0),
  "a zero behind seven bytes of padding": withBytes(9, 0),
  "a zero last in the padding": withBytes(modulusLength - 50, 0),
  "zeros all through the padding": withBytes(2, ...new Uint8Array(modulusLength - 51)),
  "no zero behind the padding, as ROBOT's fourth": withBytes(modulusLength - 49, 1),
  "no zero anywhere": block(
    plain.map((byte) => byte | 1),
    (made) => made.set([1], modulusLength - 49),
  ),
  "a message that is a byte longer": block(Uint8Array.of(3, ...plain)),
  "a message that is a byte shorter": block(plain.subarray(1)),
  "a message that is a byte shorter, of zeros": block(new Uint8Array(47)),
  "a message of two bytes": block(plain.subarray(0, 2)),
  "an empty message": block(new Uint8Array(0)),
  "the longest message": block(new Uint8Array(modulusLength - 11).fill(3)),
  "another version, as ROBOT's fifth": withBytes(modulusLength - 47, 2),
  "a version of 0x0203": withBytes(modulusLength - 48, 2),
  "a version of zeros": withBytes(modulusLength - 48, 0, 0),
  "a version that differs in the highest bit": withBytes(modulusLength - 47, 0x83),
  "wrong padding and another version": block(Uint8Array.of(3, 2, ...plain.subarray(2)), (made) => made.set([1], 0)),
};

/** A decrypter that answers so, whatever it is given. */
const answering = (answer: Uint8Array): Decrypter => ({ modulusLength, decrypt: () => Uint8Array.from(answer) });

const nothing = new Uint8Array(modulusLength);
const decrypted = (decrypter: Decrypter, encrypted: Uint8Array = nothing): string =>
  told(runSync(decryptPreliminarySecret(decrypter, encrypted, version, random)));

describe("a client's secret for the key exchange by RSA", () => {
  it("is what the client has encrypted", () => {
    expect(decrypted(answering(block(plain)))).toBe(told(PreliminarySecret.ofRsa(plain)));
    const zeros = Uint8Array.of(3, 3, ...new Uint8Array(46));
    expect(decrypted(answering(block(zeros)))).toBe(told(PreliminarySecret.ofRsa(zeros)));
  });

  it("may be padded with everything but zeros", () => {
    for (const byte of [1, 0x7f, 0x80, 0xff]) {
      const padded = block(plain, (made) => made.fill(byte, 2, modulusLength - 49));
      expect(decrypted(answering(padded)), `${byte}`).toBe(told(PreliminarySecret.ofRsa(plain)));
    }
  });

  // RFC 5246 §7.4.7.1#version-checked, §7.4.7.1#no-oracle
  test.each(Object.entries(wrong))("is a random one, and no error, where there is %s", (_, answer) => {
    expect(decrypted(answering(answer))).toBe(told(PreliminarySecret.ofRsa(instead)));
  });

  // RFC 5246 §7.4.7.1#older-version-checked
  it("has the version of the ClientHello, whatever that is", () => {
    const at = (asked: number): string =>
      told(runSync(decryptPreliminarySecret(answering(withBytes(modulusLength - 48, 3, 1)), nothing, asked, random)));
    const right = told(PreliminarySecret.ofRsa(Uint8Array.of(3, 1, ...plain.subarray(2))));
    expect(at(0x0301)).toBe(right);
    for (const other of [0x0302, 0x0303, 0x0201, 0x0103, 0]) {
      expect(at(other), `${other}`).toBe(told(PreliminarySecret.ofRsa(instead)));
    }
  });

  it("is a random one where the ciphertext is none, and the decryption is done even so", () => {
    const key: { asked: number[] } & Decrypter = {
      asked: [],
      modulusLength,
      decrypt: (ciphertext) => {
        key.asked.push(ciphertext.length);
        if ((ciphertext[0] ?? 0) > 0x7f) throw new CryptoError("decryption_failed", "not below the modulus");
        return block(plain, (made) => made.set([ciphertext.every((byte) => byte === 0) ? 1 : 0]));
      },
    };
    for (const encrypted of [0, 1, 127, 129, 256].map((length) => new Uint8Array(length).fill(1))) {
      expect(decrypted(key, encrypted)).toBe(told(PreliminarySecret.ofRsa(instead)));
    }
    expect(decrypted(key, new Uint8Array(modulusLength).fill(0xff))).toBe(told(PreliminarySecret.ofRsa(instead)));
    expect(key.asked).toEqual([128, 128, 128, 128, 128, 128]);
  });

  it("is no secret where the key can't be used, or its holder fails: nothing of that depends on what a client sends", () => {
    const failing = (error: Error): Decrypter => ({
      modulusLength,
      decrypt: () => {
        throw error;
      },
    });
    for (const error of [new CryptoError("provider_failed", "no memory"), new RangeError("no connection")]) {
      expect(() => decrypted(failing(error))).toThrow(error);
    }
    const outOfRange = expect.objectContaining({ name: "TlsError", code: "out_of_range" });
    expect(() => decrypted({ modulusLength: 58, decrypt: () => new Uint8Array(58) })).toThrow(outOfRange);
    expect(() => decrypted({ modulusLength, decrypt: () => new Uint8Array(127) })).toThrow(outOfRange);
  });
});

describe("whatever is wrong with it, the same is done", () => {
  const classes: Readonly<Record<string, Uint8Array>> = { "what is right": block(plain), ...wrong };

  /** Reads of what is secret, in their order, and calls of what a provider does. */
  function accesses(answer: Uint8Array): readonly string[] {
    const seen: string[] = [];
    const watched = (name: string, bytes: Uint8Array): Uint8Array =>
      new Proxy(bytes, {
        get: (target, key) => {
          seen.push(`${name}.${String(key)}`);
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    const key: Decrypter = {
      modulusLength,
      decrypt: () => {
        seen.push("decrypt");
        return watched("block", Uint8Array.from(answer));
      },
    };
    const source = (length: number): Uint8Array => {
      seen.push(`random ${length}`);
      return watched("instead", random());
    };
    runSync(decryptPreliminarySecret(key, nothing, version, source));
    return seen;
  }

  test("the same bytes are read in the same order, after one decryption and one call for randomness", () => {
    const right = accesses(block(plain));
    expect(right.filter((access) => access === "decrypt")).toHaveLength(1);
    expect(right.filter((access) => access.startsWith("random"))).toEqual(["random 48"]);
    const reads = right.filter((access) => /^block\.\d/.test(access));
    // The version is looked at before it is taken.
    expect(reads).toHaveLength(modulusLength + 2);
    for (const [what, answer] of Object.entries(classes)) expect(accesses(answer), what).toEqual(right);
  });
});

describe("by RSA itself", () => {
  let key: RsaPrivateKey;
  let encrypter: Encrypter;
  let decrypter: Decrypter;
  beforeAll(async () => {
    const made = await signatureKeysOf(nodeProvider, "RSA").generate(random, 8 * modulusLength);
    if (made.type !== "RSA") throw new RangeError(made.type);
    key = made;
    encrypter = encrypterFor(nodeProvider, key);
    decrypter = decrypterFor(nodeProvider, key);
  });

  /** Encrypts a block as it is. */
  const encrypted = (whole: Uint8Array): Uint8Array => {
    const [e, n] = [toInteger(key.publicExponent), toInteger(key.modulus)];
    return toBytes(power(toInteger(whole) % n, e, n), modulusLength);
  };

  // RFC 5246 §7.4.7.1#version-sent
  it("both sides have the same secret, which begins with the version", async () => {
    const sent = await run(encryptPreliminarySecret(encrypter, version, random));
    expect(sent.encrypted).toHaveLength(modulusLength);
    const expected = told(PreliminarySecret.ofRsa(Uint8Array.of(3, 3, ...instead.subarray(2))));
    expect(told(sent.secret)).toBe(expected);
    const other = (length: number): Uint8Array => new Uint8Array(length).fill(9);
    const received = await run(decryptPreliminarySecret(decrypter, sent.encrypted, version, other));
    expect(told(received)).toBe(expected);
  });

  test.each(Object.entries(wrong))("it is a random one where there is %s", async (_, whole) => {
    const secret = await run(decryptPreliminarySecret(decrypter, encrypted(whole), version, random));
    expect(told(secret)).toBe(told(PreliminarySecret.ofRsa(instead)));
  });

  it("is a random one where the ciphertext isn't below the modulus, or has another length", async () => {
    const right = encrypted(block(plain));
    for (const none of [key.modulus, right.subarray(1), Uint8Array.of(0, ...right), new Uint8Array(0)]) {
      const secret = await run(decryptPreliminarySecret(decrypter, none, version, random));
      expect(told(secret)).toBe(told(PreliminarySecret.ofRsa(instead)));
    }
  });
});
