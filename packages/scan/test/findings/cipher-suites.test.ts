import { describe, expect, it } from "vitest";
import type { CipherSuitesFact, FoundFacts } from "../../src/facts.ts";
import { cipherSuiteFindings } from "../../src/findings/cipher-suites.ts";
import { cipherSuitesOf, knownCipherSuite } from "../../src/registry/cipher-suite.ts";
import type { Version } from "../../src/version.ts";
import { found } from "../facts.ts";
import { seen } from "./rows.ts";

/** A server that takes these suites, by their names. */
function taking(version: Version, order: CipherSuitesFact["order"], ...names: string[]): Partial<FoundFacts> {
  const accepted = names.map((name) => {
    const suite = cipherSuitesOf(version).find((known) => known.name === name);
    expect(suite, name).toBeDefined();
    return { code: suite?.code ?? 0, name };
  });
  return { cipherSuites: found([{ version, accepted, order }]) };
}

const good = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

/** Each row: which suite has it, and in which version. One that is good and one that is nearly so haven't. */
const rows: readonly (readonly [id: string, version: Version, suite: string, nearly: string])[] = [
  ["null-cipher-suites", "TLS 1.2", "TLS_ECDHE_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_RC4_128_MD5"],
  ["anonymous-cipher-suites", "TLS 1.2", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", "TLS_DH_RSA_WITH_AES_128_GCM_SHA256"],
  ["export-cipher-suites", "TLS 1.0", "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_DES_CBC_SHA"],
  ["short-key-cipher-suites", "TLS 1.0", "TLS_RSA_WITH_DES_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"],
  ["rc4-cipher-suites", "TLS 1.2", "TLS_ECDHE_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"],
  ["ssl3.0-cbc", "SSL 3.0", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"],
  ["tls1.0-cbc", "TLS 1.0", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"],
  ["64-bit-block-cipher-suites", "TLS 1.2", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"],
  ["no-aead-cipher-suites", "TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"],
  ["static-rsa-cipher-suites", "TLS 1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"],
  ["static-dh-cipher-suites", "TLS 1.2", "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"],
  ["dhe-cipher-suites", "TLS 1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DH_anon_WITH_AES_128_GCM_SHA256"],
  ["cbc-cipher-suites", "TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_RC4_128_SHA"],
  ["short-tag-cipher-suites", "TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"],
  ["short-tag-cipher-suites", "TLS 1.3", "TLS_AES_128_CCM_8_SHA256", "TLS_AES_128_CCM_SHA256"],
];

describe("findings about cipher suites", () => {
  it.each(rows)("%s in %s, with %s and not with %s", (id, version, suite, nearly) => {
    expect(seen(id, taking(version, "client", suite))).toEqual([expect.stringContaining(`${version}: `)]);
    expect(seen(id, taking(version, "client", nearly))).toEqual([]);
    expect(seen(id, taking("TLS 1.2", "client", good))).toEqual([]);
  });

  it("names the suites that are meant, and no others", () => {
    expect(seen("rc4-cipher-suites", taking("TLS 1.2", "server", good, "TLS_RSA_WITH_RC4_128_SHA"))).toEqual([
      "TLS 1.2: TLS_RSA_WITH_RC4_128_SHA.",
    ]);
  });

  it("finds no POODLE in another version than SSL 3.0, and no BEAST in another than TLS 1.0", () => {
    for (const version of ["TLS 1.1", "TLS 1.2"] as const) {
      const cbc = taking(version, "server", "TLS_RSA_WITH_AES_128_CBC_SHA");
      expect(seen("ssl3.0-cbc", cbc)).toEqual([]);
      expect(seen("tls1.0-cbc", cbc)).toEqual([]);
    }
  });

  it("no-forward-secrecy", () => {
    const id = "no-forward-secrecy";
    expect(seen(id, taking("TLS 1.2", "server", "TLS_RSA_WITH_AES_128_GCM_SHA256"))).toEqual([
      "TLS 1.2: none of the suites that are taken has it.",
    ]);
    expect(seen(id, taking("TLS 1.2", "server", "TLS_RSA_WITH_AES_128_GCM_SHA256", good))).toEqual([]);
    expect(seen(id, taking("TLS 1.2", "server"))).toEqual([]);
  });

  it("weak-suites-preferred", () => {
    const id = "weak-suites-preferred";
    const weak = "TLS_RSA_WITH_AES_128_GCM_SHA256";
    expect(seen(id, taking("TLS 1.2", "server", weak, good))).toEqual([`TLS 1.2: ${weak} is chosen before ${good}.`]);
    expect(seen(id, taking("TLS 1.2", "server", good, weak))).toEqual([]);
    expect(seen(id, taking("TLS 1.2", "client", weak, good))).toEqual([]);
    expect(seen(id, taking("TLS 1.2", "only one", weak))).toEqual([]);
  });

  it("clients-order-of-weak-suites", () => {
    const id = "clients-order-of-weak-suites";
    const weak = "TLS_RSA_WITH_AES_128_GCM_SHA256";
    expect(seen(id, taking("TLS 1.2", "client", good, weak))).toEqual([`TLS 1.2: ${weak}.`]);
    expect(seen(id, taking("TLS 1.2", "server", good, weak))).toEqual([]);
    expect(seen(id, taking("TLS 1.2", "client", good, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"))).toEqual([]);
  });

  it("says nothing of a suite that nobody knows", () => {
    const unknown = { code: 0xfafb, name: "cipher suite 0xfafb" };
    expect(knownCipherSuite(unknown.code)).toBeUndefined();
    const facts = {
      cipherSuites: found([{ version: "TLS 1.2" as const, accepted: [unknown], order: "only one" as const }]),
    };
    for (const { id } of cipherSuiteFindings) expect(seen(id, facts), id).toEqual([]);
  });
});

it("names suites once that several versions have in common", () => {
  const suite = { code: 0x00_2f, name: "TLS_RSA_WITH_AES_128_CBC_SHA" };
  const versions = ["TLS 1.2", "TLS 1.1", "TLS 1.0"] as const;
  const cipherSuites = found(versions.map((version) => ({ version, accepted: [suite], order: "only one" as const })));
  expect(seen("cbc-cipher-suites", { cipherSuites })).toEqual([
    "TLS 1.2, TLS 1.1, TLS 1.0: TLS_RSA_WITH_AES_128_CBC_SHA.",
  ]);
});
