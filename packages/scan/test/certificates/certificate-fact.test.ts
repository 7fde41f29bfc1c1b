import { runSync } from "@tlskit/crypto";
import { type BadChainName, badChains, ocspResponse, revokedSince, ThrowawayLog, throwawayPki } from "@tlskit/testing";
import {
  authorityInfoAccessExtension,
  type Certificate,
  certificatePoliciesExtension,
  createCertificateSync,
  createOcspErrorResponse,
  crlDistributionPointsExtension,
  encodeSct,
  generatePrivateKeySync,
  noRevAvailExtension,
  sctListExtension,
  TrustAnchors,
  tlsFeatureExtension,
} from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { maximumCertificatesRead } from "../../src/certificates/certificate-fact.ts";
import { codes, day, factOf, host, now, pki, provider, random } from "./judging.ts";

const { chain } = pki.certificate;
const [leaf, intermediate] = chain;
const root = pki.root.certificate;
if (leaf === undefined || intermediate === undefined) throw new Error("the PKI has a chain of two");

describe("a good chain", () => {
  const fact = factOf(chain);

  it("is trusted, for its name, and nothing is odd about it", () => {
    expect(fact.verdict).toEqual({
      trusted: true,
      publicRoot: false,
      nameMatches: true,
      problems: [],
      oddities: [],
      path: chain.map(({ der }) => der),
      anchor: "CN=Throw-away Root",
    });
  });

  it("is told in its parts", () => {
    expect(fact).toMatchObject({
      shownTo: "name",
      keyType: "EC",
      keyBits: 256,
      curve: "P-256",
      signatureAlgorithm: "ECDSA with SHA-256",
      signatureHash: "SHA-256",
      subject: `CN=${host}`,
      issuer: "CN=Throw-away Intermediate",
      selfIssued: false,
      notBefore: now - day,
      notAfter: now + 30 * day,
      dnsNames: [host],
      ipAddresses: ["192.0.2.1"],
      mustStaple: false,
      noRevocation: false,
      ocspUrls: [],
      crlUrls: [],
      staple: { state: "none" },
      timestamps: { inCertificate: 0, inHandshake: 0, inStaple: 0 },
    });
    expect(fact.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(fact.others).toMatchObject([{ subject: "CN=Throw-away Intermediate", issuer: "CN=Throw-away Root" }]);
  });

  it("is for an address that it names", () => {
    expect(factOf(chain, { judgedBy: { host: "192.0.2.1" } }).verdict.nameMatches).toBe(true);
    expect(factOf(chain, { judgedBy: { host: "192.0.2.2" } }).verdict.nameMatches).toBe(false);
  });

  it("leads to a public root if its anchor is one", () => {
    expect(factOf(chain, { judgedBy: { publicRoots: pki.anchors } }).verdict.publicRoot).toBe(true);
  });

  it("isn't for a target whose name can't be one", () => {
    const { verdict } = factOf(chain, { judgedBy: { host: "no host" } });
    expect(verdict).toMatchObject({ trusted: true, nameMatches: false, problems: [{ code: "invalid_identity" }] });
  });

  it("has the kinds of keys that there are", () => {
    const all = throwawayPki(provider, random, host, now, {
      keyTypes: ["rsaEncryption", "id-RSASSA-PSS", "P-384", "Ed25519", "Ed448"],
      authorityKeyType: "rsaEncryption",
    });
    expect(all.certificates.map((one) => factOf(one.chain)).map(({ keyType, keyBits }) => [keyType, keyBits])).toEqual([
      ["RSA", 2048],
      ["RSA-PSS", 2048],
      ["EC", 384],
      ["Ed25519", 255],
      ["Ed448", 448],
    ]);
    expect(factOf(all.certificate.chain).signatureAlgorithm).toBe("RSA with SHA-256");
  });
});

describe("a chain that isn't good", () => {
  /** What there is to say of the chains of which each is wrong in one way; those that are wrong by their name apart. */
  const problems: Readonly<Record<BadChainName, readonly string[]>> = {
    "issued by another leaf": ["not_a_ca"],
    "self-signed": ["self_signed_untrusted"],
    "unknown authority": ["self_signed_untrusted"],
    "intermediate left out": ["unknown_issuer"],
    expired: ["expired"],
    "not yet valid": ["not_yet_valid"],
    "expired intermediate": ["expired"],
    "for another host": ["name_mismatch"],
    "without a name": ["name_mismatch"],
    "for another purpose": ["extended_key_usage"],
    "key not for signing": ["key_usage"],
    "unknown critical extension": ["unsupported_critical_extension"],
    "wrong signature": ["bad_signature"],
    "signed with MD5": ["unsupported_algorithm"],
    "signed with SHA-1": ["unsupported_algorithm"],
    "signed with something unknown": ["unsupported_algorithm"],
    "of version 1": ["name_mismatch"],
    corrupt: ["bad_signature"],
  };
  for (const [name, expected] of Object.entries(problems)) {
    it(name, () => {
      // the keys of the table are the names
      const { verdict } = factOf(runSync(pki.bad(name as BadChainName)).chain);
      expect(codes(verdict.problems)).toEqual(expect.arrayContaining([...expected]));
      const isNameAlone = expected[0] === "name_mismatch";
      expect(verdict).toMatchObject({ trusted: isNameAlone, nameMatches: !isNameAlone });
    });
  }

  it("is every one that there is", () => {
    expect(Object.keys(problems)).toEqual(Object.keys(badChains));
  });

  it("says all that is wrong at once, the name too", () => {
    const { verdict } = factOf(runSync(pki.bad("expired")).chain, { judgedBy: { host: "elsewhere.example" } });
    expect(codes(verdict.problems)).toEqual(["name_mismatch", "expired"]);
    expect(verdict.problems[0]?.reason).toContain("elsewhere.example");
    expect(verdict.problems[1]?.reason).toContain("expired on 2026-03-02");
  });

  it("names the algorithm of a signature that can be forged", () => {
    expect(factOf(runSync(pki.bad("signed with SHA-1")).chain)).toMatchObject({
      signatureAlgorithm: "ECDSA with SHA-1",
      signatureHash: "SHA-1",
    });
    expect(factOf(runSync(pki.bad("signed with MD5")).chain).signatureHash).toBe("MD5");
    expect(factOf(runSync(pki.bad("signed with something unknown")).chain).signatureHash).toBe(undefined);
  });

  it("has a certificate of its own that can't be read", () => {
    const { verdict, keyType, chain: sent } = factOf([Uint8Array.of(0x30, 0x01, 0x02), intermediate]);
    expect(verdict).toMatchObject({ trusted: false, nameMatches: false, problems: [{ code: "unreadable" }] });
    expect([keyType, sent.length]).toEqual(["other", 2]);
  });
});

describe("what is odd about a chain", () => {
  const signer = generatePrivateKeySync({ provider, random });
  const others = { provider, random, publicKey: signer, signer, validity: { from: new Date(now) }, ca: {} };
  const strangersRoot = createCertificateSync({ ...others, subject: { commonName: "Strangers' Root" } });
  const stranger = createCertificateSync({ ...others, issuer: strangersRoot, subject: { commonName: "Stranger" } });
  const cases: readonly (readonly [
    what: string,
    sent: readonly (Certificate | Uint8Array)[],
    expected: readonly string[],
  ])[] = [
    ["the root is sent along", [leaf, intermediate, root], ["root_sent"]],
    ["the root comes first", [leaf, root, intermediate], ["root_sent", "wrong_order"]],
    ["one comes twice", [leaf, intermediate, intermediate], ["duplicate"]],
    ["the server's own comes twice", [leaf, leaf, intermediate], ["duplicate"]],
    ["an authority has nothing to do with it", [leaf, intermediate, stranger], ["stranger"]],
    [
      "two authorities have nothing to do with it",
      [leaf, stranger, strangersRoot, intermediate],
      ["stranger", "stranger"],
    ],
    ["one can't be read", [leaf, Uint8Array.of(5, 0), intermediate], ["unreadable"]],
    ["the intermediate isn't there", [leaf], ["gap"]],
    ["the intermediate isn't there, but the root", [leaf, root], ["stranger", "gap"]],
    ["a server's self-signed one is alone", runSync(pki.bad("self-signed")).chain, []],
  ];
  for (const [what, sent, expected] of cases) {
    it(what, () => {
      expect(codes(factOf(sent).verdict.oddities)).toEqual(expected);
    });
  }

  it("does no harm to the verdict", () => {
    expect(factOf([leaf, root, stranger, Uint8Array.of(5, 0), intermediate]).verdict.trusted).toBe(true);
  });

  it("isn't that the leaf's issuer is itself trusted", () => {
    expect(factOf([leaf], { judgedBy: { anchors: TrustAnchors.of([intermediate]) } }).verdict).toMatchObject({
      trusted: true,
      oddities: [],
    });
  });

  it("is told by where it stands", () => {
    const [problem] = factOf([leaf, Uint8Array.of(5, 0), intermediate, root]).verdict.oddities.slice(1);
    expect(problem?.reason).toBe("certificate 4 (CN=Throw-away Root) is a root, which whoever trusts it has already");
  });

  it("is that there are more certificates than are looked at", () => {
    const many = [leaf, ...Array<Certificate>(maximumCertificatesRead - 1).fill(intermediate)];
    expect(codes(factOf(many).verdict.oddities)).not.toContain("unreadable");
    const { verdict, others } = factOf([...many, intermediate]);
    expect(verdict.oddities[0]).toEqual({
      code: "unreadable",
      reason: "certificate 51: at most 50 certificates are looked at, there are 51",
    });
    expect(others).toHaveLength(maximumCertificatesRead - 1);
  });
});

describe("what a certificate says of revocation", () => {
  const { key } = pki.certificate;
  const common = { provider, random, publicKey: key, signer: pki.intermediate.key, issuer: intermediate };
  const validity = { notBefore: new Date(now - day), notAfter: new Date(now + day) };

  it("is where to ask, and that an answer comes along", () => {
    const certificate = createCertificateSync({
      ...common,
      validity,
      dnsNames: [host],
      extensions: [
        authorityInfoAccessExtension({ ocsp: ["http://ocsp.example/"] }),
        crlDistributionPointsExtension(["http://crl.example/1.crl"]),
        tlsFeatureExtension([5]),
      ],
    });
    expect(factOf([certificate, intermediate])).toMatchObject({
      ocspUrls: ["http://ocsp.example/"],
      crlUrls: ["http://crl.example/1.crl"],
      mustStaple: true,
      noRevocation: false,
      verdict: { trusted: true },
    });
  });

  it("is that there is nobody to ask", () => {
    const certificate = createCertificateSync({
      ...common,
      validity,
      dnsNames: [host],
      extensions: [noRevAvailExtension()],
    });
    expect(factOf([certificate, intermediate]).noRevocation).toBe(true);
  });
});

describe("a staple", () => {
  const hour = 3_600_000;
  const stapled = (response: Uint8Array, sent: readonly Certificate[] = chain, judgedBy = {}) =>
    factOf(sent, { ocspResponse: response, judgedBy }).staple;
  const good = runSync(ocspResponse(pki, leaf));

  it("is good", () => {
    expect(stapled(good)).toEqual({ state: "good", thisUpdate: now - hour, nextUpdate: now + 24 * hour });
  });

  it("is judged by the issuer that was sent, where nobody trusts it", () => {
    expect(stapled(good, chain, { anchors: TrustAnchors.nobody() }).state).toBe("good");
  });

  it("says that the certificate was revoked, and why", () => {
    const response = runSync(ocspResponse(pki, leaf, revokedSince(new Date(now - 2 * hour))));
    expect(stapled(response)).toEqual({ state: "revoked", at: now - 2 * hour, reason: "keyCompromise" });
  });

  const bad: readonly (readonly [code: string, response: Uint8Array, sent?: readonly Certificate[]])[] = [
    ["malformed", Uint8Array.of(0x30, 0)],
    ["no_answer", createOcspErrorResponse("tryLater").der],
    ["another_certificate", runSync(ocspResponse(pki, intermediate))],
    [
      "stale",
      runSync(
        ocspResponse(pki, leaf, { thisUpdate: new Date(now - 9 * 24 * hour), nextUpdate: new Date(now - 24 * hour) }),
      ),
    ],
    ["not_yet_valid", runSync(ocspResponse(pki, leaf, { thisUpdate: new Date(now + hour) }))],
    ["unknown", runSync(ocspResponse(pki, leaf, { certStatus: { status: "unknown" } }))],
    ["no_issuer", good, [leaf]],
    ["untrusted", spoilt(good)],
  ];
  /** With another last octet, which is the signature's. */
  function spoilt(response: Uint8Array): Uint8Array {
    return response.with(-1, (response.at(-1) ?? 0) ^ 1);
  }
  for (const [code, response, sent] of bad) {
    it(`is bad: ${code}`, () => {
      expect(stapled(response, sent)).toMatchObject({ state: "bad", problem: { code } });
    });
  }

  it("is of a certificate of another issuer with the same serial number", () => {
    const other = throwawayPki(provider, random, host, now);
    expect(stapled(runSync(ocspResponse(other, leaf)))).toMatchObject({
      state: "bad",
      problem: { code: "another_certificate" },
    });
  });
});

describe("signed certificate timestamps", () => {
  const logs = ["A", "B"].map((operator) => runSync(ThrowawayLog.make(pki, operator)));
  const scts = logs.map((log) => runSync(log.promise(leaf)));

  it("come in the handshake", () => {
    expect(factOf(chain, { signedCertificateTimestamps: scts.map(encodeSct) }).timestamps).toEqual({
      inCertificate: 0,
      inHandshake: 2,
      inStaple: 0,
    });
  });

  it("come in the certificate", () => {
    const certificate = createCertificateSync({
      provider,
      random,
      publicKey: pki.certificate.key,
      signer: pki.intermediate.key,
      issuer: intermediate,
      validity: { from: new Date(now), days: 1 },
      dnsNames: [host],
      extensions: [sctListExtension(scts)],
    });
    expect(factOf([certificate, intermediate]).timestamps.inCertificate).toBe(2);
  });

  it("come in the staple", () => {
    const response = runSync(ocspResponse(pki, leaf, { scts }));
    expect(factOf(chain, { ocspResponse: response }).timestamps.inStaple).toBe(2);
  });

  it("of one log count once", () => {
    const log = runSync(ThrowawayLog.make(pki, "C"));
    const twice = [now - day, now].map((at) => encodeSct(runSync(log.promise(leaf, at))));
    expect(factOf(chain, { signedCertificateTimestamps: twice }).timestamps.inHandshake).toBe(1);
  });

  it("that can't be read count for nothing", () => {
    expect(factOf(chain, { signedCertificateTimestamps: [Uint8Array.of(1, 2, 3)] }).timestamps.inHandshake).toBe(0);
  });
});

describe("policies", () => {
  const under = (...policies: readonly string[]) => {
    const certificate = createCertificateSync({
      ...{ provider, random, publicKey: pki.certificate.key, signer: pki.intermediate.key, issuer: intermediate },
      validity: { from: new Date(now), days: 1 },
      dnsNames: [host],
      extensions: policies.length === 0 ? [] : [certificatePoliciesExtension(policies)],
    });
    return factOf([certificate, intermediate]).validation;
  };

  it("tell how far the authority looked at whom it certifies, if they are CA/Browser Forum's", () => {
    expect(under("2.23.140.1.2.1")).toBe("domain");
    expect(under("1.2.3.4", "2.23.140.1.2.2")).toBe("organization");
    expect(under("2.23.140.1.2.3")).toBe("individual");
    expect(under("2.23.140.1.2.2", "2.23.140.1.1")).toBe("extended");
    expect(under("1.2.3.4")).toBeUndefined();
    expect(under()).toBeUndefined();
  });
});

describe("hostile octets", () => {
  const response = runSync(ocspResponse(pki, leaf));
  /** One octet after the other spoilt. */
  function* spoilt(octets: Uint8Array): Generator<Uint8Array> {
    for (const [at, octet] of octets.entries()) yield octets.with(at, octet ^ 0x55);
  }

  it("of a server's own certificate make no scan fail, and nothing trusted", () => {
    for (const own of spoilt(leaf.der)) {
      const { verdict } = factOf([own, intermediate]);
      expect(verdict.trusted).toBe(false);
      expect(verdict.problems.length).toBeGreaterThan(0);
    }
  });

  it("of what certifies it make no scan fail, and nothing trusted", () => {
    for (const other of spoilt(intermediate.der)) expect(factOf([leaf, other]).verdict.trusted).toBe(false);
  });

  it("of a staple make no scan fail, and never a good one", () => {
    for (const staple of spoilt(response)) expect(factOf(chain, { ocspResponse: staple }).staple.state).toBe("bad");
  });
});
