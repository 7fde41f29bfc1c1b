import { describe, expect, test } from "vitest";
import {
  addressSubtree,
  authorityInfoAccessExtension,
  type Certificate,
  type CertificateContents,
  certificatePoliciesExtension,
  createCertificateSync,
  crlDistributionPointsExtension,
  type DistributionPoint,
  type Extension,
  extendedKeyUsageExtension,
  type GeneralName,
  GeneralNames,
  inhibitAnyPolicyExtension,
  keyUsageExtension,
  nameConstraintsExtension,
  nameOfParts,
  Oid,
  policyConstraintsExtension,
  policyMappingsExtension,
  tlsFeatureExtension,
} from "../../src/index.ts";
import { codeOf } from "../keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "../pki.ts";

const key = generateKey();
const base: CertificateContents = {
  provider,
  random: countingRandom(),
  signer: key,
  publicKey: key,
  subject: { commonName: "Somebody" },
  validity: { from: now },
};
const leafWith = (...extensions: readonly Extension[]): Certificate => createCertificateSync({ ...base, extensions });
const caWith = (...extensions: readonly Extension[]): Certificate =>
  createCertificateSync({ ...base, ca: {}, extensions });
const urlOf = (length: number): string => "http://example.org/".padEnd(length, "x");
const criticalOf = (certificate: Certificate, oid: string): boolean | undefined => certificate.extension(oid)?.critical;

