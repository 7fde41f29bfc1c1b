import {
  constants,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
} from "node:crypto";
import { verifierFor } from "@tlskit/crypto";
import { decrypterFromKeyObject, nodeProvider, signerFromKeyObject } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";

const message = Uint8Array.of(1, 2, 3);
const ec = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).privateKey;
const bytes = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "base64url"));

describe("a private key that Node holds signs", () => {
  test.each([
    ["P-256", ec("P-256"), "ECDSA/P-256/SHA-256", 4],
    ["P-384", ec("P-384"), "ECDSA/P-384/SHA-384", 4],
    ["P-521", ec("P-521"), "ECDSA/P-521/SHA-512", 4],
    ["Ed25519", generateKeyPairSync("ed25519").privateKey, "Ed25519", 1],
    ["Ed448", generateKeyPairSync("ed448").privateKey, "Ed448", 1],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, "RSA-PSS/SHA-256", 7],
  ] as const)("%s", async (type, key, best, count) => {
    const signer = signerFromKeyObject(key);
    expect(signer.algorithms).toHaveLength(count);
    expect(signer.algorithms[0]).toBe(best);
    const { x, y, n, e } = createPublicKey(key).export({ format: "jwk" });
    const publicKey =
      type === "RSA"
        ? { type, modulus: bytes(n), publicExponent: bytes(e) }
        : type === "Ed25519" || type === "Ed448"
          ? { type, publicKey: bytes(x) }
          : { type, point: Uint8Array.of(4, ...bytes(x), ...bytes(y)) };
    const verifier = verifierFor(nodeProvider, publicKey);
    for (const algorithm of signer.algorithms) {
      expect(verifier.verify(algorithm, message, await signer.sign(algorithm, message)), algorithm).toBe(true);
    }
    expect(() => signer.sign(type === "Ed448" ? "Ed25519" : "Ed448", message)).toThrow("doesn't sign by");
  });

  test("one for RSASSA-PSS with a hash signs by that one alone", () => {
    const options = { modulusLength: 2048, hashAlgorithm: "sha384", mgf1HashAlgorithm: "sha384" };
    expect(signerFromKeyObject(generateKeyPairSync("rsa-pss", options).privateKey).algorithms).toEqual([
      "RSA-PSS/SHA-384",
    ]);
    const any = generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey;
    expect(signerFromKeyObject(any).algorithms).toHaveLength(3);
    const old = { modulusLength: 2048, hashAlgorithm: "sha1", mgf1HashAlgorithm: "sha1" };
    expect(() => signerFromKeyObject(generateKeyPairSync("rsa-pss", old).privateKey)).toThrow("signs nothing here");
  });
});

test("what isn't a private key that signs is refused", () => {
  expect(() => signerFromKeyObject(createPublicKey(ec("P-256")))).toThrow("expected a private key");
  expect(() => signerFromKeyObject(createSecretKey(message))).toThrow("expected a private key");
  expect(() => signerFromKeyObject(generateKeyPairSync("x25519").privateKey)).toThrow("signs nothing here");
  expect(() => signerFromKeyObject(ec("secp256k1"))).toThrow("signs nothing here");
});

describe("an RSA private key that Node holds decrypts", () => {
  test("what anybody encrypted, padding and all", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2047 });
    const decrypter = decrypterFromKeyObject(privateKey);
    expect(decrypter.modulusLength).toBe(256);
    const ciphertext = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, message);
    const block = await decrypter.decrypt(ciphertext);
    expect(block).toHaveLength(256);
    expect([...block.subarray(0, 2), ...block.subarray(-4)]).toEqual([0, 2, 0, ...message]);
    for (const wrong of [ciphertext.subarray(1), Uint8Array.of(0, ...ciphertext), new Uint8Array(256).fill(0xff)]) {
      expect(() => decrypter.decrypt(wrong)).toThrow(expect.objectContaining({ code: "decryption_failed" }));
    }
  });

  test("and no other key", () => {
    expect(() => decrypterFromKeyObject(ec("P-256"))).toThrow("decrypts nothing here");
    expect(() => decrypterFromKeyObject(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey)).toThrow(
      "decrypts nothing here",
    );
    expect(() => decrypterFromKeyObject(createSecretKey(message))).toThrow("expected a private key");
  });
});
