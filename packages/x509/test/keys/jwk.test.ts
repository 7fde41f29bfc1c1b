import { createPrivateKey, createPublicKey } from "node:crypto";
import { hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import {
  DeclaredPrivateKey,
  type JsonWebKey,
  jwkThumbprint,
  privateKeyFromJwk,
  privateKeyToJwk,
  publicKeyFromJwk,
  publicKeyToJwk,
} from "../../src/index.ts";
import { codeOf, kinds, nodeJwk, nodeKeys, ourKey, spkiOf } from "./samples.ts";

const exported = (kind: (typeof kinds)[number]): JsonWebKey => ({ ...nodeKeys[kind].export({ format: "jwk" }) });
const withProvider = { provider: nobleProvider };

describe("what Node writes is read, and what is written Node reads", () => {
  test.each(kinds)("%s", (kind) => {
    const jwk = exported(kind);
    const read = privateKeyFromJwk(jwk, withProvider);
    expect(read).toEqual(ourKey(kind));
    expect(privateKeyToJwk(read)).toEqual(jwk);
    expect(createPrivateKey({ key: nodeJwk(privateKeyToJwk(read)), format: "jwk" }).equals(nodeKeys[kind])).toBe(true);

    const publicKey = publicKeyFromJwk(jwk);
    expect(publicKey.der).toEqual(spkiOf(nodeKeys[kind]));
    const publicJwk = publicKeyToJwk(publicKey);
    expect(publicJwk).toEqual(createPublicKey(nodeKeys[kind]).export({ format: "jwk" }));
    expect(Object.keys(publicJwk)).not.toContain("d");
    expect(publicKeyFromJwk(publicJwk).der).toEqual(publicKey.der);
  });

  test("what WebCrypto writes is read", async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
    expect(jwk.key_ops).toEqual(["sign"]);
    expect(privateKeyToJwk(privateKeyFromJwk(jwk))).toMatchObject({ d: jwk.d, x: jwk.x });
    expect(publicKeyFromJwk(await crypto.subtle.exportKey("jwk", pair.publicKey)).publicKey?.type).toBe("P-256");
  });

  test("a key for RSASSA-PSS with one hash says so", () => {
    const { privateKey } = ourKey("RSA");
    const pss = new DeclaredPrivateKey({ algorithm: "id-RSASSA-PSS", privateKey, pssHash: "SHA-384" });
    expect(privateKeyToJwk(pss).alg).toBe("PS384");
    expect(privateKeyFromJwk(privateKeyToJwk(pss)).privateKey).toEqual(privateKey);
  });
});

