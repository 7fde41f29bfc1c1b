import { createPrivateKey } from "node:crypto";
import type { PasswordCryptography } from "@tlskit/crypto";
import { noblePasswordCryptography, nobleProvider } from "@tlskit/crypto-noble";
import { nodePasswordCryptography } from "@tlskit/crypto-node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decryptPrivateKeyAsync,
  decryptPrivateKeySync,
  encryptPrivateKeyAsync,
  encryptPrivateKeySync,
  type KeyDerivation,
  privateKeyFromPem,
  toPem,
} from "../../src/index.ts";
import { countingRandom } from "../pki.ts";
import { codeOf, kinds, nodeKeys, ourKey } from "./samples.ts";

const password = "pässwörd";
const random = countingRandom();
const cryptography = nodePasswordCryptography;
const provider = nobleProvider;
const quick: KeyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 1000 };
const encrypted = encryptPrivateKeySync(ourKey("P-256"), { password, cryptography, random, keyDerivation: quick });

describe("what Node writes is read, and what is written Node reads", () => {
  test.each(kinds)("%s", (kind) => {
    for (const each of [nodePasswordCryptography, noblePasswordCryptography]) {
      const options = { password, cryptography: each, random, provider };
      const pem = encryptPrivateKeySync(ourKey(kind), { ...options, keyDerivation: quick });
      expect(createPrivateKey({ key: pem, passphrase: password }).equals(nodeKeys[kind])).toBe(true);
      expect(decryptPrivateKeySync(pem, options)).toEqual(ourKey(kind));
      const cipher = "aes-192-cbc";
      const byNode = nodeKeys[kind].export({ type: "pkcs8", format: "pem", cipher, passphrase: password });
      expect(decryptPrivateKeySync(byNode.toString(), options)).toEqual(ourKey(kind));
    }
  });

  test.each<[KeyDerivation, 128 | 192 | 256]>([
    [{ name: "PBKDF2", hash: "SHA-256", iterations: 1 }, 128],
    [{ name: "PBKDF2", hash: "SHA-384", iterations: 10 }, 192],
    [{ name: "PBKDF2", hash: "SHA-512", iterations: 10 }, 256],
    [{ name: "scrypt", cost: 1024, blockSize: 8, parallelization: 1 }, 256],
  ])("by %o, AES-%i", (keyDerivation, aesBits) => {
    const pem = encryptPrivateKeySync(ourKey("P-384"), { password, cryptography, random, keyDerivation, aesBits });
    expect(createPrivateKey({ key: pem, passphrase: password }).equals(nodeKeys["P-384"])).toBe(true);
    expect(decryptPrivateKeySync(pem, { password, cryptography: noblePasswordCryptography })).toEqual(ourKey("P-384"));
  });

  test("a password as bytes, and bytes instead of PEM", () => {
    const bytes = new TextEncoder().encode(password);
    const block = encrypted.split("\n").slice(1, -2).join("");
    const der = Uint8Array.from(Buffer.from(block, "base64"));
    expect(decryptPrivateKeySync(der, { password: bytes, cryptography })).toEqual(ourKey("P-256"));
  });
});

test("with cryptography that answers later", async () => {
  const late: PasswordCryptography = {
    ...cryptography,
    pbkdf2: async (...inputs) => await cryptography.pbkdf2(...inputs),
  };
  const options = { password, cryptography: late, random, keyDerivation: quick };
  const pem = await encryptPrivateKeyAsync(ourKey("P-256"), options);
  expect(await decryptPrivateKeyAsync(pem, options)).toEqual(ourKey("P-256"));
  expect(() => decryptPrivateKeySync(pem, options)).toThrow("answers later");
});

