import { describe, expect, it } from "vitest";
import type { FoundFacts } from "../../src/facts.ts";
import { findingRules, judge } from "../../src/findings.ts";
import { judgePolicy } from "../../src/policies/judge-policy.ts";
import { maxPolicyLength, policies, readPolicy } from "../../src/policies/policy-file.ts";
import { policyRules } from "../../src/policies/rules.ts";
import type { PolicyVerdict } from "../../src/report.ts";
import { found, nothingWrong } from "../facts.ts";

const about = { target: { host: "example.com", port: 443 }, now: Date.UTC(2026, 0, 1) };

const read = (file: unknown): ReturnType<typeof readPolicy> => readPolicy(JSON.stringify(file), "our.json");

function verdict(file: unknown, changed: Partial<FoundFacts> = {}): PolicyVerdict {
  const facts = { ...nothingWrong, ...changed };
  return judgePolicy(read(file), { facts, findings: judge(facts, about).findings }, about);
}

/** What a policy with one member says of a server: what was seen of each violation. */
const seen = (section: string, member: string, value: unknown, changed: Partial<FoundFacts> = {}): readonly string[] =>
  verdict({ [section]: { [member]: value } }, changed).violations.map((violation) => {
    expect(violation.rule).toBe(`${section}.${member}`);
    return violation.seen;
  });

const oldVersions = { versions: found([{ version: "TLS 1.0" as const, spoken: true }]) };
const failed = { state: "failed", code: "closed", reason: "the server hung up" } as const;

/** For each member a value that the server with nothing wrong meets, one that it doesn't, and what is seen then. */
const members: readonly (readonly [name: string, met: unknown, unmet: unknown, seen: readonly string[]])[] = [
  ["versions.allowed", ["TLS 1.2", "TLS 1.3"], ["TLS 1.3"], ["TLS 1.2 is spoken"]],
  ["versions.required", ["TLS 1.3"], ["TLS 1.3", "TLS 1.1"], ["TLS 1.1 isn't spoken"]],
  [
    "cipherSuites.forbidden",
    ["TLS_RSA_WITH_RC4_128_SHA"],
    ["TLS_AES_128_GCM_SHA256"],
    ["TLS 1.3: TLS_AES_128_GCM_SHA256"],
  ],
  [
    "groups.allowed",
    ["X25519MLKEM768", "x25519", "secp256r1"],
    ["X25519MLKEM768", "x25519"],
    ["TLS 1.3: secp256r1", "TLS 1.2: secp256r1"],
  ],
  ["groups.forbidden", ["secp224r1"], ["X25519MLKEM768"], ["TLS 1.3: X25519MLKEM768"]],
  ["groups.required", ["X25519MLKEM768"], ["x448"], ["x448 isn't taken"]],
  [
    "signatureSchemes.allowed",
    ["ecdsa_secp256r1_sha256"],
    ["ed25519"],
    ["TLS 1.3: ecdsa_secp256r1_sha256", "TLS 1.2: ecdsa_secp256r1_sha256"],
  ],
  [
    "signatureSchemes.forbidden",
    ["rsa_pkcs1_sha1"],
    ["ecdsa_secp256r1_sha256"],
    ["TLS 1.3: ecdsa_secp256r1_sha256", "TLS 1.2: ecdsa_secp256r1_sha256"],
  ],
  ["certificates.keyTypes", ["EC"], ["RSA"], ["EC, CN=example.com: EC"]],
  ["certificates.curves", ["P-256"], ["P-384"], ["EC, CN=example.com: P-256"]],
  ["certificates.signatureAlgorithms", ["ECDSA with SHA-256"], ["Ed25519"], ["EC, CN=example.com: ECDSA with SHA-256"]],
  ["certificates.maxLifetimeDays", 90, 89, ["EC, CN=example.com: 90 days"]],
  ["certificates.minDaysLeft", 58, 60, ["EC, CN=example.com: 58 days"]],
  ["http.minHstsSeconds", 63072000, 63072001, ["63072000 seconds"]],
];