describe("a JWK is held to RFC 7517 and RFC 7518", () => {
  const change = (kind: (typeof kinds)[number], members: object): (() => unknown) => {
    const jwk = { ...exported(kind), ...members };
    return () => privateKeyFromJwk(jwk, withProvider);
  };
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");
  const p256 = exported("P-256");
  const n = bytes(exported("RSA").n);

  test.each<[string, () => unknown, string]>([
    ["a coordinate cut short", change("P-256", { x: bytes(p256.x).subarray(1).toString("base64url") }), "invalid_jwk"],
    ["a coordinate padded with zero", change("P-256", { x: `AAAA${p256.x}` }), "invalid_jwk"],
    ["a scalar cut short", change("P-521", { d: "AQ" }), "invalid_jwk"],
    ["base64 with padding", change("P-256", { d: `${p256.d}=` }), "invalid_jwk"],
    ["base64 of the other alphabet", change("P-256", { d: `+${p256.d?.slice(1)}` }), "invalid_jwk"],
    ["a space in base64", change("P-256", { d: ` ${p256.d?.slice(1)}` }), "invalid_jwk"],
    ["a member that is no text", change("P-256", { d: 7 }), "invalid_jwk"],
    ["no d", change("P-256", { d: undefined }), "invalid_jwk"],
    ["another algorithm", change("P-256", { alg: "ES384" }), "invalid_jwk"],
    ["an algorithm of another family", change("P-256", { alg: "RS256" }), "invalid_jwk"],
    ["an algorithm that encrypts", change("RSA", { alg: "RSA-OAEP" }), "invalid_jwk"],
    ["EdDSA of the other curve", change("Ed25519", { alg: "Ed448" }), "invalid_jwk"],
    ["the use of encryption", change("RSA", { use: "enc" }), "invalid_jwk"],
    ["operations without signing", change("RSA", { key_ops: ["decrypt"] }), "invalid_jwk"],
    ["an operation twice", change("RSA", { key_ops: ["sign", "sign"] }), "invalid_jwk"],
    ["operations that are no list", change("RSA", { key_ops: "sign" }), "invalid_jwk"],
    ["an unknown type", change("RSA", { kty: "oct" }), "unsupported_algorithm"],
    ["an unknown curve", change("P-256", { crv: "secp256k1" }), "unsupported_algorithm"],
    ["a curve of the object's prototype", change("P-256", { crv: "toString" }), "unsupported_algorithm"],
    ["another curve than the coordinates'", change("P-256", { crv: "P-384" }), "invalid_jwk"],
    ["a curve of another type", change("P-256", { kty: "OKP" }), "unsupported_algorithm"],
    [
      "a modulus with a zero in front",
      change("RSA", { n: Buffer.from([0, ...n]).toString("base64url") }),
      "invalid_jwk",
    ],
    ["more than two primes", change("RSA", { oth: [] }), "unsupported_algorithm"],
    ["an RSA key without its primes", change("RSA", { p: undefined }), "invalid_jwk"],
    ["a member without end", change("RSA", { d: "A".repeat(4097) }), "too_large"],
    ["another key's point", change("P-256", { x: ourJwk("P-256").x, y: ourJwk("P-256").y }), "invalid_private_key"],
    ["another key's public key", change("Ed25519", { x: ourJwk("Ed25519").x }), "invalid_private_key"],
    ["a point off the curve", change("P-256", { y: p256.x }), "invalid_private_key"],
    ["a scalar of zero", change("P-256", { d: "A".repeat(43) }), "invalid_private_key"],
  ])("%s is refused", (_, read, code) => {
    expect(codeOf(read)).toBe(code);
  });

  test("what its algorithm and operations rightly say is taken", () => {
    expect(codeOf(change("P-521", { alg: "ES512", use: "sig", key_ops: ["sign", "verify"] }))).toBe("none");
    expect(codeOf(change("Ed448", { alg: "EdDSA", ext: true, kid: "1" }))).toBe("none");
    expect(codeOf(change("RSA", { alg: "PS512" }))).toBe("none");
  });

  test("an error never holds the secret", () => {
    const jwk = { ...p256, d: `${p256.d}=` };
    expect(() => privateKeyFromJwk(jwk)).toThrow(/^(?!.*=).*$/);
  });
});

/** Another key of the kind. */
function ourJwk(kind: "P-256" | "Ed25519"): JsonWebKey {
  const keys = nobleProvider.signatures.find(({ type }) => type === kind);
  const secret = new Uint8Array(32).fill(7);
  const other = keys?.fromSecret?.(secret);
  if (other === undefined) throw new RangeError(kind);
  return privateKeyToJwk(other);
}

test("the thumbprint of RFC 7638 §3.1, and of RFC 8037 appendix A.3", () => {
  const sha256 = hashOf(nobleProvider, "SHA-256");
  const rsa = {
    kty: "RSA",
    n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    e: "AQAB",
    alg: "RS256",
    kid: "2011-04-29",
  };
  expect(jwkThumbprint(rsa, sha256)).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  const okp = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  expect(jwkThumbprint(okp, sha256)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  expect(codeOf(() => jwkThumbprint({ kty: "RSA", n: "AQ" }, sha256))).toBe("invalid_jwk");
  expect(codeOf(() => jwkThumbprint({ kty: "oct" }, sha256))).toBe("invalid_jwk");
});
