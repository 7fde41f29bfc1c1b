import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import { describe, expect, it } from "vitest";
import type { LeafKey } from "../src/certificates.ts";
import { certifiedSuites, schemesOf, type Tls12Combination, tls12Combinations } from "../src/tls12-matrix.ts";

const isTripleDes = ({ name }: Tls12CipherSuite): boolean => name.includes("3DES");
const withRsa: readonly LeafKey[] = ["RSA", "RSA-PSS"];
const withEcdsa: readonly LeafKey[] = ["P-256", "P-384", "P-521", "Ed25519", "Ed448"];

function different(rows: readonly Tls12Combination[], what: (row: Tls12Combination) => unknown): readonly unknown[] {
  return [...new Set(rows.map(what))];
}

describe.each([
  ["client", "that has everything", () => true],
  ["server", "that has everything", () => true],
  ["client", "without triple DES", (suite: Tls12CipherSuite) => !isTripleDes(suite)],
  ["server", "without triple DES", (suite: Tls12CipherSuite) => !isTripleDes(suite)],
] as const)("combinations of TLS 1.2 for our %s, and a peer %s", (role, _, peerHas) => {
  const rows = tls12Combinations(role, peerHas);
  const suites = certifiedSuites.filter(peerHas);
  const rowsOf = (suite: Tls12CipherSuite) => rows.filter(({ cipherSuite }) => cipherSuite === suite);

  it("have every suite with every kind of key that goes with it", () => {
    for (const suite of suites) {
      const keys = suite.keyExchange === "RSA" ? ["RSA"] : suite.certificateKey === "RSA" ? withRsa : withEcdsa;
      expect(different(rowsOf(suite), ({ leafKey }) => leafKey).toSorted()).toEqual(keys.toSorted());
    }
  });

  it("have every block cipher with encrypt-then-MAC and without", () => {
    for (const suite of suites.filter(({ protection }) => protection.type === "CBC")) {
      expect(different(rowsOf(suite), ({ encryptThenMac }) => encryptThenMac)).toHaveLength(2);
    }
  });

  it("have every scheme of every kind of key", () => {
    for (const key of [...withRsa, ...withEcdsa]) {
      const signed = rows.filter(({ leafKey, cipherSuite }) => leafKey === key && cipherSuite.keyExchange !== "RSA");
      expect(different(signed, ({ signatureScheme }) => signatureScheme)).toHaveLength(schemesOf(key).length);
    }
  });

  it.each([
    ["ECDHE", 5],
    ["DHE", 5],
    ["RSA", 1],
  ])("have with %s every group, and an extended main secret and none", (exchange, groups) => {
    const ofExchange = rows.filter(({ cipherSuite }) => cipherSuite.keyExchange === exchange);
    expect(different(ofExchange, ({ namedGroup }) => namedGroup?.name)).toHaveLength(groups);
    expect(different(ofExchange, ({ extendedMainSecret }) => extendedMainSecret)).toHaveLength(2);
  });

  it("have every kind of protection by every provider that has it", () => {
    const protections = ["AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305", "AES-128-CBC", "AES-256-CBC"];
    const by = (provider: string) =>
      different(
        rows.filter((row) => row.provider.name === provider),
        ({ cipherSuite: { protection } }) =>
          protection.type === "AEAD" ? protection.aead : protection.type === "CBC" ? protection.cipher : "NULL",
      );
    expect(by("noble")).toEqual(expect.arrayContaining(protections));
    const ccm = ["AES-128-CCM", "AES-256-CCM", "AES-128-CCM-8", "AES-256-CCM-8"];
    for (const native of ["node:crypto", "openssl"]) {
      expect(by(native)).toEqual(expect.arrayContaining([...protections, ...ccm]));
    }
  });
});
