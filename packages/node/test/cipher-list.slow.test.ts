import { spawnSync } from "node:child_process";
import { tls12CipherSuites } from "@tlskit/ciphersuites";
import { expect, test } from "vitest";
import { inOpensslsOrder, readCipherList, suitesMeant } from "../src/options/cipher-list.ts";

/** A list's suites by OpenSSL's own program, in their order; none if it says that there are none. */
function byOpenssl(...given: readonly string[]): readonly string[] {
  const { stdout } = spawnSync("openssl", ["ciphers", ...given], { encoding: "latin1" });
  return stdout.trim().split(":");
}

const aliases = new Set(tls12CipherSuites.flatMap((suite) => suite.aliases));
const built = new Set(byOpenssl("ALL"));
/**
 * What both have: OpenSSL has Camellia, ARIA, DSS, SRP and suites without authentication besides, and mostly no triple DES. How
 * strong CCM with 8 bytes is, is for its version to say.
 */
const inBoth = (name: string): boolean => aliases.has(name) && built.has(name) && !name.endsWith("CCM8");

const all = inOpensslsOrder(tls12CipherSuites);
const byUs = (list: string): readonly string[] =>
  suitesMeant(readCipherList(list), all, all)
    .flatMap((suite) => suite.aliases)
    .filter(inBoth);

test.skipIf(built.size < 2)("a list of ciphers is read as OpenSSL reads it, to the order", () => {
  for (const list of lists) expect(byUs(list), list).toEqual(byOpenssl(list).filter(inBoth));
});

test.skipIf(built.size < 2)("levels of security leave what they leave at OpenSSL", () => {
  for (const level of [2, 3, 4, 5]) {
    const list = `ALL:@SECLEVEL=${level}`;
    expect(byUs(list), list).toEqual(byOpenssl("-s", "-psk", list).filter(inBoth));
  }
});

/** Every word that is about a suite that both have, and what can be done with words. */
const lists: readonly string[] = [
  ..."ALL HIGH MEDIUM LOW FIPS DEFAULT COMPLEMENTOFALL COMPLEMENTOFDEFAULT".split(" "),
  ..."kRSA RSA aRSA kECDHE kEECDH ECDHE EECDH kDHE kEDH DHE EDH aECDSA ECDSA".split(" "),
  ..."PSK aPSK kPSK kRSAPSK kDHEPSK kECDHEPSK".split(" "),
  ..."AES AES128 AES256 AESGCM AESCCM AESCCM8 CHACHA20 3DES CBC SHA SHA1 SHA256 SHA384".split(" "),
  ..."TLSv1.2 TLSv1.0 TLSv1 SSLv3 SUITEB128 SUITEB128ONLY SUITEB192 SUITEB128C2".split(" "),
  ..."eNULL aNULL EXPORT CAMELLIA ARIA SRP high ecdhe ECDHE+FOO FOO -ALL +ALL !ALL".split(" "),
  "ALL:@STRENGTH",
  "ECDHE+AESGCM",
  "ECDHE+AESGCM:+AES128",
  "ECDHE+AESGCM:DHE+CHACHA20:kRSA+AES128+SHA",
  "HIGH:!kRSA:-AES128:AES128",
  "HIGH:-SHA:ALL",
  "HIGH!PSK",
  "HIGH@STRENGTH",
  "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256",
  "DEFAULT:AES128-CCM",
  "DEFAULT:!DEFAULT",
  "DEFAULT@SECLEVEL=0",
  "HIGH:DEFAULT",
  "FOO:DEFAULT",
  "FOO:HIGH",
  "ALL:!AESGCM:@STRENGTH",
  "ALL:+kRSA:+aRSA",
  "ALL:AES+kRSA",
  "ALL:-kRSA:kRSA+AES256",
  "TLSv1.2+AES256:!CBC",
  "kEECDH+ECDSA+AES128",
  "EECDH+AESGCM:EDH+AESGCM",
  "HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA",
  "ECDHE-ECDSA-AES128-GCM-SHA256,ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES128-SHA256;AES128-SHA",
  "ALL:!AES128:!SHA:+AESGCM:-CHACHA20:CHACHA20:@STRENGTH:+PSK",
];
