import { describe, expect, it } from "vitest";
import type { CertificateFact, FoundFacts } from "../../src/facts.ts";
import { currentSuites } from "../../src/findings/remedies.ts";
import { judge } from "../../src/findings.ts";
import { judgePolicy } from "../../src/policies/judge-policy.ts";
import { policies } from "../../src/policies/policy-file.ts";
import { cipherSuitesOf, knownCipherSuite } from "../../src/registry/cipher-suite.ts";
import type { PolicyViolation } from "../../src/report.ts";
import type { Version } from "../../src/version.ts";
import { found, nothingWrong } from "../facts.ts";

const about = { target: { host: "example.com", port: 443 }, now: Date.UTC(2026, 0, 1) };

function violations(policy: keyof typeof policies, changed: Partial<FoundFacts> = {}): readonly PolicyViolation[] {
  const facts = { ...nothingWrong, ...changed };
  const { met, violations } = judgePolicy(policies[policy], { facts, findings: judge(facts, about).findings }, about);
  expect(met).toBe(violations.length === 0);
  return violations;
}

const rules = (seen: readonly PolicyViolation[]): readonly string[] => seen.map(({ rule }) => rule);

function speaking(...spoken: Version[]): Partial<FoundFacts> {
  return { versions: found(spoken.map((version) => ({ version, spoken: true }))) };
}

function taking(...names: string[]): Partial<FoundFacts> {
  const accepted = names.map((name) => ({
    code: cipherSuitesOf("TLS 1.2").find((one) => one.name === name)?.code ?? 0,
    name,
  }));
  return { cipherSuites: found([{ version: "TLS 1.2", accepted, order: "server" }]) };
}

function showing(more: Partial<CertificateFact>): Partial<FoundFacts> {
  const { certificates } = nothingWrong;
  if (certificates.state !== "found") return {};
  return { certificates: found(certificates.value.map((certificate) => ({ ...certificate, ...more }))) };
}

describe("Mozilla's modern", () => {
  const tls13 = nothingWrong.cipherSuites.state === "found" ? nothingWrong.cipherSuites.value.slice(0, 1) : [];
  const modern = { ...speaking("TLS 1.3"), cipherSuites: found(tls13) };

  it("is met by TLS 1.3 alone, and by no TLS 1.2 beside it", () => {
    expect(violations("modern", modern)).toEqual([]);
    expect(rules(violations("modern"))).toEqual(["versions.allowed", "cipherSuites.allowed"]);
  });

  it("wants certificates for ECDSA that live for 90 days at most", () => {
    const rsa = showing({ keyType: "RSA", keyBits: 4096, curve: undefined, signatureAlgorithm: "RSA with SHA-256" });
    expect(rules(violations("modern", { ...modern, ...rsa }))).toEqual([
      "certificates.keyTypes",
      "certificates.signatureAlgorithms",
    ]);
    const longer = showing({ notAfter: Date.UTC(2026, 2, 1) });
    expect(violations("modern", { ...modern, ...longer })).toEqual([
      {
        rule: "certificates.maxLifetimeDays",
        wanted: "90 days or fewer",
        seen: "EC, CN=example.com: 91 days",
      },
    ]);
  });
});

