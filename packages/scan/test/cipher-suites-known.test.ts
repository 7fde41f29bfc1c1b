import { cipherSuites, tls12CipherSuites } from "@tlskit/ciphersuites";
import { cipherSuiteName } from "@tlskit/ciphersuites/names";
import { expect, test } from "vitest";
import {
  cipherSuitesOf,
  knownCipherSuite,
  knownCipherSuites,
  knownSsl2CipherSuites,
} from "../src/registry/cipher-suite.ts";

test("no code, no name and no name of OpenSSL's is there twice", () => {
  for (const suites of [knownCipherSuites, knownSsl2CipherSuites]) {
    for (const key of ["code", "name", "opensslName"] as const) {
      const values = suites.map((suite) => suite[key]).filter((value) => value !== undefined);
      expect(new Set(values).size, key).toBe(values.length);
    }
  }
});

test("what can be negotiated here is known by the same name, and made of the same", () => {
  for (const { code, name, aead } of cipherSuites) {
    expect(knownCipherSuite(code)).toMatchObject({ name, oldest: "TLS 1.3", newest: "TLS 1.3", mac: "AEAD" });
    expect(aead).toContain(knownCipherSuite(code)?.cipher);
  }
  for (const { code, name, aliases, keyExchange, certificateKey, protection } of tls12CipherSuites) {
    const known = knownCipherSuite(code);
    expect(known).toMatchObject({ name, opensslName: aliases[0], newest: "TLS 1.2" });
    expect(known?.forwardSecrecy).toBe(/^(EC)?DHE?_|^(EC)?DHE$/.test(keyExchange));
    if (certificateKey !== undefined) expect(known?.authentication).toBe(certificateKey);
    expect(known?.mac).toBe(protection.type === "AEAD" ? "AEAD" : protection.mac);
  }
});

test("names for people are the same where both have one", () => {
  for (const { code, name } of knownCipherSuites) expect(cipherSuiteName(code) ?? name).toBe(name);
});

test("every suite's parts were read out of its name", () => {
  for (const suite of knownCipherSuites) {
    expect(suite.keyExchange === "any", suite.name).toBe(suite.oldest === "TLS 1.3");
    expect(suite.authentication === "any", suite.name).toBe(suite.oldest === "TLS 1.3");
    expect(suite.cipher === "NULL", suite.name).toBe(suite.bits === 0);
    expect(suite.cipher === "NULL", suite.name).toBe(/_NULL_|^TLS_SHA/.test(suite.name));
    expect(suite.name.includes("EXPORT"), suite.name).toBe(suite.exportGrade);
    const isAead = /_(GCM|CCM|POLY1305|MGM|AEGIS)_|_CCM(_8)?$/.test(suite.name);
    expect(suite.mac === "AEAD", suite.name).toBe(isAead);
    if (suite.exportGrade) expect(suite.bits, suite.name).toBeLessThan(57);
  }
  for (const { bits, name, exportGrade } of knownSsl2CipherSuites) {
    expect(bits, name).toBeGreaterThan(0);
    expect(name.includes("EXPORT40"), name).toBe(exportGrade);
  }
});

test.each([
  [
    "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5",
    0x0006,
    { cipher: "RC2", bits: 40, blockBits: 64, mac: "MD5", oldest: "SSL 3.0" },
  ],
  [
    "TLS_DH_anon_WITH_RC4_128_MD5",
    0x0018,
    { keyExchange: "DHE", authentication: "anon", cipher: "RC4", mode: "stream" },
  ],
  ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", 0x000a, { cipher: "3DES", bits: 112, blockBits: 64, forwardSecrecy: false }],
  ["TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", 0xc031, { keyExchange: "ECDH", forwardSecrecy: false, oldest: "TLS 1.2" }],
  ["TLS_PSK_DHE_WITH_AES_128_CCM_8", 0xc0aa, { keyExchange: "DHE_PSK", authentication: "PSK", mode: "CCM_8" }],
  ["TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC", 0xc101, { keyExchange: "GOST", cipher: "MAGMA", mac: "GOST" }],
  ["TLS_SHA256_SHA256", 0xc0b4, { cipher: "NULL", mac: "SHA-256", oldest: "TLS 1.3" }],
  ["SSL_CK_RC4_128_EXPORT40_WITH_MD5", 0x020080, { opensslName: "EXP-RC4-MD5", cipher: "RC4", bits: 40 }],
  ["SSL_CK_DES_192_EDE3_CBC_WITH_MD5", 0x0700c0, { opensslName: "DES-CBC3-MD5", cipher: "3DES", bits: 112 }],
])("%s", (name, code, parts) => {
  expect(knownCipherSuite(code)).toMatchObject({ name, ...parts });
});

test("a version has what was registered for it", () => {
  expect(cipherSuitesOf("SSL 2.0")).toHaveLength(7);
  const of = (version: Parameters<typeof cipherSuitesOf>[0]): readonly string[] =>
    cipherSuitesOf(version).map(({ name }) => name);
  expect(of("TLS 1.3")).toContain("TLS_AES_128_CCM_8_SHA256");
  expect(of("TLS 1.3")).not.toContain("TLS_RSA_WITH_AES_128_GCM_SHA256");
  expect(of("TLS 1.2")).toContain("TLS_RSA_WITH_AES_128_GCM_SHA256");
  expect(of("TLS 1.0")).not.toContain("TLS_RSA_WITH_AES_128_GCM_SHA256");
  // RFC 5487 §3: for every version.
  expect(of("TLS 1.0")).toContain("TLS_PSK_WITH_AES_128_CBC_SHA256");
  expect(of("TLS 1.0")).toContain("TLS_RSA_EXPORT_WITH_RC4_40_MD5");
  expect(of("TLS 1.2")).toContain("TLS_RSA_EXPORT_WITH_RC4_40_MD5");
});
