import { runSync } from "@tlskit/crypto";
import type { BadChainName } from "@tlskit/testing";
import type { RefusalCode } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import type { CertificateFact } from "../../src/facts.ts";
import { certificateChainFindings } from "../../src/findings/certificate-chains.ts";
import { certificateRevocationFindings } from "../../src/findings/certificate-revocation.ts";
import { certificateFindings } from "../../src/findings/certificates.ts";
import { tooLongValidity } from "../../src/findings/maximum-validity.ts";
import { judge } from "../../src/findings.ts";
import { day, factOf, host, now, pki } from "../certificates/judging.ts";
import { found, nothingWrong } from "../facts.ts";

const rules = [...certificateFindings, ...certificateChainFindings, ...certificateRevocationFindings];
const target = { host, port: 443 };

/** A certificate of a public authority, with nothing wrong. */
const good: CertificateFact = {
  ...factOf(pki.certificate.chain, { judgedBy: { publicRoots: pki.anchors } }),
  crlUrls: ["http://crl.example/1.crl"],
  timestamps: { inCertificate: 2, inHandshake: 0, inStaple: 0 },
};
const byDefault: CertificateFact = { ...good, shownTo: "no name" };

/** What is found of certificates, by its ids: with what was seen. */
function foundOf(certificates: readonly CertificateFact[], about: Partial<Parameters<typeof judge>[1]> = {}) {
  const facts = { ...nothingWrong, certificates: found(certificates) };
  const { findings } = judge(facts, { target, now, ...about }, rules);
  return new Map(findings.map(({ rule, seen }) => [rule.id, seen]));
}

const idsOf = (...certificates: readonly CertificateFact[]): readonly string[] => [...foundOf(certificates).keys()];

/** A certificate that differs from the good one. */
const differing = (changes: Partial<CertificateFact>): CertificateFact => ({ ...good, ...changes });
const bad = (name: BadChainName): CertificateFact =>
  differing({ ...factOf(runSync(pki.bad(name)).chain), crlUrls: good.crlUrls });
const odd = (code: string): CertificateFact =>
  differing({ verdict: { ...good.verdict, oddities: [{ code, reason: "certificate 3 is odd" }] } });
const [authority] = good.others;
if (authority === undefined) throw new Error("the chain has an authority");

/** For each finding a certificate that has it, and nothing else that is wrong with it besides what goes along. */
const having: Readonly<Record<string, readonly [certificate: CertificateFact, alongWith?: readonly string[]]>> = {
  "certificate-key-broken": [differing({ keyType: "RSA", keyBits: 1023, curve: undefined })],
  "certificate-key-weak": [differing({ keyType: "RSA", keyBits: 2047, curve: undefined })],
  "certificate-signature-forgeable": [bad("signed with SHA-1")],
  "certificate-expired": [bad("expired")],
  "certificate-not-yet-valid": [bad("not yet valid")],
  "certificate-expires-soon": [differing({ notBefore: now - 30 * day, notAfter: now + 9 * day })],
  "certificate-validity-too-long": [
    differing({ notAfter: now + 399 * day, timestamps: { ...good.timestamps, inCertificate: 3 } }),
  ],
  "certificate-name-mismatch": [bad("for another host")],
  "certificate-timestamps-missing": [differing({ timestamps: { inCertificate: 1, inHandshake: 1, inStaple: 0 } })],
  "certificate-serial-short": [differing({ serialNumber: "00ffffffffffffff" })],
  "certificate-many-names": [differing({ dnsNames: Array.from({ length: 101 }, (_, at) => `${at}.example`) })],
  "certificate-wildcard": [differing({ dnsNames: ["*.example", "example"] })],
  "certificate-self-signed": [bad("self-signed")],
  "chain-incomplete": [bad("intermediate left out")],
  "certificate-untrusted": [bad("unknown authority"), ["chain-root-sent"]],
  "certificate-refused": [bad("for another purpose")],
  "authority-expired": [bad("expired intermediate")],
  "expired-authority-sent": [differing({ others: [authority, { ...authority, notAfter: now - day }] })],
  "chain-order-wrong": [odd("wrong_order")],
  "chain-unreadable": [odd("unreadable")],
  "chain-stranger": [odd("stranger")],
  "chain-duplicate": [odd("duplicate")],
  "chain-root-sent": [odd("root_sent")],
  "certificate-revoked": [differing({ staple: { state: "revoked", at: now - day, reason: "keyCompromise" } })],
  "staple-promised": [differing({ mustStaple: true })],
  "staple-stale": [
    differing({ staple: { state: "bad", problem: { code: "stale", reason: "it was to be replaced" } } }),
  ],
  "staple-bad": [differing({ staple: { state: "bad", problem: { code: "malformed", reason: "it is cut off" } } })],
  "staple-missing": [differing({ ocspUrls: ["http://ocsp.example/"] })],
  "certificate-without-revocation": [differing({ crlUrls: [] })],
};