describe("what is written is read", () => {
  test("key usage and purposes, in the place of what would be made", () => {
    const leaf = leafWith(
      keyUsageExtension(["keyEncipherment", "digitalSignature"]),
      extendedKeyUsageExtension([Oid.clientAuth, "1.2.3.4"]),
    );
    expect([...(leaf.keyUsage ?? [])]).toEqual(["digitalSignature", "keyEncipherment"]);
    expect([...(leaf.extendedKeyUsage ?? [])]).toEqual([Oid.clientAuth, "1.2.3.4"]);
    expect(leaf.extensions.filter(({ oid }) => oid === Oid.keyUsage)).toHaveLength(1);
    const purposes = ["codeSigning", "emailProtection", "timeStamping", "ocspSigning"] as const;
    const other = createCertificateSync({ ...base, purposes });
    expect([...(other.extendedKeyUsage ?? [])]).toEqual(purposes.map((purpose) => Oid[purpose]));
  });

  test("name constraints of every form, critical", () => {
    const permitted: readonly GeneralName[] = [
      { type: "dNSName", value: "example.org" },
      { type: "rfc822Name", value: "example.org" },
      { type: "uniformResourceIdentifier", value: ".example.org" },
      { type: "directoryName", value: nameOfParts({ organizationName: "Example" }) },
      addressSubtree("10.0.0.0/8"),
    ];
    const excluded = [addressSubtree("2001:db8::/33"), addressSubtree("192.0.2.7/32"), addressSubtree("0.0.0.0/0")];
    const ca = caWith(nameConstraintsExtension({ permitted, excluded }));
    expect(criticalOf(ca, Oid.nameConstraints)).toBe(true);
    expect(ca.nameConstraints?.permittedSubtrees.slice(0, 3)).toEqual(permitted.slice(0, 3));
    expect(ca.nameConstraints?.permittedSubtrees[4]?.value).toEqual(Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0));
    expect(ca.nameConstraints?.excludedSubtrees.map(({ value }) => value)).toEqual(excluded.map(({ value }) => value));
    expect(excluded[0]?.value).toEqual(
      Uint8Array.of(0x20, 1, 0x0d, 0xb8, ...new Uint8Array(12), 255, 255, 255, 255, 128, ...new Uint8Array(11)),
    );
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.1/8",
    "10.0.0.0/08",
    "x/8",
    "10.0.0.0/8/8",
    "::/129",
    "10.0.0.0/-1",
    "",
  ])("%j is no subtree of addresses", (prefix) => {
    expect(codeOf(() => addressSubtree(prefix))).toBe("invalid_argument");
  });

  test("policies, with all qualifiers, and what restricts them", () => {
    const qualified = {
      policyIdentifier: "2.23.140.1.2.2",
      qualifiers: [
        { type: "cps", uri: "https://example.org/cps" },
        {
          type: "userNotice",
          explicitText: "Nur zum Üben",
          noticeRef: { organization: "Example", noticeNumbers: [1, 200] },
        },
        { type: "other", qualifierId: "1.2.3.4", value: Uint8Array.of(5, 0) },
      ],
    } as const;
    const ca = caWith(
      certificatePoliciesExtension(["2.23.140.1.2.1", qualified]),
      policyMappingsExtension([{ issuerDomainPolicy: "2.23.140.1.2.1", subjectDomainPolicy: "1.2.3" }]),
      policyConstraintsExtension({ requireExplicitPolicy: 0, inhibitPolicyMapping: 300 }),
      inhibitAnyPolicyExtension(2),
    );
    expect(ca.certificatePolicies).toEqual([{ policyIdentifier: "2.23.140.1.2.1", qualifiers: [] }, qualified]);
    expect(ca.policyMappings).toEqual([{ issuerDomainPolicy: "2.23.140.1.2.1", subjectDomainPolicy: "1.2.3" }]);
    expect(ca.policyConstraints).toEqual({ requireExplicitPolicy: 0, inhibitPolicyMapping: 300 });
    expect(ca.inhibitAnyPolicy).toBe(2);
    // RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14
    const critical = [Oid.certificatePolicies, Oid.policyMappings, Oid.policyConstraints, Oid.inhibitAnyPolicy];
    expect(critical.map((oid) => criticalOf(ca, oid))).toEqual([false, true, true, true]);
  });

  test("where the issuer is asked, and where its CRLs are", () => {
    const cRLIssuer = new GeneralNames([
      { type: "directoryName", value: nameOfParts({ commonName: "Issuer of CRLs" }) },
    ]);
    const other: DistributionPoint = { distributionPoint: undefined, reasons: new Set(["keyCompromise"]), cRLIssuer };
    const leaf = leafWith(
      authorityInfoAccessExtension({ ocsp: ["http://ocsp.example.org"], caIssuers: ["http://example.org/ca.cer"] }),
      crlDistributionPointsExtension(["http://example.org/ca.crl", other]),
      tlsFeatureExtension([5]),
    );
    expect(
      leaf.authorityInfoAccess?.map(({ accessMethod, accessLocation }) => [accessMethod, accessLocation.value]),
    ).toEqual([
      [Oid.ocsp, "http://ocsp.example.org"],
      [Oid.caIssuers, "http://example.org/ca.cer"],
    ]);
    expect(leaf.cRLDistributionPoints).toMatchObject([
      { distributionPoint: { type: "fullName", names: { all: [{ value: "http://example.org/ca.crl" }] } } },
      { reasons: new Set(["keyCompromise"]), cRLIssuer: { all: [{ type: "directoryName" }] } },
    ]);
    expect([...(leaf.tlsFeature ?? [])]).toEqual([5]);
    for (const oid of [Oid.authorityInfoAccess, Oid.cRLDistributionPoints, Oid.tlsFeature]) {
      expect(criticalOf(leaf, oid)).toBe(false);
    }
  });

  test("alternative names of every form", () => {
    const alternativeNames: readonly GeneralName[] = [
      { type: "rfc822Name", value: "somebody@example.org" },
      { type: "uniformResourceIdentifier", value: "spiffe://example.org/service" },
      { type: "directoryName", value: nameOfParts({ commonName: "Somebody" }) },
      { type: "registeredID", value: "1.2.3.4" },
      { type: "otherName", typeId: "1.3.6.1.4.1.311.20.2.3", value: Uint8Array.of(0x0c, 1, 0x61) },
      { type: "dNSName", value: "OTHER.example.org" },
      { type: "iPAddress", value: Uint8Array.of(192, 0, 2, 1) },
    ];
    const leaf = createCertificateSync({ ...base, dnsNames: ["example.org"], alternativeNames });
    expect(leaf.subjectAlternativeName?.all.map(({ type }) => type)).toEqual([
      "dNSName",
      ...alternativeNames.map(({ type }) => type),
    ]);
    expect(leaf.subjectAlternativeName?.dnsNames).toEqual(["example.org", "other.example.org"]);
    expect(leaf.subjectAlternativeName?.all[5]).toEqual(alternativeNames[4]);
  });

  test("a raw one, critical or not", () => {
    const raw = { oid: "1.2.3.4.5", critical: true, value: Uint8Array.of(5, 0) };
    expect(leafWith(raw).extension("1.2.3.4.5")).toEqual(raw);
  });
});

test("a place's URL may have 2048 characters", () => {
  expect(leafWith(crlDistributionPointsExtension([urlOf(2048)])).cRLDistributionPoints).toHaveLength(1);
});

