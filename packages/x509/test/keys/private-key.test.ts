import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";
import {
  privateKeyFromPem,
  privateKeyFromPkcs8,
  privateKeyToPem,
  privateKeyToPkcs8,
  SubjectPublicKeyInfo,
  toPem,
  X509Error,
} from "../../src/index.ts";

const ec = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pss = generateKeyPairSync("rsa-pss", {
  modulusLength: 2048,
  hashAlgorithm: "sha384",
  mgf1HashAlgorithm: "sha384",
}).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }));
const pem = (key: KeyObject, type: "pkcs8" | "sec1" | "pkcs1"): string =>
  key.export({ format: "pem", type }).toString();
const code = (call: () => unknown): string => {
  try {
    call();
    return "none";
  } catch (error) {
    return error instanceof X509Error ? error.code : String(error);
  }
};

describe("what Node writes is read, and written as Node has it", () => {
  test.each([
    ["P-256", ec("P-256"), "pkcs8", "id-ecPublicKey"],
    ["P-384", ec("P-384"), "pkcs8", "id-ecPublicKey"],
    ["P-521", ec("P-521"), "pkcs8", "id-ecPublicKey"],
    ["P-256, SEC 1", ec("P-256"), "sec1", "id-ecPublicKey"],
    ["P-521, SEC 1", ec("P-521"), "sec1", "id-ecPublicKey"],
    ["RSA", rsa, "pkcs8", "rsaEncryption"],
    ["RSA, PKCS #1", rsa, "pkcs1", "rsaEncryption"],
    ["RSA-PSS", pss, "pkcs8", "id-RSASSA-PSS"],
    ["Ed25519", ed25519, "pkcs8", "id-Ed25519"],
    ["Ed448", generateKeyPairSync("ed448").privateKey, "pkcs8", "id-Ed448"],
  ] as const)("%s", (_, key, type, algorithm) => {
    const read = privateKeyFromPem(pem(key, type), { provider: nobleProvider });
    expect(read.algorithm).toBe(algorithm);
    expect(read.subjectPublicKeyInfo.der).toEqual(spkiOf(key));
    expect(SubjectPublicKeyInfo.fromDer(spkiOf(key)).algorithm).toBe(algorithm);
    expect(privateKeyToPem(read)).toBe(pem(key, "pkcs8"));
    if (type !== "pkcs8") expect(privateKeyToPem(read, "traditional")).toBe(pem(key, type));
  });

  test("without a public key, with the certificate's, or with what a provider derives", () => {
    const publicKey = SubjectPublicKeyInfo.fromDer(spkiOf(ed25519));
    const given = privateKeyFromPem(pem(ed25519, "pkcs8"), { publicKey });
    for (const provider of [nobleProvider, nodeProvider]) {
      expect(privateKeyFromPem(pem(ed25519, "pkcs8"), { provider })).toEqual(given);
    }
    expect(given.subjectPublicKeyInfo.der).toEqual(publicKey.der);
  });

  test("an elliptic curve key without its public key, as `openssl ec -no_public` writes it", () => {
    const key = ec("P-384");
    const whole = privateKeyFromPem(pem(key, "pkcs8"));
    const scalar = Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
    // version, scalar, curve: all that RFC 5915 asks for
    const curve = Buffer.from("a00706052b81040022", "hex");
    const der = Uint8Array.of(0x30, 3 + 2 + 48 + curve.length, 2, 1, 1, 4, 48, ...scalar, ...curve);
    const text = toPem("EC PRIVATE KEY", der);
    expect(code(() => privateKeyFromPem(text))).toBe("missing_public_key");
    for (const provider of [nobleProvider, nodeProvider]) expect(privateKeyFromPem(text, { provider })).toEqual(whole);
    const zero = toPem("EC PRIVATE KEY", new Uint8Array(der).fill(0, 7, 7 + 48));
    expect(code(() => privateKeyFromPem(zero, { provider: nobleProvider }))).toBe("invalid_private_key");
  });

  test("an Ed25519 key in the second version, with its public key (RFC 8410 §10.3)", () => {
    const text = `-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----`;
    const { privateKey } = privateKeyFromPem(text);
    expect(privateKey).toEqual(
      nobleProvider.signatures
        .find(({ type }) => type === "Ed25519")
        ?.fromSecret?.(
          Uint8Array.from(Buffer.from("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842", "hex")),
        ),
    );
  });
});

