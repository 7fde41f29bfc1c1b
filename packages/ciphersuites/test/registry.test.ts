import {
  availableCipherSuites,
  availableNamedGroups,
  availableSignatureSchemes,
  byCode,
  byName,
  cipherSuites,
  defaultCipherSuites,
  defaultNamedGroups,
  defaultSignatureSchemes,
  isGrease,
  namedGroups,
  type Registered,
  secp256r1,
  signatureSchemes,
  suitePrimitives,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import { cipherSuiteName, namedGroupName, signatureSchemeName } from "@tlskit/ciphersuites/names";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";

/** Left to private use in all three registries, so that nothing is ever registered there. */
const privateUse = 0xff77;

/** Everything known, what of it is offered by default, and what people are shown. */
const registries: Readonly<
  Record<string, readonly [readonly Registered[], readonly Registered[], (code: number) => string | undefined]>
> = {
  "cipher suites": [cipherSuites, defaultCipherSuites, cipherSuiteName],
  "named groups": [namedGroups, defaultNamedGroups, namedGroupName],
  "signature schemes": [signatureSchemes, defaultSignatureSchemes, signatureSchemeName],
};

describe.each(Object.entries(registries))("the registry of %s", (_, [known, defaults, nameFor]) => {
  test("has every entry once", () => {
    const names = known.flatMap(({ name, aliases = [] }) => [
      ...new Set([name, ...aliases].map((each) => each.toLowerCase())),
    ]);
    expect(new Set(known.map(({ code }) => code)).size).toBe(known.length);
    expect(new Set(names).size).toBe(names.length);
  });

  // RFC 8422 §5.10#intrinsic
  // The names are IANA's own list, apart from the entries: so each code point has been written down twice.
  test("has IANA's name and code point in each entry (RFC 9846 §B.3.1.3, §B.3.1.4, §B.4)", () => {
    expect(known.map(({ code }) => nameFor(code))).toEqual(known.map(({ name }) => name));
  });

  test("offers by default what it knows", () => {
    expect(known).toEqual(expect.arrayContaining([...defaults]));
    expect(new Set(defaults).size).toBe(defaults.length);
  });

  test("knows nothing of what is left to private use", () => {
    expect(byCode(known, privateUse)).toBeUndefined();
    expect(nameFor(privateUse)).toBeUndefined();
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
    expect(byName(namedGroups, "P-0")).toBeUndefined();
    expect(cipherSuiteName(0x0035)).toBe("TLS_RSA_WITH_AES_256_CBC_SHA");
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
  // RFC 9846 §4.3.3#legacy-schemes, §4.3.3#sha1-last, §9.1#signatures, RFC 8422 §5.10#hash
  test("a scheme has SHA-256, SHA-384, SHA-512 or a hash of its own, and no DSA", () => {
    for (const { name, algorithm } of signatureSchemes) {
      expect(name).not.toMatch(/sha1|sha224|md5|dsa_sha/);
      expect(algorithm, name).toMatch(/\/SHA-(256|384|512)$|^Ed(25519|448)$/);
    }
    expect(byName(signatureSchemes, "rsa_pkcs1_sha256")?.algorithm).toBe("RSA-PKCS1/SHA-256");
  });

  // RFC 9963 §3#off
  test("PKCS#1 v1.5 is for certificates alone, and by names of its own for clients (RFC 9963)", () => {
    for (const { name, inCertificateVerify, inCertificates } of signatureSchemes) {
      const legacy = name.endsWith("_legacy");
      const whose = legacy ? ["client"] : name.startsWith("rsa_pkcs1") ? [] : ["client", "server"];
      expect(inCertificateVerify, name).toEqual(whose);
      expect(inCertificates, name).toBe(!legacy);
    }
    expect(defaultSignatureSchemes.filter(({ inCertificates }) => !inCertificates)).toEqual([]);
  });

  test("AES-GCM keys seal 2^24.5 records (RFC 9846 §5.5)", () => {
    expect(TLS_AES_256_GCM_SHA384.recordLimit).toBe(23_726_566);
    expect(TLS_CHACHA20_POLY1305_SHA256.recordLimit).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("what a provider can do", () => {
  test("is in the provider's order", () => {
    const reversed = {
      ...nobleProvider,
      aeads: nobleProvider.aeads.toReversed(),
      keyExchanges: nobleProvider.keyExchanges.toReversed(),
    };
    const suitesOf = (provider: CryptoProvider) => availableCipherSuites(provider, defaultCipherSuites);
    const groupsOf = (provider: CryptoProvider) => availableNamedGroups(provider, defaultNamedGroups);
    expect(suitesOf(reversed)).toEqual(suitesOf(nobleProvider).toReversed());
    expect(groupsOf(reversed)).toEqual(groupsOf(nobleProvider).toReversed());
    expect(new Set(suitesOf(nobleProvider))).toEqual(new Set(defaultCipherSuites));
    expect(new Set(groupsOf(nobleProvider))).toEqual(new Set(defaultNamedGroups));
    expect(availableSignatureSchemes(nobleProvider, signatureSchemes)).toEqual(signatureSchemes);
  });

  test("is found among the entries that are asked about alone", () => {
    expect(availableCipherSuites(nobleProvider, [TLS_AES_256_GCM_SHA384])).toEqual([TLS_AES_256_GCM_SHA384]);
    expect(availableNamedGroups(nobleProvider, [])).toEqual([]);
  });

  test("ChaCha20 comes first where AES is slow and not constant-time", () => {
    expect(availableCipherSuites(nobleProvider, cipherSuites)[0]).toBe(TLS_CHACHA20_POLY1305_SHA256);
  });

  test("without a hash or a key a suite or a scheme isn't there", () => {
    const poor = {
      ...nobleProvider,
      hashes: nobleProvider.hashes.filter(({ name }) => name !== "SHA-384"),
      signatures: nobleProvider.signatures.filter(({ type }) => type === "Ed25519"),
    };
    expect(availableCipherSuites(poor, cipherSuites)).not.toContain(TLS_AES_256_GCM_SHA384);
    expect(availableSignatureSchemes(poor, signatureSchemes).map(({ name }) => name)).toEqual(["ed25519"]);
    expect(() => suitePrimitives(poor, TLS_AES_256_GCM_SHA384)).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });

  test("a suite is its AEAD and its hash", () => {
    const { aead, hash } = suitePrimitives(nobleProvider, TLS_AES_256_GCM_SHA384);
    expect([aead.name, hash.name]).toEqual(["AES-256-GCM", "SHA-384"]);
  });
});
