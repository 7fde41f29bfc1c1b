import {
  byCode,
  byName,
  cipherSuiteName,
  cipherSuites,
  isGrease,
  namedGroupName,
  namedGroups,
  secp256r1,
  signatureSchemeName,
  signatureSchemes,
  suitePrimitives,
  supportedCipherSuites,
  supportedNamedGroups,
  supportedSignatureSchemes,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";

describe("code points (RFC 9846 §B.3.1.3, §B.3.1.4, §B.4)", () => {
  test.each([
    ["TLS_AES_128_GCM_SHA256", 0x1301],
    ["TLS_AES_256_GCM_SHA384", 0x1302],
    ["TLS_CHACHA20_POLY1305_SHA256", 0x1303],
  ])("%s", (name, code) => {
    expect(byName(cipherSuites, name)?.code).toBe(code);
    expect(cipherSuiteName(code)).toBe(name);
  });

  test.each([
    ["secp256r1", 0x0017],
    ["secp384r1", 0x0018],
    ["secp521r1", 0x0019],
    ["x25519", 0x001d],
    ["X25519MLKEM768", 0x11ec],
  ])("%s", (name, code) => {
    expect(byName(namedGroups, name)?.code).toBe(code);
    expect(namedGroupName(code)).toBe(name);
  });

  test.each([
    ["rsa_pkcs1_sha256", 0x0401],
    ["rsa_pkcs1_sha384", 0x0501],
    ["rsa_pkcs1_sha512", 0x0601],
    ["ecdsa_secp256r1_sha256", 0x0403],
    ["ecdsa_secp384r1_sha384", 0x0503],
    ["ecdsa_secp521r1_sha512", 0x0603],
    ["rsa_pss_rsae_sha256", 0x0804],
    ["rsa_pss_rsae_sha384", 0x0805],
    ["rsa_pss_rsae_sha512", 0x0806],
    ["ed25519", 0x0807],
    ["ed448", 0x0808],
    ["rsa_pss_pss_sha256", 0x0809],
    ["rsa_pss_pss_sha384", 0x080a],
    ["rsa_pss_pss_sha512", 0x080b],
  ])("%s", (name, code) => {
    expect(byCode(signatureSchemes, code)?.name).toBe(name);
    expect(signatureSchemeName(code)).toBe(name);
  });

  test("every entry is found once", () => {
    for (const list of [cipherSuites, namedGroups, signatureSchemes]) {
      expect(new Set(list.map(({ code }) => code)).size).toBe(list.length);
      expect(new Set(list.map(({ name }) => name.toLowerCase())).size).toBe(list.length);
    }
  });
});

describe("names", () => {
  test.each(["X25519", "x25519"])("%s is x25519", (name) => {
    expect(byName(namedGroups, name)).toBe(x25519);
  });

  test.each(["P-256", "p-256", "prime256v1", "secp256r1"])("%s is secp256r1", (name) => {
    expect(byName(namedGroups, name)).toBe(secp256r1);
  });

  test("others are none", () => {
    expect(byName(namedGroups, "P-224")).toBeUndefined();
    expect(byCode(cipherSuites, 0x1304)).toBeUndefined();
    expect(cipherSuiteName(0x1304)).toBe("TLS_AES_128_CCM_SHA256");
    expect(namedGroupName(0xffff)).toBeUndefined();
  });

  test("GREASE (RFC 8701 §2) is sixteen values", () => {
    const grease = Array.from({ length: 0x10000 }, (_, code) => code).filter(isGrease);
    expect(grease.map((code) => code.toString(16))).toEqual(
      [..."0123456789abcdef"].map((digit) => `${digit}a${digit}a`.replace(/^0/, "")),
    );
    expect(cipherSuiteName(0x3a3a)).toBe("GREASE");
  });
});

describe("what TLS 1.3 allows (RFC 9846 §4.3.3)", () => {
  // RFC 9846 §4.3.3#legacy-schemes, §4.3.3#sha1-last, §9.1#signatures
  test("a scheme has SHA-256, SHA-384, SHA-512 or a hash of its own, and no DSA", () => {
    for (const { name, algorithm } of signatureSchemes) {
      expect(name).not.toMatch(/sha1|sha224|md5|dsa_sha/);
      expect(algorithm, name).toMatch(/\/SHA-(256|384|512)$|^Ed(25519|448)$/);
    }
    expect(byName(signatureSchemes, "rsa_pkcs1_sha256")?.algorithm).toBe("RSA-PKCS1/SHA-256");
  });

  test("PKCS#1 v1.5 is for certificates alone", () => {
    for (const { name, inCertificateVerify } of signatureSchemes) {
      expect(inCertificateVerify, name).toBe(!name.startsWith("rsa_pkcs1"));
    }
  });

  test("AES-GCM keys seal 2^24.5 records (RFC 9846 §5.5)", () => {
    expect(TLS_AES_256_GCM_SHA384.recordLimit).toBe(23_726_566);
    expect(TLS_CHACHA20_POLY1305_SHA256.recordLimit).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("what a provider can do", () => {
  test("is offered in the provider's order", () => {
    const reversed = {
      ...nobleProvider,
      aeads: nobleProvider.aeads.toReversed(),
      keyExchanges: nobleProvider.keyExchanges.toReversed(),
    };
    expect(supportedCipherSuites(reversed)).toEqual(supportedCipherSuites(nobleProvider).toReversed());
    expect(supportedNamedGroups(reversed)).toEqual(supportedNamedGroups(nobleProvider).toReversed());
    expect(supportedCipherSuites(nobleProvider)).toHaveLength(3);
    expect(supportedNamedGroups(nobleProvider)).toHaveLength(5);
    expect(supportedSignatureSchemes(nobleProvider)).toEqual(signatureSchemes);
  });

  test("ChaCha20 comes first where AES is slow and not constant-time", () => {
    expect(supportedCipherSuites(nobleProvider)[0]).toBe(TLS_CHACHA20_POLY1305_SHA256);
  });

  test("without a hash or a key a suite or a scheme isn't offered", () => {
    const poor = {
      ...nobleProvider,
      hashes: nobleProvider.hashes.filter(({ name }) => name !== "SHA-384"),
      signatures: nobleProvider.signatures.filter(({ type }) => type === "Ed25519"),
    };
    expect(supportedCipherSuites(poor)).not.toContain(TLS_AES_256_GCM_SHA384);
    expect(supportedSignatureSchemes(poor).map(({ name }) => name)).toEqual(["ed25519"]);
    expect(() => suitePrimitives(poor, TLS_AES_256_GCM_SHA384)).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });

  test("a suite is its AEAD and its hash", () => {
    const { aead, hash } = suitePrimitives(nobleProvider, TLS_AES_256_GCM_SHA384);
    expect([aead.name, hash.name]).toEqual(["AES-256-GCM", "SHA-384"]);
  });
});