test("an id-RSASSA-PSS key remembers what it is for", () => {
  expect(privateKeyFromPem(pem(pss, "pkcs8")).pssHash).toBe("SHA-384");
  expect(SubjectPublicKeyInfo.fromDer(spkiOf(pss)).pssHash).toBe("SHA-384");
});

test("a key among certificates and curve parameters is found", () => {
  const key = pem(ec("P-256"), "sec1");
  const curve = toPem("EC PARAMETERS", Uint8Array.of(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7));
  expect(privateKeyFromPem(`${curve}${key}`).privateKey.type).toBe("P-256");
});

describe("keys that can't be read say why", () => {
  test("encrypted", () => {
    const options = { format: "pem", cipher: "aes-128-cbc", passphrase: "x" } as const;
    expect(code(() => privateKeyFromPem(rsa.export({ ...options, type: "pkcs8" }).toString()))).toBe(
      "encrypted_private_key",
    );
    const legacy = () => privateKeyFromPem(rsa.export({ ...options, type: "pkcs1" }).toString());
    expect(code(legacy)).toBe("outdated_encryption");
    expect(legacy).toThrow("openssl pkcs8 -topk8");
  });

  test("without the public key", () => {
    expect(code(() => privateKeyFromPem(pem(ed25519, "pkcs8")))).toBe("missing_public_key");
    const other = SubjectPublicKeyInfo.fromDer(spkiOf(rsa));
    expect(code(() => privateKeyFromPem(pem(ed25519, "pkcs8"), { publicKey: other }))).toBe("missing_public_key");
  });

  test("of another kind", () => {
    expect(code(() => privateKeyFromPem(pem(generateKeyPairSync("x25519").privateKey, "pkcs8")))).toBe(
      "unsupported_algorithm",
    );
    expect(code(() => privateKeyFromPem(pem(ec("secp256k1"), "pkcs8")))).toBe("unsupported_algorithm");
    expect(code(() => privateKeyFromPem(pem(ec("secp256k1"), "sec1")))).toBe("unsupported_algorithm");
    expect(code(() => privateKeyFromPem("nothing"))).toBe("invalid_pem");
  });

  test("cut off or spoilt", () => {
    for (const key of [rsa, ec("P-256")]) {
      const der = new Uint8Array(key.export({ format: "der", type: "pkcs8" }));
      for (let length = 0; length < der.length; length += 7) {
        expect(code(() => privateKeyFromPkcs8(der.subarray(0, length)))).toBe("invalid_private_key");
      }
      expect(code(() => privateKeyFromPkcs8(Uint8Array.of(...der, 0)))).toBe("invalid_private_key");
    }
  });

  test("asked for in a form that they don't have", () => {
    for (const key of [pss, ed25519]) {
      const read = privateKeyFromPem(pem(key, "pkcs8"), { provider: nobleProvider });
      expect(code(() => privateKeyToPem(read, "traditional"))).toBe("invalid_argument");
    }
  });

  test("on two curves", () => {
    const read = privateKeyFromPem(pem(ec("P-256"), "pkcs8"));
    const der = privateKeyToPkcs8(read);
    // the outer curve's last octet: prime256v1 becomes an unknown one
    const spoilt = new Uint8Array(der);
    spoilt[Buffer.from(der).indexOf(Buffer.from("2a8648ce3d030107", "hex")) + 7] = 6;
    expect(code(() => privateKeyFromPkcs8(spoilt))).toBe("unsupported_algorithm");
  });
});

test("public keys of unknown algorithms are read as far as they are known", () => {
  const x25519 = SubjectPublicKeyInfo.fromDer(spkiOf(generateKeyPairSync("x25519").privateKey));
  expect(x25519).toMatchObject({ algorithm: undefined, algorithmOid: "1.3.101.110", publicKey: undefined });
  const k1 = SubjectPublicKeyInfo.fromDer(spkiOf(ec("secp256k1")));
  expect(k1).toMatchObject({ algorithm: "id-ecPublicKey", publicKey: undefined });
});