describe("what breaks RFC 5280 isn't made", () => {
  const raw = (oid: string): Extension => ({ oid, critical: false, value: Uint8Array.of(0x30, 0) });

  test.each<[string, () => unknown]>([
    ["an extension twice (§4.2)", () => leafWith(raw("1.2.3"), raw("1.2.3"))],
    ["basic constraints beside what makes a CA", () => leafWith(raw(Oid.basicConstraints))],
    ["alternative names beside the names", () => leafWith(raw(Oid.subjectAltName))],
    [
      "name constraints of a leaf (§4.2.1.10)",
      () => leafWith(nameConstraintsExtension({ excluded: [addressSubtree("::/0")] })),
    ],
    ["policy mappings of a leaf", () => leafWith(raw(Oid.policyMappings))],
    ["name constraints that constrain nothing", () => nameConstraintsExtension({})],
    ["policy constraints that constrain nothing (§4.2.1.11)", () => policyConstraintsExtension({})],
    [
      "anyPolicy mapped (§4.2.1.5)",
      () => policyMappingsExtension([{ issuerDomainPolicy: Oid.anyPolicy, subjectDomainPolicy: "1.2.3" }]),
    ],
    ["a negative number", () => inhibitAnyPolicyExtension(-1)],
    ["half a number", () => policyConstraintsExtension({ requireExplicitPolicy: 0.5 })],
    ["no usage (§4.2.1.3)", () => keyUsageExtension([])],
    ["no purpose", () => extendedKeyUsageExtension([])],
    ["no place", () => authorityInfoAccessExtension({})],
    ["a place that is no URL", () => crlDistributionPointsExtension(["example.org/ca.crl"])],
    ["a place whose URL has more than 2048 characters", () => crlDistributionPointsExtension([urlOf(2049)])],
    ["a place beyond ASCII", () => authorityInfoAccessExtension({ ocsp: ["http://exämple.org"] })],
    ["no policy", () => certificatePoliciesExtension([])],
    [
      "a mail address that is none",
      () => createCertificateSync({ ...base, alternativeNames: [{ type: "rfc822Name", value: "Somebody <a@b>" }] }),
    ],
    [
      "a URI that is relative",
      () => createCertificateSync({ ...base, alternativeNames: [{ type: "uniformResourceIdentifier", value: "/a" }] }),
    ],
    [
      "an address with a mask",
      () => createCertificateSync({ ...base, alternativeNames: [addressSubtree("10.0.0.0/8")] }),
    ],
    [
      "a host name with a NUL",
      () => createCertificateSync({ ...base, alternativeNames: [{ type: "dNSName", value: "a\0.example" }] }),
    ],
    [
      "a CA below one that allows none",
      () => {
        const ca = createCertificateSync({ ...base, ca: { pathLength: 0 } });
        createCertificateSync({ ...base, issuer: ca, ca: {} });
      },
    ],
    [
      "anything by a CA that only signs CRLs",
      () => {
        const ca = caWith(keyUsageExtension(["cRLSign"]));
        createCertificateSync({ ...base, issuer: ca });
      },
    ],
    [
      "a CA with a key that signs nothing",
      () => createCertificateSync({ ...base, publicKey: { type: "X25519", agreementKey: new Uint8Array(32) }, ca: {} }),
    ],
  ])("%s", (_, make) => {
    expect(codeOf(make)).toBe("invalid_argument");
  });
});

describe("validity", () => {
  test("is 90 days of a leaf, ten years of a CA, unless told", () => {
    const days = (certificate: Certificate): number =>
      (certificate.validity.notAfter.getTime() + 1000 - certificate.validity.notBefore.getTime()) / 86_400_000;
    expect(days(leafWith())).toBe(90);
    expect(days(caWith())).toBe(3650);
  });

  test("doesn't outlive the issuer by default, but if told", () => {
    const ca = createCertificateSync({ ...base, ca: {}, validity: { from: now, days: 30 } });
    const leaf = { ...base, issuer: ca };
    expect(createCertificateSync(leaf).validity.notAfter).toEqual(ca.validity.notAfter);
    const longer = createCertificateSync({ ...leaf, validity: { from: now, days: 31 } });
    expect(longer.validity.notAfter.getTime()).toBeGreaterThan(ca.validity.notAfter.getTime());
    // an issuer that has expired gives none by default
    const late = { from: new Date("2027-01-01T00:00:00Z") };
    expect(codeOf(() => createCertificateSync({ ...leaf, validity: late }))).toBe("invalid_argument");
  });

  test("is written in UTCTime through 2049 and in GeneralizedTime from 2050 (§4.1.2.5)", () => {
    const [notBefore, notAfter] = [new Date("2049-12-31T23:59:59.999Z"), new Date("2050-01-01T00:00:00Z")];
    const certificate = createCertificateSync({ ...base, validity: { notBefore, notAfter } });
    const text = Buffer.from(certificate.der).toString("latin1");
    expect(text).toContain("\x17\x0d491231235959Z\x18\x0f20500101000000Z");
    const forever = new Date("9999-12-31T23:59:59Z");
    const without = createCertificateSync({ ...base, validity: { notBefore: now, notAfter: forever } });
    expect(without.validity.notAfter).toEqual(forever);
  });
});

test("a key that agrees on secrets is certified for that (RFC 8410 §5)", () => {
  const ca = caWith();
  const publicKey = { type: "X25519", agreementKey: new Uint8Array(32).fill(9) } as const;
  const certificate = createCertificateSync({ ...base, issuer: ca, publicKey });
  expect([...(certificate.keyUsage ?? [])]).toEqual(["keyAgreement"]);
  expect(certificate.subjectPublicKeyInfo.agreementKey?.agreementKey).toEqual(publicKey.agreementKey);
});