describe("a wrong password is one error", () => {
  test("whether its padding looks right or not", () => {
    const codes = new Set<string>();
    // one in 256 leaves a padding that looks right
    for (let i = 0; i < 1500; i += 1) {
      const inputs = { password: `wrong ${i}`, cryptography };
      try {
        decryptPrivateKeySync(oneIteration, inputs);
        codes.add("opened");
      } catch (error) {
        codes.add(String(error));
      }
    }
    expect([...codes]).toEqual(["X509Error: the password is wrong, or the file is damaged"]);
  });

  const oneIteration = encryptPrivateKeySync(ourKey("P-256"), {
    password,
    cryptography,
    random,
    keyDerivation: { name: "PBKDF2", hash: "SHA-256", iterations: 1 },
  });

  test("so is a file that was damaged in what is encrypted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 255 }), (back, change) => {
        const der = Uint8Array.from(Buffer.from(oneIteration.split("\n").slice(1, -2).join(""), "base64"));
        der[der.length - back] = (der[der.length - back] ?? 0) ^ change;
        const code = codeOf(() => decryptPrivateKeySync(der, { password, cryptography }));
        // what is behind the private key's structure is the point, which can also be off its curve
        expect(["wrong_password", "invalid_private_key"]).toContain(code);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("what is asked for in vain says why", () => {
  const opened = (pem: string, options: object = {}) =>
    codeOf(() => decryptPrivateKeySync(pem, { password, cryptography, ...options }));

  test("an encrypted key where no password is taken", () => {
    expect(codeOf(() => privateKeyFromPem(encrypted))).toBe("encrypted_private_key");
  });

  test("a key that isn't encrypted", () => {
    const pem = nodeKeys["P-256"].export({ type: "pkcs8", format: "pem" }).toString();
    expect(opened(pem)).toBe("invalid_pem");
  });

  test("triple DES in PBES2", () => {
    const options = { type: "pkcs8", format: "pem", cipher: "des-ede3-cbc", passphrase: password } as const;
    const pem = nodeKeys.RSA.export(options).toString();
    expect(opened(pem)).toBe("outdated_encryption");
    expect(() => decryptPrivateKeySync(pem, { password, cryptography })).toThrow(
      "openssl pkcs8 -topk8 -v2 aes-256-cbc",
    );
  });

  test("the encryption of keys before PKCS#8", () => {
    const options = { type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase: password } as const;
    expect(opened(nodeKeys.RSA.export(options).toString())).toBe("outdated_encryption");
  });

  test("more iterations than are taken, by one", () => {
    const at = { ...quick, iterations: 5000 };
    const pem = encryptPrivateKeySync(ourKey("P-256"), { password, cryptography, random, keyDerivation: at });
    expect(opened(pem, { maximumIterations: 5000 })).toBe("none");
    expect(opened(pem, { maximumIterations: 4999 })).toBe("too_large");
  });

  test("more memory than is taken", () => {
    // 128 · 8 · (65536 + 1): one block more than 64 MB
    const tooMuch = { name: "scrypt", cost: 65_536, blockSize: 8, parallelization: 1 } as const;
    const inputs = { password, cryptography, random, keyDerivation: tooMuch };
    expect(codeOf(() => encryptPrivateKeySync(ourKey("P-256"), inputs))).toBe("too_large");
  });

  test("something of more than 64 KB", () => {
    expect(opened(toPem("ENCRYPTED PRIVATE KEY", new Uint8Array(65_537)))).toBe("too_large");
    expect(opened(toPem("ENCRYPTED PRIVATE KEY", new Uint8Array(65_536)))).toBe("invalid_private_key");
  });

  test("scrypt where there is none", () => {
    const { scrypt: _, ...without } = cryptography;
    const keyDerivation = { name: "scrypt", cost: 1024, blockSize: 8, parallelization: 1 } as const;
    const pem = encryptPrivateKeySync(ourKey("P-256"), { password, cryptography, random, keyDerivation });
    expect(opened(pem, { cryptography: without })).toBe("unsupported_algorithm");
  });

  test("anything cut off", () => {
    const der = Uint8Array.from(Buffer.from(encrypted.split("\n").slice(1, -2).join(""), "base64"));
    for (let length = 0; length < der.length; length += 1) {
      const code = codeOf(() => decryptPrivateKeySync(der.subarray(0, length), { password, cryptography }));
      expect(code).toBe("invalid_private_key");
    }
  });
});
