import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";
import {
  agreementKeyFromJwk,
  agreementKeyFromPem,
  agreementKeyFromPkcs8,
  agreementKeyToJwk,
  agreementKeyToPem,
  publicKeyFromPem,
  publicKeyToJwk,
  publicKeyToPem,
  SubjectPublicKeyInfo,
  subjectPublicKeyInfoOf,
} from "../../src/index.ts";
import { codeOf, nodeJwk, nodeKeys, pemOf, spkiOf } from "./samples.ts";

const keys: readonly (readonly ["X25519" | "X448", KeyObject])[] = [
  ["X25519", generateKeyPairSync("x25519").privateKey],
  ["X448", generateKeyPairSync("x448").privateKey],
];
const provider = nobleProvider;

describe.each(keys)("%s", (type, key) => {
  test("what Node writes is read, and what is written Node reads", () => {
    const read = agreementKeyFromPem(pemOf(key), { provider });
    expect(agreementKeyFromPem(pemOf(key), { provider: nodeProvider })).toEqual(read);
    expect(agreementKeyToPem(read)).toBe(pemOf(key));
    expect(agreementKeyToJwk(read)).toEqual(key.export({ format: "jwk" }));
    expect(agreementKeyFromJwk({ ...key.export({ format: "jwk" }) }, { provider })).toEqual(read);
    expect(createPrivateKey({ key: nodeJwk(agreementKeyToJwk(read)), format: "jwk" }).equals(key)).toBe(true);
  });

  test("its public key stands in a SubjectPublicKeyInfo, and signs nothing", () => {
    const info = SubjectPublicKeyInfo.fromDer(spkiOf(key));
    expect(info.agreementKey?.type).toBe(type);
    expect(info).toMatchObject({ algorithm: undefined, publicKey: undefined });
    const read = agreementKeyFromPem(pemOf(key), { provider });
    expect(subjectPublicKeyInfoOf(read).der).toEqual(info.der);
    expect(publicKeyFromPem(publicKeyToPem(info)).der).toEqual(info.der);
    expect(publicKeyToJwk(info)).toEqual(agreementKeyToJwk({ type, agreementKey: read.agreementKey }));
  });

  test("what doesn't fit is refused", () => {
    const jwk = { ...key.export({ format: "jwk" }) };
    const d = Buffer.from(jwk.d ?? "", "base64url");
    const read = (members: object) => () => agreementKeyFromJwk({ ...jwk, ...members }, { provider });
    expect(codeOf(read({ x: jwk.d }))).toBe("invalid_private_key");
    expect(codeOf(read({ d: d.subarray(1).toString("base64url") }))).toBe("invalid_jwk");
    expect(codeOf(read({ use: "sig" }))).toBe("invalid_jwk");
    expect(codeOf(read({ alg: "EdDSA" }))).toBe("invalid_jwk");
    expect(codeOf(read({ crv: "Ed25519" }))).toBe("unsupported_algorithm");
    const der = new Uint8Array(key.export({ format: "der", type: "pkcs8" }));
    for (let length = 0; length < der.length; length += 1) {
      expect(codeOf(() => agreementKeyFromPkcs8(der.subarray(0, length), { provider }))).toBe("invalid_private_key");
    }
  });
});

test("keys that sign don't agree on secrets", () => {
  expect(codeOf(() => agreementKeyFromPem(pemOf(nodeKeys.Ed25519), { provider }))).toBe("unsupported_algorithm");
});
