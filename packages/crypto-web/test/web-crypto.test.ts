import { randomFillSync, type webcrypto, X509Certificate } from "node:crypto";
import { CryptoError } from "@tlskit/crypto";
import { passwordCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { webCryptoSigner, webPasswordCryptography } from "@tlskit/crypto-web";
import {
  createCertificateAsync,
  createCertificateRequestAsync,
  createPkcs12Async,
  decryptPrivateKeyAsync,
  encryptPrivateKeyAsync,
  generatePrivateKeySync,
  openPkcs12Async,
  SubjectPublicKeyInfo,
  verifyCertificateRequestSync,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";

const { subtle } = crypto;
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const now = new Date("2026-06-01T12:00:00Z");
const ourKey = generatePrivateKeySync({ provider: nobleProvider, random, type: "P-256" });

function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof CryptoError ? error.code : error;
  }
  return undefined;
}
const rsa = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };

describe("a CryptoKey that can't be extracted signs certificates and requests", () => {
  test.each<[string, webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams | { name: string }, string]>([
    ["ECDSA on P-256", { name: "ECDSA", namedCurve: "P-256" }, "ECDSA/P-256/SHA-256"],
    ["ECDSA on P-384", { name: "ECDSA", namedCurve: "P-384" }, "ECDSA/P-384/SHA-384"],
    ["ECDSA on P-521", { name: "ECDSA", namedCurve: "P-521" }, "ECDSA/P-521/SHA-512"],
    ["RSASSA-PKCS1-v1_5", { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384", ...rsa }, "RSA-PKCS1/SHA-384"],
    ["RSA-PSS", { name: "RSA-PSS", hash: "SHA-512", ...rsa }, "RSA-PSS/SHA-512"],
    ["Ed25519", { name: "Ed25519" }, "Ed25519"],
    ["Ed448", { name: "Ed448" }, "Ed448"],
  ])("%s", async (_, algorithm, expected) => {
    // one of the overloads, all of which make pairs of keys for these
    const pair = await subtle.generateKey(algorithm as webcrypto.EcKeyGenParams, false, ["sign", "verify"]);
    const signer = webCryptoSigner(subtle, pair.privateKey);
    expect(signer.algorithms[0]).toBe(expected);
    const publicKey = SubjectPublicKeyInfo.fromDer(new Uint8Array(await subtle.exportKey("spki", pair.publicKey)));
    const common = { provider: nobleProvider, random, signer, publicKey, subject: { commonName: "Somebody" } };
    const certificate = await createCertificateAsync({ ...common, validity: { from: now } });
    const byNode = new X509Certificate(certificate.der);
    expect(byNode.verify(byNode.publicKey)).toBe(true);
    const request = await createCertificateRequestAsync(common);
    expect(verifyCertificateRequestSync({ provider: nobleProvider, request: request.der }).der).toEqual(request.der);
  });

  test("each curve with each hash", async () => {
    const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, ["sign", "verify"]);
    const signer = webCryptoSigner(subtle, pair.privateKey);
    const publicKey = SubjectPublicKeyInfo.fromDer(new Uint8Array(await subtle.exportKey("spki", pair.publicKey)));
    const common = { provider: nobleProvider, random, signer, publicKey, subject: { commonName: "Somebody" } };
    for (const signatureAlgorithm of signer.algorithms) {
      const certificate = await createCertificateAsync({ ...common, signatureAlgorithm, validity: { from: now } });
      const byNode = new X509Certificate(certificate.der);
      expect(byNode.verify(byNode.publicKey)).toBe(true);
    }
    await expect(signer.sign("Ed25519", Uint8Array.of(1))).rejects.toThrow("doesn't sign by Ed25519");
  });

  test("keys that don't sign are refused", async () => {
    const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    expect(codeOf(() => webCryptoSigner(subtle, pair.publicKey))).toBe("invalid_argument");
    const agreeing = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    expect(codeOf(() => webCryptoSigner(subtle, agreeing.privateKey))).toBe("invalid_argument");
    const old = await subtle.generateKey({ name: "RSA-PSS", hash: "SHA-1", ...rsa }, false, ["sign", "verify"]);
    expect(codeOf(() => webCryptoSigner(subtle, old.privateKey))).toBe("unsupported");
  });
});

describe("WebCrypto's part for passwords", () => {
  const cryptography = webPasswordCryptography(subtle, nobleProvider.hashes);

  for (const { name, run } of passwordCases(cryptography, random)) test(name, run);

  test("without AES keys of 192 bits, as in Chrome, says so, and not that the password is wrong", async () => {
    const chrome = {
      importKey: async (...all: Parameters<typeof subtle.importKey>) => {
        if (all[2] === "AES-CBC" && (all[1] as Uint8Array).length === 24) throw new DOMException("", "OperationError");
        return await subtle.importKey(...all);
      },
      deriveBits: subtle.deriveBits.bind(subtle),
      encrypt: subtle.encrypt.bind(subtle),
      decrypt: subtle.decrypt.bind(subtle),
    };
    const keyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 1000 } as const;
    const inputs = { password: "x", random, keyDerivation };
    const pem = await encryptPrivateKeyAsync(ourKey, { ...inputs, cryptography, aesBits: 192 });
    const lacking = webPasswordCryptography<CryptoKey>(chrome as typeof subtle, nobleProvider.hashes); // all that is used
    await expect(decryptPrivateKeyAsync(pem, { ...inputs, cryptography: lacking })).rejects.toMatchObject({
      code: "unsupported_algorithm",
    });
  });

  test("opens and writes keys and PKCS#12", async () => {
    const keyDerivation = { name: "PBKDF2", hash: "SHA-512", iterations: 1000 } as const;
    const inputs = { password: "pässwörd", cryptography, random, keyDerivation };
    const pem = await encryptPrivateKeyAsync(ourKey, inputs);
    expect(await decryptPrivateKeyAsync(pem, inputs)).toEqual(ourKey);
    await expect(decryptPrivateKeyAsync(pem, { ...inputs, password: "" })).rejects.toThrow("the password is wrong");
    const file = await createPkcs12Async({ ...inputs, key: ourKey, certificates: [] });
    expect((await openPkcs12Async(file, inputs)).keys[0]?.key).toEqual(ourKey);
  });
});