describe("the members of a policy", () => {
  it.each(members)("%s", (name, met, unmet, expected) => {
    const [section = "", member = ""] = name.split(".");
    expect(seen(section, member, met)).toEqual([]);
    expect(seen(section, member, unmet)).toEqual(expected);
  });

  it("cipherSuites.allowed", () => {
    const tls13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
    expect(seen("cipherSuites", "allowed", [...tls13, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"])).toEqual([
      "TLS 1.2: TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ]);
  });

  it("cipherSuites.order", () => {
    expect(seen("cipherSuites", "order", "server")).toEqual(["TLS 1.3: the client's", "TLS 1.2: the client's"]);
  });

  it("diffieHellman.minBits", () => {
    const prime = { bits: 2048, prime: new Uint8Array(1), generator: new Uint8Array(1) };
    const diffieHellman = found({ primes: [prime], publicValueReused: false });
    expect(seen("diffieHellman", "minBits", 3072, { diffieHellman })).toEqual(["a prime of 2048 bits"]);
    expect(seen("diffieHellman", "minBits", 2048, { diffieHellman })).toEqual([]);
    expect(seen("diffieHellman", "minBits", 2048)).toEqual([]);
  });

  it("http.minHstsSeconds, where HSTS doesn't count", () => {
    const hsts = {
      header: "max-age",
      maxAgeSeconds: 0,
      includeSubDomains: false,
      preload: false,
      problem: "no number",
    };
    const http = found({ status: 200, hsts, cookiesWithoutSecure: [] });
    expect(seen("http", "minHstsSeconds", 0, { http })).toEqual(["HSTS that doesn't count: no number"]);
  });

  it("http.minHstsSeconds, of HSTS that comes twice, and of an address, for which there is none", () => {
    const hsts = {
      header: "max-age=300",
      maxAgeSeconds: 300,
      includeSubDomains: false,
      preload: false,
      repeated: true,
    };
    const http = found({ status: 200, hsts, cookiesWithoutSecure: [] });
    expect(seen("http", "minHstsSeconds", 300, { http })).toEqual([]);
    const facts = { ...nothingWrong, http: found({ status: 200, cookiesWithoutSecure: [] }) };
    const ofAddress = { ...about, target: { host: "192.0.2.1", port: 443 } };
    const policy = read({ http: { minHstsSeconds: 300 } });
    expect(judgePolicy(policy, { facts, findings: [] }, ofAddress).met).toBe(true);
    expect(judgePolicy(policy, { facts, findings: [] }, about).met).toBe(false);
  });

  it("certificates are those that the name is shown, or without a name those without one", () => {
    const [named] = nothingWrong.certificates.state === "found" ? nothingWrong.certificates.value : [];
    if (named === undefined) throw new Error("no certificate");
    const rsa = { ...named, shownTo: "no name", keyType: "RSA", keyBits: 2048 } as const;
    expect(seen("certificates", "keyTypes", ["EC"], { certificates: found([named, rsa]) })).toEqual([]);
    expect(seen("certificates", "keyTypes", ["EC"], { certificates: found([rsa]) })).toHaveLength(1);
  });
});

describe("what is asked of certificates", () => {
  const wanted: Readonly<Record<string, unknown>> = {
    trusted: true,
    keyTypes: ["EC", "other"],
    curves: ["P-256"],
    minRsaBits: 2048,
    signatureAlgorithms: ["ECDSA with SHA-256"],
    maxLifetimeDays: 90,
    minDaysLeft: 0,
    stapled: true,
  };

  it("isn't met by a server that shows none", () => {
    for (const [member, value] of Object.entries(wanted)) {
      const certificates = found([]);
      expect(seen("certificates", member, value, { certificates }), member).toEqual(["no certificate was shown"]);
    }
  });

  it("isn't met by one that can't be read", () => {
    const [named] = nothingWrong.certificates.state === "found" ? nothingWrong.certificates.value : [];
    if (named === undefined) throw new Error("no certificate");
    const problems = [{ code: "unreadable", reason: "it ends too early" }];
    const verdict = { trusted: false, publicRoot: false, nameMatches: false, problems, oddities: [] };
    const certificates = found([
      { ...named, keyType: "other", keyBits: 0, notBefore: 0, notAfter: 0, verdict } as const,
    ]);
    for (const [member, value] of Object.entries(wanted)) {
      const violations = seen("certificates", member, value, { certificates });
      expect(violations, member).toEqual(["a certificate that can't be read"]);
    }
    expect(seen("findings", "forbidden", ["certificate-expired"], { certificates })).toEqual([
      "not found out, certificates: one can't be read",
    ]);
  });
});

describe("findings in a policy", () => {
  it("are none worse than the worst that is taken", () => {
    expect(seen("findings", "worst", "medium", oldVersions)).toEqual([
      "only-deprecated-versions (high): Spoken: TLS 1.0.",
    ]);
    expect(seen("findings", "worst", "high", oldVersions)).toEqual([]);
    expect(seen("findings", "worst", "none", oldVersions).length).toBeGreaterThan(2);
    expect(seen("findings", "worst", "none")).toEqual([]);
  });

  it("may be allowed, or have another severity", () => {
    const { violations } = verdict(
      {
        findings: {
          worst: "low",
          allowed: ["only-deprecated-versions"],
          severities: { "tls1.0-spoken": "info", "tls1.3-not-spoken": "high" },
        },
      },
      oldVersions,
    );
    expect(violations.map(({ seen }) => seen)).toEqual([
      "tls1.3-not-spoken (high): The newest version that was negotiated is TLS 1.0.",
    ]);
  });

  it("may be forbidden whatever their severity", () => {
    const quantum = {
      groups: found([
        {
          version: "TLS 1.3" as const,
          accepted: [{ code: 0x1d, name: "x25519" }],
          order: "only one" as const,
          reusedShares: [],
        },
      ]),
    };
    expect(seen("findings", "forbidden", ["no-post-quantum-group"], quantum)).toEqual(["TLS 1.3: x25519."]);
    expect(seen("findings", "forbidden", ["no-post-quantum-group"])).toEqual([]);
  });

  it("that couldn't be judged count as found", () => {
    const changed = { flaws: failed };
    expect(seen("findings", "worst", "medium", changed)).toContain(
      "robot couldn't be judged: flaws: the server hung up",
    );
    expect(seen("findings", "forbidden", ["robot"], changed)).toEqual(["not found out, flaws: the server hung up"]);
    const heartbleedAllowed = verdict({ findings: { worst: "high", allowed: ["heartbleed"] } }, changed);
    expect(heartbleedAllowed.met).toBe(true);
  });

  it("that rest on a check that was left out count as found", () => {
    const http = { state: "skipped", why: "left out", reason: "it wasn't asked for" } as const;
    expect(seen("findings", "worst", "low", { http })).toContain(
      "no-hsts couldn't be judged: http: it wasn't asked for",
    );
    expect(seen("findings", "forbidden", ["no-hsts"], { http })).toEqual(["left out, http: it wasn't asked for"]);
  });

  it("that were looked for in vain count as found", () => {
    const flaws = found({ flaws: [{ id: "robot", state: "unclear", how: "there was no handshake" } as const] });
    expect(seen("findings", "worst", "medium", { flaws })).toEqual([
      "robot couldn't be judged: flaws: there was no handshake",
    ]);
    expect(seen("findings", "forbidden", ["robot"], { flaws })).toEqual([
      "not found out, flaws: there was no handshake",
    ]);
  });

  it("of early data that is taken, and that nobody sent twice, count where they are forbidden by name", () => {
    const earlyData = found({ maxSize: 16384, accepted: true });
    expect(seen("findings", "worst", "low", { earlyData })).toEqual([]);
    expect(seen("findings", "forbidden", ["early-data-replayed"], { earlyData })).toEqual([
      "not asked, earlyData: a replay is tried by an option alone",
    ]);
  });

  it("that an option alone looks for count where they are forbidden by name", () => {
    const changed = { flaws: { state: "skipped", why: "not asked", reason: "an option does it" } as const };
    expect(seen("findings", "worst", "none", changed)).toEqual([]);
    expect(seen("findings", "forbidden", ["robot"], changed)).toEqual(["not asked, flaws: an option does it"]);
  });
});

describe("findings that need an earlier scan", () => {
  it("count where they are forbidden by name", () => {
    const compared = findingRules.filter(({ needsEarlier }) => needsEarlier === true).map(({ id }) => id);
    expect(compared.length).toBeGreaterThan(0);
    expect(seen("findings", "worst", "none")).toEqual([]);
    expect(seen("findings", "forbidden", compared)).toEqual(
      compared.map(() => "not asked, there is no earlier scan to compare with"),
    );
  });
});

describe("a policy's file", () => {
  it("is called by its name, or like the file", () => {
    expect(verdict({ name: "ours" })).toEqual({ policy: "ours", met: true, violations: [] });
    expect(verdict({}).policy).toBe("our.json");
  });

  it("extends one of Mozilla's: what it says holds instead, and null takes away", () => {
    const policy = read({
      $schema: "scan-policy.schema.json",
      extends: "intermediate",
      certificates: { maxLifetimeDays: 47, stapled: null },
      groups: { allowed: null },
      findings: { worst: "low" },
    });
    expect(policy).toEqual({
      ...policies.intermediate,
      name: "our.json",
      certificates: { ...policies.intermediate.certificates, maxLifetimeDays: 47, stapled: undefined },
      groups: { allowed: undefined },
      findings: { worst: "low" },
    });
    expect(policies.intermediate.certificates?.stapled).toBe(true);
  });

  it("has each of the members that there are", () => {
    const names = policyRules.map(({ section, member }) => `${section}.${member}`);
    expect(new Set(names).size).toBe(names.length);
    for (const [name] of members) expect(names).toContain(name);
  });

  it.each([
    ["[]", "our.json: [] isn't an object"],
    ["{", "our.json: it isn't JSON: "],
    ['{"nmae": "ours"}', 'our.json: no member is called "nmae": there are $schema, name, extends, versions, '],
    ['{"name": ""}', 'our.json: name: "" isn\'t a name'],
    ['{"extends": "strict"}', 'our.json: extends: "strict" isn\'t a policy to extend'],
    ['{"__proto__": {}}', 'our.json: no member is called "__proto__"'],
    ['{"versions": ["TLS 1.3"]}', 'our.json: versions: ["TLS 1.3"] isn\'t an object'],
    ['{"versions": {"allow": []}}', 'our.json: versions: no member is called "allow": there are allowed, required'],
    ['{"versions": {"allowed": "TLS 1.3"}}', 'our.json: versions.allowed: "TLS 1.3" isn\'t a list of versions'],
    ['{"versions": {"allowed": ["TLS 1.3", "TLSv1.2"]}}', 'our.json: versions.allowed[1]: "TLSv1.2" isn\'t a version'],
    ['{"versions": {"allowed": ["TLS 1.3", "TLS 1.3"]}}', 'our.json: versions.allowed[1]: "TLS 1.3" is there twice'],
    [
      '{"cipherSuites": {"forbidden": ["AES128-SHA"]}}',
      "our.json: cipherSuites.forbidden[0]: \"AES128-SHA\" isn't IANA's name of a cipher suite; it is OpenSSL's, of TLS_RSA_WITH_AES_128_CBC_SHA",
    ],
    ['{"groups": {"required": ["X25519"]}}', "our.json: groups.required[0]: \"X25519\" isn't IANA's name of a group"],
    ['{"certificates": {"minRsaBits": -1}}', "our.json: certificates.minRsaBits: -1 isn't a number of bits"],
    ['{"certificates": {"minRsaBits": 2048.5}}', "our.json: certificates.minRsaBits: 2048.5 isn't a number of bits"],
    [
      '{"certificates": {"trusted": false}}',
      "our.json: certificates.trusted: false isn't true; leave it out if it isn't asked for",
    ],
    [
      '{"findings": {"forbidden": ["tls1.4-spoken"]}}',
      'our.json: findings.forbidden[0]: "tls1.4-spoken" isn\'t the id of a finding',
    ],
    ['{"findings": {"severities": {"robot": "bad"}}}', 'our.json: findings.severities.robot: "bad" isn\'t a severity'],
    [
      '{"findings": {"severities": {"robots": "low"}}}',
      'our.json: findings.severities: "robots" isn\'t the id of a finding',
    ],
  ])("%s is refused, and where is said", (json, message) => {
    expect(() => readPolicy(json, "our.json")).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_policy",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("may be as long as the limit, and not longer", () => {
    expect(readPolicy("{}".padEnd(maxPolicyLength), "our.json").name).toBe("our.json");
    expect(() => readPolicy("{}".padEnd(maxPolicyLength + 1), "our.json")).toThrow("at most 1000000 characters");
  });

  it("can name every finding", () => {
    expect(read({ findings: { allowed: findingRules.map(({ id }) => id) } }).findings?.allowed).toHaveLength(
      findingRules.length,
    );
  });
});
