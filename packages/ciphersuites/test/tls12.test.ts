import {
  availableTls12CipherSuites,
  byName,
  cipherSuites,
  defaultTls12CipherSuites,
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  ed25519,
  rsa_pkcs1_sha256,
  rsa_pss_pss_sha256,
  rsa_pss_rsae_sha256,
  tls12CipherSuites,
  tls12SignatureAlgorithm,
} from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { cipherSuiteName } from "@tlskit/ciphersuites/names";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider, nobleTls12Provider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";

/** IANA "TLS Cipher Suites", apart from the entries: so each code point has been written down twice. */
const iana: Readonly<Record<number, string>> = {
  0xc02b: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  0xc02c: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  0xcca9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  0xc0ac: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
  0xc0ad: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
  0xc0ae: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
  0xc0af: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
  0xc023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
  0xc024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
  0xc009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
  0xc00a: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
  0xc008: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
  0xc02f: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  0xc030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  0xcca8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xc027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  0xc028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  0xc013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  0xc014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  0xc012: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
  0x009e: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  0x009f: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  0xccaa: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xc09e: "TLS_DHE_RSA_WITH_AES_128_CCM",
  0xc09f: "TLS_DHE_RSA_WITH_AES_256_CCM",
  0xc0a2: "TLS_DHE_RSA_WITH_AES_128_CCM_8",
  0xc0a3: "TLS_DHE_RSA_WITH_AES_256_CCM_8",
  0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
  0x006b: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
  0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
  0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
  0x0016: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA",
  0x009c: "TLS_RSA_WITH_AES_128_GCM_SHA256",
  0x009d: "TLS_RSA_WITH_AES_256_GCM_SHA384",
  0xc09c: "TLS_RSA_WITH_AES_128_CCM",
  0xc09d: "TLS_RSA_WITH_AES_256_CCM",
  0xc0a0: "TLS_RSA_WITH_AES_128_CCM_8",
  0xc0a1: "TLS_RSA_WITH_AES_256_CCM_8",
  0x003c: "TLS_RSA_WITH_AES_128_CBC_SHA256",
  0x003d: "TLS_RSA_WITH_AES_256_CBC_SHA256",
  0x002f: "TLS_RSA_WITH_AES_128_CBC_SHA",
  0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA",
  0x000a: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  0xd001: "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
  0xd002: "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
  0xccac: "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xd005: "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
  0xd003: "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
  0xc037: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
  0xc038: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384",
  0xc035: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA",
  0xc036: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
  0xc034: "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA",
  0x00aa: "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256",
  0x00ab: "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384",
  0xccad: "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xc0a6: "TLS_DHE_PSK_WITH_AES_128_CCM",
  0xc0a7: "TLS_DHE_PSK_WITH_AES_256_CCM",
  0xc0aa: "TLS_PSK_DHE_WITH_AES_128_CCM_8",
  0xc0ab: "TLS_PSK_DHE_WITH_AES_256_CCM_8",
  0x00b2: "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256",
  0x00b3: "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384",
  0x0090: "TLS_DHE_PSK_WITH_AES_128_CBC_SHA",
  0x0091: "TLS_DHE_PSK_WITH_AES_256_CBC_SHA",
  0x008f: "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA",
  0x00ac: "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256",
  0x00ad: "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384",
  0xccae: "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0x00b6: "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256",
  0x00b7: "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384",
  0x0094: "TLS_RSA_PSK_WITH_AES_128_CBC_SHA",
  0x0095: "TLS_RSA_PSK_WITH_AES_256_CBC_SHA",
  0x0093: "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA",
  0x00a8: "TLS_PSK_WITH_AES_128_GCM_SHA256",
  0x00a9: "TLS_PSK_WITH_AES_256_GCM_SHA384",
  0xccab: "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xc0a4: "TLS_PSK_WITH_AES_128_CCM",
  0xc0a5: "TLS_PSK_WITH_AES_256_CCM",
  0xc0a8: "TLS_PSK_WITH_AES_128_CCM_8",
  0xc0a9: "TLS_PSK_WITH_AES_256_CCM_8",
  0x00ae: "TLS_PSK_WITH_AES_128_CBC_SHA256",
  0x00af: "TLS_PSK_WITH_AES_256_CBC_SHA384",
  0x008c: "TLS_PSK_WITH_AES_128_CBC_SHA",
  0x008d: "TLS_PSK_WITH_AES_256_CBC_SHA",
  0x008b: "TLS_PSK_WITH_3DES_EDE_CBC_SHA",
  0xc006: "TLS_ECDHE_ECDSA_WITH_NULL_SHA",
  0xc010: "TLS_ECDHE_RSA_WITH_NULL_SHA",
  0x003b: "TLS_RSA_WITH_NULL_SHA256",
  0x0002: "TLS_RSA_WITH_NULL_SHA",
  0xc03a: "TLS_ECDHE_PSK_WITH_NULL_SHA256",
  0xc03b: "TLS_ECDHE_PSK_WITH_NULL_SHA384",
  0xc039: "TLS_ECDHE_PSK_WITH_NULL_SHA",
  0x00b4: "TLS_DHE_PSK_WITH_NULL_SHA256",
  0x00b5: "TLS_DHE_PSK_WITH_NULL_SHA384",
  0x002d: "TLS_DHE_PSK_WITH_NULL_SHA",
  0x00b8: "TLS_RSA_PSK_WITH_NULL_SHA256",
  0x00b9: "TLS_RSA_PSK_WITH_NULL_SHA384",
  0x002e: "TLS_RSA_PSK_WITH_NULL_SHA",
  0x00b0: "TLS_PSK_WITH_NULL_SHA256",
  0x00b1: "TLS_PSK_WITH_NULL_SHA384",
  0x002c: "TLS_PSK_WITH_NULL_SHA",
  0xc018: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
  0xc019: "TLS_ECDH_anon_WITH_AES_256_CBC_SHA",
  0xc017: "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA",
  0xc015: "TLS_ECDH_anon_WITH_NULL_SHA",
  0x00a6: "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
  0x00a7: "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
  0x006c: "TLS_DH_anon_WITH_AES_128_CBC_SHA256",
  0x006d: "TLS_DH_anon_WITH_AES_256_CBC_SHA256",
  0x0034: "TLS_DH_anon_WITH_AES_128_CBC_SHA",
  0x003a: "TLS_DH_anon_WITH_AES_256_CBC_SHA",
  0x001b: "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA",
};

