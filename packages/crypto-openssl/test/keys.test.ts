import { randomFillSync } from "node:crypto";
import { type CryptoError, keyExchangeOf, signatureKeysOf } from "@tlskit/crypto";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { describe, expect, test } from "vitest";
import { maxPublicKeys } from "../src/public-keys.ts";

const provider = opensslProvider();
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const refusal = (code: CryptoError["code"]) => expect.objectContaining({ name: "CryptoError", code });
const message = new TextEncoder().encode("a message");

test("verifiers outlive their places in libcrypto: one more than there are, and again", async () => {
  const keys = signatureKeysOf(provider, "P-256");
  const signed = await Promise.all(
    Array.from({ length: maxPublicKeys + 1 }, async () => {
      const key = await keys.generate(random);
      const signature = await keys.signer(key, random).sign("ECDSA/P-256/SHA-256", message);
      return { verifier: keys.verifier(key), signature };
    }),
  );
  for (let round = 0; round < 2; round += 1) {
    for (const { verifier, signature } of signed) {
      expect(verifier.verify("ECDSA/P-256/SHA-256", message, signature)).toBe(true);
      expect(verifier.verify("ECDSA/P-256/SHA-256", message.subarray(1), signature)).toBe(false);
    }
  }
});

test("a verifier keeps the key that it was given, whatever becomes of the bytes", async () => {
  const keys = signatureKeysOf(provider, "P-256");
  const [key, others] = [await keys.generate(random), signatureKeysOf(provider, "Ed25519")];
  if (key.type !== "P-256") return;
  const signature = await keys.signer(key, random).sign("ECDSA/P-256/SHA-256", message);
  const point = Uint8Array.from(key.point);
  const verifier = keys.verifier({ type: "P-256", point });
  point.fill(0);
  for (let i = 0; i < maxPublicKeys; i += 1) others.verifier(await others.generate(random));
  expect(verifier.verify("ECDSA/P-256/SHA-256", message, signature)).toBe(true);
});

describe("scalars are at least 1 and below the order of the base point (SEC 1 §3.2.1)", () => {
  test.each([
    ["P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"],
    ["P-384", "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"],
    [
      "P-521",
      "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ],
  ] as const)("%s", (type, order) => {
    const { fromSecret } = signatureKeysOf(provider, type);
    const scalar = Uint8Array.from(Buffer.from(order, "hex"));
    expect(() => fromSecret?.(scalar)).toThrow(refusal("invalid_private_key"));
    scalar[scalar.length - 1] = (scalar.at(-1) ?? 0) - 1;
    expect(fromSecret?.(scalar)).toMatchObject({ type, scalar });
    expect(() => fromSecret?.(scalar.fill(0))).toThrow(refusal("invalid_private_key"));
    scalar[scalar.length - 1] = 1;
    expect(fromSecret?.(scalar)).toMatchObject({ type, scalar });
  });
});

describe("RSA", () => {
  const keys = signatureKeysOf(provider, "RSA");
  test("keys of 1024 to 8192 bits alone are made", () => {
    for (const bits of [1023, 8193, 0, -1, 2048.5, Number.NaN]) {
      expect(() => keys.generate(random, bits), `${bits}`).toThrow(refusal("invalid_argument"));
    }
  });

  test("a key whose modulus is too short for the padding signs not so, and verifies nothing", async () => {
    const key = await keys.generate(random, 1024);
    // RFC 8017 §9.1.1: two digests of 64 bytes and 2 more want 130.
    expect(() => keys.signer(key, random).sign("RSA-PSS/SHA-512", message)).toThrow(refusal("invalid_private_key"));
    expect(keys.verifier(key).verify("RSA-PSS/SHA-512", message, new Uint8Array(128).fill(1))).toBe(false);
    const signature = await keys.signer(key, random).sign("RSA-PSS/SHA-256", message);
    expect(keys.verifier(key).verify("RSA-PSS/SHA-256", message, signature)).toBe(true);
  });

  test("a private key with a number longer than its modulus is refused", async () => {
    const key = await keys.generate(random, 1024);
    if (key.type !== "RSA") return;
    const longer = new Uint8Array(129).fill(1);
    for (const part of ["privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"] as const) {
      const broken = { ...key, [part]: longer };
      expect(() => keys.signer(broken, random), part).toThrow(refusal("invalid_private_key"));
    }
    const zerosInFront = { ...key, privateExponent: Uint8Array.of(...new Uint8Array(10), ...key.privateExponent) };
    const signature = await keys.signer(zerosInFront, random).sign("RSA-PSS/SHA-256", message);
    expect(keys.verifier(key).verify("RSA-PSS/SHA-256", message, signature)).toBe(true);
  });

  test("a private key of zeros is refused, or signs nothing", async () => {
    const key = await keys.generate(random, 1024);
    if (key.type !== "RSA") return;
    const nothing = new Uint8Array(64);
    const broken = { ...key, prime1: nothing, prime2: nothing, exponent1: nothing, exponent2: nothing };
    expect(() => keys.signer(broken, random).sign("RSA-PSS/SHA-256", message)).toThrow(refusal("invalid_private_key"));
  });
});

test("an offer that was disposed of finishes nothing", async () => {
  for (const name of ["X25519", "P-256", "X25519MLKEM768"] as const) {
    const exchange = keyExchangeOf(provider, name);
    const offer = await exchange.offer(random);
    const { share } = await exchange.respond(offer.share, random);
    offer.dispose();
    offer.dispose();
    expect(() => offer.finish(share), name).toThrow(refusal("invalid_argument"));
  }
});

test("a library that is no name is refused", () => {
  for (const library of ["", 7, null]) {
    expect(() => opensslProvider({ library: library as string })).toThrow(refusal("invalid_argument"));
  }
});