describe("Mozilla's intermediate", () => {
  it("is met by TLS 1.2 and 1.3 with the suites that findings' remedies name", () => {
    expect(violations("intermediate")).toEqual([]);
    expect(violations("intermediate", taking(...currentSuites.map(({ iana }) => iana)))).toEqual([]);
  });

  it("takes no older version, and no suite without forward secrecy or authenticated encryption", () => {
    expect(violations("intermediate", speaking("TLS 1.3", "TLS 1.0"))).toEqual([
      { rule: "versions.allowed", wanted: "no version but TLS 1.3, TLS 1.2", seen: "TLS 1.0 is spoken" },
    ]);
    for (const suite of ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]) {
      expect(violations("intermediate", taking(suite))).toEqual([
        { rule: "cipherSuites.allowed", wanted: "none but the suites that are allowed", seen: `TLS 1.2: ${suite}` },
      ]);
    }
  });

  it("wants RSA of 2048 bits, and HSTS for two years", () => {
    const rsa = { keyType: "RSA", curve: undefined, signatureAlgorithm: "RSA with SHA-256" } as const;
    expect(violations("intermediate", showing({ ...rsa, keyBits: 2048 }))).toEqual([]);
    expect(rules(violations("intermediate", showing({ ...rsa, keyBits: 2047 })))).toEqual(["certificates.minRsaBits"]);
    const http = found({ status: 200, cookiesWithoutSecure: [] });
    expect(violations("intermediate", { http })).toEqual([
      { rule: "http.minHstsSeconds", wanted: "HSTS for 63072000 seconds or more", seen: "no HSTS" },
    ]);
  });

  it("asks nothing about HTTP of a server that doesn't speak it", () => {
    const http = { state: "skipped", why: "inapplicable", reason: "it isn't HTTP" } as const;
    expect(violations("intermediate", { http })).toEqual([]);
  });

  it("isn't met by a certificate that nobody trusts, or that is for another name", () => {
    const verdict = { trusted: false, publicRoot: false, nameMatches: true, oddities: [] };
    const expired = { ...verdict, problems: [{ code: "expired", reason: "it ended yesterday" }] };
    expect(violations("intermediate", showing({ verdict: expired }))).toEqual([
      {
        rule: "certificates.trusted",
        wanted: "a trusted certificate for this name",
        seen: "EC, CN=example.com: it ended yesterday",
      },
    ]);
    const foreign = { ...verdict, trusted: true, nameMatches: false, problems: [] };
    expect(rules(violations("intermediate", showing({ verdict: foreign })))).toEqual(["certificates.trusted"]);
    const [first] = violations("intermediate", { certificates: found([]) });
    expect(first).toMatchObject({ rule: "certificates.trusted", seen: "no certificate was shown" });
  });

  it("wants a staple where the certificate names a responder", () => {
    const ocspUrls = ["http://ocsp.example/"];
    expect(rules(violations("intermediate", showing({ ocspUrls })))).toEqual(["certificates.stapled"]);
    const staple = { state: "good", thisUpdate: about.now } as const;
    expect(violations("intermediate", showing({ ocspUrls, staple }))).toEqual([]);
  });

  it("isn't met by what wasn't found out", () => {
    const failed = { state: "failed", code: "closed", reason: "the server hung up" } as const;
    expect(violations("intermediate", { groups: failed })).toEqual([
      {
        rule: "groups.allowed",
        wanted: "No group is taken but these, in any version.",
        seen: "not found out, groups: the server hung up",
      },
    ]);
    const leftOut = { state: "skipped", why: "left out", reason: "it wasn't asked for" } as const;
    expect(rules(violations("intermediate", { groups: leftOut }))).toEqual(["groups.allowed"]);
  });
});

describe("Mozilla's old", () => {
  const rsa = showing({ keyType: "RSA", keyBits: 2048, curve: undefined, signatureAlgorithm: "RSA with SHA-256" });

  it("is met with TLS 1.0 and 3DES, and not with SSL 3.0 or RC4", () => {
    const server = { ...rsa, ...speaking("TLS 1.2", "TLS 1.0"), ...taking("TLS_RSA_WITH_3DES_EDE_CBC_SHA") };
    expect(violations("old", server)).toEqual([]);
    expect(rules(violations("old", { ...server, ...speaking("TLS 1.2", "SSL 3.0") }))).toEqual(["versions.allowed"]);
    expect(rules(violations("old", { ...server, ...taking("TLS_RSA_WITH_RC4_128_SHA") }))).toEqual([
      "cipherSuites.allowed",
    ]);
  });

  it("wants the server's order", () => {
    expect(rules(violations("old", rsa))).toEqual(["cipherSuites.order", "cipherSuites.order"]);
  });
});

describe("what the policies name", () => {
  it("is known, and each once", () => {
    for (const policy of Object.values(policies)) {
      const suites = policy.cipherSuites?.allowed ?? [];
      expect(new Set(suites).size).toBe(suites.length);
      const known = [...cipherSuitesOf("TLS 1.3"), ...cipherSuitesOf("TLS 1.2"), ...cipherSuitesOf("TLS 1.0")];
      for (const name of suites)
        expect(
          known.some((suite) => suite.name === name),
          name,
        ).toBe(true);
    }
  });

  it("agrees with the remedies' names of OpenSSL", () => {
    for (const { iana, openssl } of currentSuites) {
      const suite = cipherSuitesOf("TLS 1.2").find(({ name }) => name === iana);
      expect(knownCipherSuite(suite?.code ?? 0)?.opensslName).toBe(openssl);
      expect(policies.intermediate.cipherSuites?.allowed).toContain(iana);
    }
  });
});