const all = [...tls12CipherSuites, ...dangerousCipherSuites];

describe("the registry of TLS 1.2's cipher suites", () => {
  test("has IANA's name and code point in each entry, once", () => {
    expect(Object.fromEntries(all.map(({ code, name }) => [code, name]))).toEqual(iana);
    expect(all).toHaveLength(Object.keys(iana).length);
    const names = all.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("agrees with the names that people are shown", () => {
    for (const { code, name } of all) expect([name, undefined]).toContain(cipherSuiteName(code));
  });

  test("has none of TLS 1.3's", () => {
    const codes = new Set(cipherSuites.map(({ code }) => code));
    expect(all.filter(({ code }) => codes.has(code))).toEqual([]);
  });

  test("finds a suite by OpenSSL's name", () => {
    expect(byName(tls12CipherSuites, "ECDHE-RSA-AES128-SHA256")?.name).toBe("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");
    expect(byName(tls12CipherSuites, "AES128-SHA")?.name).toBe("TLS_RSA_WITH_AES_128_CBC_SHA");
  });

  // Everything that a suite is made of stands in its name.
  test.each(all.map((suite) => [suite.name, suite] as const))("%s is what its name says", (name, suite) => {
    const [, exchange = "", what = ""] = /^TLS_(.+)_WITH_(.+)$/.exec(name) ?? [];
    const { keyExchange, certificateKey, protection } = suite;
    // Of two suites the name has its parts the other way round (RFC 6655 §3).
    const named = exchange === "PSK_DHE" ? "DHE_PSK" : exchange;
    const signed = keyExchange === "ECDHE" || keyExchange === "DHE" ? `${keyExchange}_${certificateKey}` : keyExchange;
    expect(signed).toBe(named);
    expect(certificateKey).toBe(named.includes("ECDSA") ? "ECDSA" : named.includes("RSA") ? "RSA" : undefined);
    // RFC 5246 §5, RFC 7627 §6.2#hash, RFC 5288 §3#prf, RFC 5289 §3.1#prf, §3.2#prf, RFC 7905 §2#prf: a suite's PRF is that of SHA-256 unless its name ends in another hash.
    expect(suite.hash).toBe(what.endsWith("SHA384") ? "SHA-384" : "SHA-256");
    const mac = what.endsWith("_SHA") ? "SHA-1" : what.endsWith("_SHA384") ? "SHA-384" : "SHA-256";
    if (protection.type === "AEAD") {
      const aead = what.replace(/_SHA\d+$/, "").replaceAll("_", "-");
      expect(protection.aead).toBe(aead);
      expect(protection.nonce).toBe(aead.startsWith("CHACHA20") ? "xor" : "explicit");
    } else {
      expect(protection.mac).toBe(mac);
      const cipher = protection.type === "CBC" ? protection.cipher : "NULL";
      expect(cipher).toBe(what.replace(/_SHA\d*$/, "").replaceAll("_", "-"));
    }
  });

  // RFC 9325 §4.4#limit
  test("says how much a key may protect", () => {
    const limits = tls12CipherSuites.map(({ protection }) => {
      if (protection.type === "AEAD") return [protection.aead.replace(/-(128|256)/, ""), protection.recordLimit];
      return protection.type === "CBC" ? [protection.cipher, protection.blockLimit] : [];
    });
    expect(Object.fromEntries(limits)).toEqual({
      "AES-GCM": 23_726_566,
      "AES-CCM": 2 ** 23,
      "AES-CCM-8": 2 ** 23,
      "CHACHA20-POLY1305": Number.MAX_SAFE_INTEGER,
      "AES-128-CBC": 2 ** 34,
      "AES-256-CBC": 2 ** 34,
      "3DES-EDE-CBC": 2 ** 20,
    });
  });
});

describe("what is offered by default", () => {
  // RFC 9325 §4.1#forward-secrecy
  test("has forward secrecy and an AEAD (RFC 9325 §4.2#suites)", () => {
    expect(defaultTls12CipherSuites).toHaveLength(6);
    for (const { keyExchange, protection } of defaultTls12CipherSuites) {
      expect([keyExchange, protection.type]).toEqual(["ECDHE", "AEAD"]);
    }
  });

  test("is what a provider has, in its order, and with ECDSA before RSA", () => {
    const names = availableTls12CipherSuites(nobleProvider, defaultTls12CipherSuites).map(({ name }) => name);
    expect(names).toEqual([
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ]);
  });

  test("needs the provider's hash", () => {
    const poor = { ...nobleProvider, hashes: nobleProvider.hashes.filter(({ name }) => name !== "SHA-384") };
    expect(availableTls12CipherSuites(poor, defaultTls12CipherSuites)).toHaveLength(4);
  });

  test("with CBC needs the provider's block cipher, and its hash", () => {
    const available = (provider: CryptoProvider): readonly string[] =>
      availableTls12CipherSuites(provider, tls12CipherSuites).flatMap(({ protection }) =>
        protection.type === "CBC" ? [`${protection.cipher} ${protection.mac}`] : [],
      );
    expect(available(nobleProvider)).toEqual([]);
    expect(new Set(available(nobleTls12Provider))).toEqual(
      new Set([
        "AES-128-CBC SHA-256",
        "AES-256-CBC SHA-256",
        "AES-256-CBC SHA-384",
        "AES-128-CBC SHA-1",
        "AES-256-CBC SHA-1",
      ]),
    );
  });
});

// RFC 9846 §4.3.3#tls12-meaning, §4.3.3#tls12-curves, §4.3.3#tls12-pss, RFC 8422 §5.9#eddsa
describe("a signature scheme in TLS 1.2", () => {
  test("of ECDSA names a hash, and goes with every curve", () => {
    expect(tls12SignatureAlgorithm(ecdsa_secp256r1_sha256, "P-256")).toBe("ECDSA/P-256/SHA-256");
    expect(tls12SignatureAlgorithm(ecdsa_secp256r1_sha256, "P-384")).toBe("ECDSA/P-384/SHA-256");
    expect(tls12SignatureAlgorithm(ecdsa_secp384r1_sha384, "P-521")).toBe("ECDSA/P-521/SHA-384");
    expect(tls12SignatureAlgorithm(ecdsa_secp256r1_sha256, "Ed25519")).toBeUndefined();
    expect(tls12SignatureAlgorithm(ecdsa_secp256r1_sha256, "rsaEncryption")).toBeUndefined();
  });

  test("of RSA and EdDSA is what it is in TLS 1.3, with PKCS#1 v1.5 too", () => {
    expect(tls12SignatureAlgorithm(rsa_pkcs1_sha256, "rsaEncryption")).toBe("RSA-PKCS1/SHA-256");
    expect(tls12SignatureAlgorithm(rsa_pss_rsae_sha256, "rsaEncryption")).toBe("RSA-PSS/SHA-256");
    expect(tls12SignatureAlgorithm(rsa_pss_rsae_sha256, "id-RSASSA-PSS")).toBeUndefined();
    expect(tls12SignatureAlgorithm(rsa_pss_pss_sha256, "id-RSASSA-PSS")).toBe("RSA-PSS/SHA-256");
    expect(tls12SignatureAlgorithm(ed25519, "Ed25519")).toBe("Ed25519");
    expect(tls12SignatureAlgorithm(ed25519, "P-256")).toBeUndefined();
  });
});