describe("each finding about certificates", () => {
  it("is found in none that is good", () => {
    expect(foundOf([good, byDefault])).toEqual(new Map());
  });

  for (const [id, [certificate, alongWith = []]] of Object.entries(having)) {
    it(`is found where it is: ${id}`, () => {
      expect(
        idsOf(certificate, byDefault)
          .filter((other) => other !== "certificate-default-differs")
          .sort(),
      ).toEqual([id, ...alongWith].sort());
    });
  }

  it("is in the table", () => {
    const others = ["certificate-needs-name", "certificate-default-differs"];
    expect([...Object.keys(having), ...others].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it("says what was seen, of which certificate", () => {
    const rsa = differing({ keyType: "RSA", keyBits: 1024, curve: undefined, notAfter: now - 1 });
    expect(foundOf([good, rsa, byDefault])).toEqual(
      new Map([
        ["certificate-key-weak", ["The RSA certificate of CN=host.example has the key RSA 1024 bits."]],
        ["certificate-expired", ["The RSA certificate of CN=host.example expired on 2026-03-02."]],
      ]),
    );
    expect(foundOf([bad("for another host"), byDefault]).get("certificate-name-mismatch")).toEqual([
      "The certificate of CN=host.example is not for host.example, but for elsewhere.example.",
    ]);
  });
});

describe("bounds of what is found of certificates", () => {
  it("leave 64 bits of a serial number alone, and shorter ones of authorities that promised nothing", () => {
    const own = { ...good.verdict, publicRoot: false };
    for (const fine of [{ serialNumber: "0100000000000000" }, { serialNumber: "01", verdict: own }]) {
      expect(idsOf(differing(fine), byDefault)).not.toContain("certificate-serial-short");
    }
  });

  it("leave a hundred names alone", () => {
    const dnsNames = Array.from({ length: 100 }, (_, at) => `${at}.example`);
    expect(idsOf(differing({ dnsNames, ipAddresses: [] }), byDefault)).not.toContain("certificate-many-names");
  });
});

describe("what certificates say of themselves", () => {
  it("is cut, however long it is", () => {
    const dnsNames = Array.from({ length: 7 }, (_, at) => `*.${at}.example`);
    const subject = `CN=${"a".repeat(10_000)}`;
    expect(foundOf([differing({ subject, dnsNames }), byDefault]).get("certificate-wildcard")).toEqual([
      `The P-256 certificate of CN=${"a".repeat(97)}… is for *.0.example, *.1.example, *.2.example, *.3.example, *.4.example and 2 more.`,
    ]);
    expect(
      foundOf([differing({ subject: "", dnsNames: ["*.example"] }), byDefault]).get("certificate-wildcard"),
    ).toEqual(["The P-256 certificate of (no subject) is for *.example."]);
  });
});

describe("a key that can't be read", () => {
  it("has no size that is too small", () => {
    for (const keyType of ["RSA", "DSA", "EC"] as const) {
      expect(idsOf(differing({ keyType, keyBits: 0, curve: undefined }), byDefault)).not.toContain(
        "certificate-key-broken",
      );
    }
  });
});

describe("a certificate that lives for so short a time that nobody needs to revoke it", () => {
  const id = "certificate-without-revocation";
  const living = (notBefore: number, days: number) =>
    idsOf(differing({ crlUrls: [], notBefore, notAfter: notBefore + days * day }), byDefault).includes(id);

  it("has ten days, and from 15 March 2026 on seven", () => {
    const change = Date.UTC(2026, 2, 15);
    expect([living(change - day, 10), living(change - day, 10.1)]).toEqual([false, true]);
    expect([living(change, 7), living(change, 7.1)]).toEqual([false, true]);
  });
});

describe("what is odd about a chain", () => {
  it("is cut, however much it is", () => {
    const [oddity] = odd("stranger").verdict.oddities;
    if (oddity === undefined) throw new Error("there is one");
    const oddities = Array<typeof oddity>(6).fill(oddity);
    const many = differing({ verdict: { ...good.verdict, oddities } });
    expect(foundOf([many, byDefault]).get("chain-stranger")).toEqual([
      `${"Certificate 3 is odd. ".repeat(5)}And 1 more.`,
    ]);
  });
});

describe("whatever makes a verdict bad is found", () => {
  const cases: Readonly<Record<RefusalCode, string>> = {
    budget_exhausted: "certificate-refused",
    no_anchors: "certificate-untrusted",
    revoked: "certificate-refused",
    expired: "certificate-expired",
    not_yet_valid: "certificate-refused",
    name_mismatch: "certificate-name-mismatch",
    bad_signature: "certificate-refused",
    not_a_ca: "certificate-refused",
    path_length_exceeded: "certificate-refused",
    name_not_permitted: "certificate-refused",
    no_valid_policy: "certificate-refused",
    weak_key: "certificate-key-weak",
    extended_key_usage: "certificate-refused",
    key_usage: "certificate-refused",
    unsupported_critical_extension: "certificate-refused",
    unsupported_algorithm: "certificate-refused",
    distrusted_anchor: "certificate-untrusted",
    bad_staple: "certificate-refused",
    missing_staple: "certificate-refused",
    revocation_unknown: "certificate-refused",
    too_few_scts: "certificate-refused",
    chain_too_long: "certificate-untrusted",
    self_signed_untrusted: "certificate-untrusted",
    unknown_issuer: "certificate-untrusted",
  };
  for (const [code, id] of Object.entries(cases)) {
    it(code, () => {
      const problem = { code, reason: "the certificate is wrong" };
      const isName = code === "name_mismatch";
      const certificate = differing({
        verdict: { ...good.verdict, trusted: isName, nameMatches: !isName, problems: [problem] },
        ...(code === "expired" ? { notAfter: now - day } : {}),
        ...(code === "weak_key" ? { keyType: "RSA", keyBits: 1024 } : {}),
      });
      expect(idsOf(certificate, byDefault)).toEqual([id]);
    });
  }

  it("a certificate that can't be read", () => {
    expect(foundOf([{ ...factOf([Uint8Array.of(5, 0)]) }, byDefault]).get("certificate-refused")).toHaveLength(1);
    expect(idsOf(factOf([Uint8Array.of(5, 0)]))).toEqual(["certificate-refused", "certificate-needs-name"]);
  });

  it("a name that nobody can have", () => {
    const certificate = factOf(pki.certificate.chain, { judgedBy: { host: "no host" } });
    expect(idsOf(differing({ verdict: certificate.verdict }), byDefault)).toEqual(["certificate-name-mismatch"]);
  });
});

describe("keys", () => {
  const keys: readonly (readonly [
    keyType: CertificateFact["keyType"],
    keyBits: number,
    expected: readonly string[],
  ])[] = [
    ["RSA", 1023, ["certificate-key-broken"]],
    ["RSA", 1024, ["certificate-key-weak"]],
    ["RSA-PSS", 2048, []],
    ["DSA", 1024, ["certificate-key-weak"]],
    ["EC", 112, ["certificate-key-broken"]],
    ["EC", 192, ["certificate-key-weak"]],
    ["EC", 224, []],
    ["Ed25519", 255, []],
    ["ML-DSA", 10_496, []],
  ];
  for (const [keyType, keyBits, expected] of keys) {
    it(`${keyType} of ${keyBits} bits`, () => {
      expect(idsOf(differing({ keyType, keyBits }), byDefault)).toEqual(expected);
    });
  }

  it("of authorities count too, those of roots don't", () => {
    const weak = { ...authority, keyType: "RSA", keyBits: 1024, curve: undefined } as const;
    expect(idsOf(differing({ others: [weak] }), byDefault)).toEqual(["certificate-key-weak"]);
    expect(idsOf(differing({ others: [{ ...weak, selfIssued: true }] }), byDefault)).toEqual([]);
  });
});

describe("signatures of authorities", () => {
  it("with SHA-1 count, those of roots don't", () => {
    const sha1 = { ...authority, signatureHash: "SHA-1", signatureAlgorithm: "RSA with SHA-1" };
    expect(foundOf([differing({ others: [sha1] }), byDefault]).get("certificate-signature-forgeable")).toEqual([
      "The P-256 certificate of CN=Throw-away Intermediate is signed by RSA with SHA-1.",
    ]);
    expect(idsOf(differing({ others: [{ ...sha1, selfIssued: true }] }), byDefault)).toEqual([]);
  });
});

describe("the end of a certificate", () => {
  const ending = (from: number, to: number): readonly string[] =>
    idsOf(differing({ notBefore: now + from * day, notAfter: now + to * day }), byDefault);

  it("is near within two weeks", () => {
    expect(ending(-80, 14)).toEqual([]);
    expect(ending(-80, 13.9)).toEqual(["certificate-expires-soon"]);
  });

  it("is near within a quarter of a short life", () => {
    expect(ending(-4, 2)).toEqual([]);
    expect(ending(-5, 1)).toEqual(["certificate-expires-soon"]);
  });

  it("of an authority counts too", () => {
    const others = [{ ...authority, notBefore: now - 999 * day, notAfter: now + 13 * day }];
    expect(idsOf(differing({ others }), byDefault)).toEqual(["certificate-expires-soon"]);
  });
});

describe("how long a certificate may be valid", () => {
  const rows: readonly (readonly [
    root: "public" | "private",
    from: string,
    days: number,
    allowed: number | undefined,
  ])[] = [
    ["public", "2016-01-01", 1188, undefined],
    ["public", "2016-01-01", 1189, 1188],
    ["public", "2019-01-01", 826, 825],
    ["public", "2025-01-01", 398, undefined],
    ["public", "2025-01-01", 399, 398],
    ["public", "2026-03-14", 398, undefined],
    ["public", "2026-03-15", 201, 200],
    ["public", "2027-03-15", 101, 100],
    ["public", "2029-03-15", 47, undefined],
    ["public", "2029-03-15", 48, 47],
    ["private", "2019-06-30", 10_000, undefined],
    ["private", "2026-03-15", 825, undefined],
    ["private", "2026-03-15", 826, 825],
  ];
  for (const [root, from, days, allowed] of rows) {
    it(`${days} days since ${from}, by a ${root} root`, () => {
      const notBefore = Date.parse(from);
      const verdict = { ...good.verdict, publicRoot: root === "public" };
      const found = tooLongValidity({ notBefore, notAfter: notBefore + days * day - 1000, verdict });
      expect(found && [found.days, found.allowed]).toEqual(allowed === undefined ? undefined : [days, allowed]);
    });
  }
});

describe("timestamps", () => {
  it("are asked for of public authorities alone", () => {
    const timestamps = { inCertificate: 0, inHandshake: 0, inStaple: 0 };
    const verdict = { ...good.verdict, publicRoot: false };
    expect(idsOf(differing({ timestamps, verdict }), byDefault)).toEqual([]);
  });

  it("are three in a certificate that is valid for more than 180 days, or two beside it", () => {
    const notAfter = good.notBefore + 181 * day;
    expect(idsOf(differing({ notAfter }), byDefault)).toEqual(["certificate-timestamps-missing"]);
    const timestamps = { inCertificate: 2, inHandshake: 1, inStaple: 1 };
    expect(idsOf(differing({ notAfter, timestamps }), byDefault)).toEqual([]);
  });
});

describe("clients that don't name the server", () => {
  it("get nothing", () => {
    expect(foundOf([good])).toEqual(
      new Map([["certificate-needs-name", ["A hello without server_name got no certificate."]]]),
    );
  });

  it("can't do otherwise at an address", () => {
    expect(foundOf([good], { target: { host: "192.0.2.1", port: 443 } })).toEqual(new Map());
  });

  it("get another certificate, which isn't judged", () => {
    const other = { ...bad("expired"), shownTo: "no name" as const, subject: "CN=elsewhere.example" };
    expect(foundOf([good, other])).toEqual(
      new Map([
        [
          "certificate-default-differs",
          ["The P-256 certificate of CN=elsewhere.example was shown to a hello without server_name."],
        ],
      ]),
    );
  });

  it("get what is judged where those who name it get nothing", () => {
    expect(idsOf({ ...bad("expired"), shownTo: "no name" })).toEqual(["certificate-expired"]);
  });
});

describe("revocation", () => {
  it("needn't be told of what is short-lived, self-signed or says that nobody tells", () => {
    const silent = { crlUrls: [], ocspUrls: [] };
    expect(idsOf(differing({ ...silent, noRevocation: true }), byDefault)).toEqual([]);
    expect(idsOf(differing({ ...silent, notBefore: now - day, notAfter: now + 9 * day }), byDefault)).toEqual([]);
    expect(idsOf(differing({ ...silent, selfIssued: true }), byDefault)).toEqual([]);
  });

  it("of a staple that nobody can judge, for want of the issuer, says nothing", () => {
    const staple = { state: "bad", problem: { code: "no_issuer", reason: "" } } as const;
    expect(idsOf(differing({ staple }), byDefault)).toEqual([]);
  });
});
