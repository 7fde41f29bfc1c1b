import { defaultTls12CipherSuites, type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { defaultLegacyCipherSuites, isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { describe, expect, test } from "vitest";
import { inOpensslsOrder, readCipherList, suitesMeant } from "../src/options/cipher-list.ts";

const named = ({ name, aliases: [alias] }: Tls12CipherSuite): string => alias ?? name;
const meant = (list: string): readonly string[] =>
  suitesMeant(readCipherList(list), inOpensslsOrder(tls12CipherSuites), defaultTls12CipherSuites).map(named);

const defaults = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
];

describe("a list of ciphers", () => {
  test.each([
    "ALL",
    "DEFAULT",
    "HIGH",
    "TLSv1.2",
    "ALL:!kRSA",
    "AES:CHACHA20:@STRENGTH",
    "aRSA:aECDSA:@STRENGTH",
    "FIPS:ALL",
  ])("by the broad words %s has nothing but the defaults", (list) => {
    expect(new Set(meant(list))).toEqual(new Set(defaults));
  });

  test("keeps OpenSSL's order", () => {
    expect(meant("HIGH")).toEqual(defaults);
    expect(meant("HIGH:+AES256:+aECDSA")[0]).toBe("ECDHE-RSA-CHACHA20-POLY1305");
  });

  test.each([
    ["AES128-SHA", ["AES128-SHA"]],
    ["TLS_RSA_WITH_AES_128_CBC_SHA", ["AES128-SHA"]],
    ["HIGH:!ALL:AES128-SHA", []],
    ["kRSA+AESGCM", ["AES256-GCM-SHA384", "AES128-GCM-SHA256"]],
    ["kRSA+AES128+SHA", ["AES128-SHA"]],
    ["kRSA+CHACHA20", []],
    ["kRSA+AES128", ["AES128-GCM-SHA256"]],
    ["DHE+CHACHA20", ["DHE-RSA-CHACHA20-POLY1305"]],
    ["ECDHE+SHA1+AES128", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA"]],
    ["ECDHE+AESCCM8+AES256", ["ECDHE-ECDSA-AES256-CCM8"]],
    ["kPSK+AESGCM", ["PSK-AES256-GCM-SHA384", "PSK-AES128-GCM-SHA256"]],
    ["3DES+kRSA", ["DES-CBC3-SHA"]],
    ["3DES", ["ECDHE-ECDSA-DES-CBC3-SHA", "ECDHE-RSA-DES-CBC3-SHA"]],
  ])("%s brings what it names: %j", (list, suites) => {
    expect(meant(list)).toEqual(suites);
  });

  test("brings pre-shared keys by PSK, but not those with RSA key exchange", () => {
    const suites = meant("PSK");
    expect(suites).toContain("PSK-AES128-GCM-SHA256");
    expect(suites).toContain("DHE-PSK-AES128-GCM-SHA256");
    expect(suites.filter((name) => name.startsWith("RSA-PSK") || name.includes("CBC"))).toEqual([]);
    expect(meant("kRSAPSK+AESGCM")).toEqual(["RSA-PSK-AES256-GCM-SHA384", "RSA-PSK-AES128-GCM-SHA256"]);
  });

  test("for versions that have CBC alone means that without saying it", () => {
    const all = tls12CipherSuites.filter(isLegacyCipherSuite);
    const legacy = (list: string): readonly string[] =>
      suitesMeant(readCipherList(list), all, defaultLegacyCipherSuites).map(named);
    expect(legacy("kRSA+AES128")).toEqual(["AES128-SHA"]);
    expect(new Set(legacy("DEFAULT"))).toEqual(new Set(defaultLegacyCipherSuites.map(named)));
  });

  test("removes with -, so that it can come again, and bans with !, so that it can't", () => {
    expect(meant("HIGH:-AES128:ECDHE-RSA-AES128-GCM-SHA256").at(-1)).toBe("ECDHE-RSA-AES128-GCM-SHA256");
    expect(meant("HIGH:!AES128:ECDHE-RSA-AES128-GCM-SHA256")).not.toContain("ECDHE-RSA-AES128-GCM-SHA256");
  });

  test("has levels of security that leave less, never more", () => {
    expect(meant("ALL:kRSA:@SECLEVEL=0").length).toBe(meant("ALL:kRSA:@SECLEVEL=2").length);
    expect(meant("ALL:kRSA:@SECLEVEL=3")).toEqual(defaults);
    expect(meant("ALL@SECLEVEL=4")).toEqual(defaults.slice(0, 4));
  });

  test("is the whole of Suite B if it begins with that", () => {
    expect(meant("SUITEB128:kRSA")).toEqual(["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]);
  });

  test("has suites of TLS 1.3 by their names, those too that nobody has", () => {
    expect(readCipherList("TLS_AES_128_GCM_SHA256:HIGH:TLS_OF_TOMORROW").tls13).toEqual([
      "TLS_AES_128_GCM_SHA256",
      "TLS_OF_TOMORROW",
    ]);
  });

  test("passes over words that nobody knows, and DEFAULT where it isn't the first", () => {
    expect(meant("FOO:CAMELLIA:HIGH:!SEED:DEFAULT")).toEqual(defaults);
    expect(meant("FOO:DEFAULT")).toEqual([]);
  });

  test.each(["HIGH*", "HIGH:?", "HIGH:@FOO", "@SECLEVEL=6", "@SECLEVEL=", "!"])("refuses %j", (list) => {
    expect(() => readCipherList(list)).toThrow(expect.objectContaining({ code: "invalid_cipher_list" }));
  });
});
