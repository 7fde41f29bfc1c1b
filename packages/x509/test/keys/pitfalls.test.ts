import { type EcPrivateKey, type RsaPrivateKey, signerFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import {
  privateKeyFromJwk,
  privateKeyFromPkcs8,
  privateKeyToJwk,
  privateKeyToPkcs8,
  publicKeyFromJwk,
} from "../../src/index.ts";
import { countingRandom } from "../pki.ts";
import { codeOf, ourKey } from "./samples.ts";

/** Published pitfalls of keys: each is refused in every form that a key can come in, without a provider's help. */

const rsa = ourKey("RSA").privateKey as RsaPrivateKey; // an RSA key is one
const otherRsa = { ...rsa, prime1: rsa.prime2, prime2: rsa.prime1 };
const octets = (value: bigint): Uint8Array => {
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
};
const integer = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const [n, p] = [integer(rsa.modulus), integer(rsa.prime1)];

describe("RSA", () => {
  test.each<[string, Partial<RsaPrivateKey>]>([
    ["the public exponent 1 (CVE-2026-33894's kin)", { publicExponent: Uint8Array.of(1) }],
    ["an even public exponent", { publicExponent: Uint8Array.of(1, 0, 0) }],
    ["a public exponent of more than 32 bits", { publicExponent: Uint8Array.of(1, 0, 0, 0, 1) }],
    ["an even modulus", { modulus: octets(n - 1n) }],
    ["a tiny modulus", { modulus: octets(n >> 1100n) }],
    ["a gigantic modulus", { modulus: new Uint8Array(1025).fill(0xff) }],
    ["another modulus", { modulus: octets(n + 2n) }],
    ["a prime of 1", { prime1: rsa.modulus, prime2: Uint8Array.of(1) }],
    ["the same prime twice", { prime2: rsa.prime1, modulus: octets(p * p) }],
    ["primes that changed places without the rest", { prime1: otherRsa.prime1, prime2: otherRsa.prime2 }],
    ["another private exponent", { privateExponent: octets(integer(rsa.privateExponent) + 2n) }],
    ["a private exponent of 1", { privateExponent: Uint8Array.of(1) }],
    ["another first exponent", { exponent1: octets(integer(rsa.exponent1) + 2n) }],
    ["another second exponent", { exponent2: octets(integer(rsa.exponent2) + 2n) }],
    ["another coefficient", { coefficient: octets(integer(rsa.coefficient) + 1n) }],
    ["a coefficient that isn't reduced", { coefficient: octets(integer(rsa.coefficient) + p) }],
    ["a part that is longer than the modulus", { coefficient: new Uint8Array(300).fill(0x7f) }],
  ])("%s", (_, wrong) => {
    const key = { ...rsa, ...wrong };
    expect(codeOf(() => privateKeyFromPkcs8(privateKeyToPkcs8(key)))).toBe("invalid_private_key");
    expect(codeOf(() => privateKeyFromJwk(privateKeyToJwk(key)))).toMatch(/^(invalid_private_key|too_large)$/);
  });

  test("public keys of the wrong size or form", () => {
    const { kty, e } = privateKeyToJwk(rsa);
    const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
    for (const modulus of [octets(n >> 1100n), new Uint8Array(1025).fill(0xff), octets(n - 1n)]) {
      expect(codeOf(() => publicKeyFromJwk({ kty, e, n: url(modulus) }))).toBe("invalid_public_key");
    }
    expect(codeOf(() => publicKeyFromJwk({ kty, e: "AQ", n: url(rsa.modulus) }))).toBe("invalid_public_key");
  });
});

describe.each(["P-256", "P-384", "P-521"] as const)("%s", (curve) => {
  const key = ourKey(curve).privateKey as EcPrivateKey; // a key of that curve
  const order = {
    "P-256": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    "P-384": 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    "P-521":
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  }[curve];
  const scalar = (value: bigint): Uint8Array => {
    const bytes = new Uint8Array(key.scalar.length);
    const digits = octets(value);
    bytes.set(digits, bytes.length - digits.length);
    return bytes;
  };
  const point = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = Uint8Array.from(key.point);
    change(bytes);
    return bytes;
  };

  test.each<[string, Partial<EcPrivateKey>]>([
    ["the scalar zero", { scalar: scalar(0n) }],
    ["the curve's order", { scalar: scalar(order) }],
    ["more than the order", { scalar: scalar(order + 1n) }],
    ["a scalar that is too long", { scalar: Uint8Array.of(1, ...key.scalar) }],
    ["a point off the curve", { point: point((bytes) => (bytes[5] = (bytes[5] ?? 0) ^ 1)) }],
    ["the point zero", { point: point((bytes) => bytes.fill(0, 1)) }],
    ["coordinates beyond the field", { point: point((bytes) => bytes.fill(0xff, 1)) }],
    ["a compressed point", { point: point((bytes) => (bytes[0] = 2)).subarray(0, 1 + key.scalar.length) }],
    ["infinity", { point: Uint8Array.of(0) }],
  ])("%s", (_, wrong) => {
    expect(codeOf(() => privateKeyFromPkcs8(privateKeyToPkcs8({ ...key, ...wrong })))).toBe("invalid_private_key");
  });

  test("a scalar is a number, with however many zeros in front (openssl/openssl#7461, wolfSSL/wolfssl#2950)", () => {
    const small = Uint8Array.from(key.scalar);
    small.fill(0, 0, 3);
    const pkcs8 = (octets: Uint8Array): Uint8Array => privateKeyToPkcs8({ ...key, scalar: octets });
    for (const octets of [small.subarray(3), small.subarray(1), small, Uint8Array.of(0, ...small)]) {
      expect(privateKeyFromPkcs8(pkcs8(octets)).privateKey).toEqual({ ...key, scalar: small });
    }
  });

  test("the largest scalar is good", () => {
    const keys = nobleProvider.signatures.find(({ type }) => type === curve);
    const largest = keys?.fromSecret?.(scalar(order - 1n));
    if (largest === undefined) throw new RangeError(curve);
    expect(privateKeyFromPkcs8(privateKeyToPkcs8(largest)).privateKey).toEqual(largest);
  });
});

describe("another key's public key", () => {
  test.each(["P-256", "P-521", "Ed25519", "Ed448"] as const)("%s", (type) => {
    const keys = nobleProvider.signatures.find((candidate) => candidate.type === type);
    const own = privateKeyToJwk(ourKey(type));
    const other = keys?.fromSecret?.(new Uint8Array(Buffer.from(own.d ?? "", "base64url").length).fill(1));
    if (other === undefined) throw new RangeError(type);
    const jwk = { ...privateKeyToJwk(other), d: own.d };
    expect(codeOf(() => privateKeyFromJwk(jwk, { provider: nobleProvider }))).toBe("invalid_private_key");
    // without a provider it is found out when it is first to sign
    const read = privateKeyFromJwk(jwk);
    expect(() => signerFor(nobleProvider, read.privateKey, countingRandom())).toThrow(
      `not a valid ${type} private key`,
    );
  });
});
