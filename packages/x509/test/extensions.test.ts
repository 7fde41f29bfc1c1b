import { describe, expect, test } from "vitest";
import { DerReader } from "../src/der-reader.ts";
import {
  derBitString,
  derElement,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
} from "../src/der-writer.ts";
import { encodeCertificatePolicies } from "../src/extensions/certificate-policies.ts";
import {
  encodeGeneralName,
  encodeGeneralNames,
  type GeneralName,
  type GeneralNameType,
  readGeneralNames,
} from "../src/general-name.ts";
import { type Certificate, type Extension, nameOfParts, Oid, withRelativeName, X509Error } from "../src/index.ts";
import { caExtensions, intermediate, issue, leaf, leafExtensions, root, verdict, verify } from "./pki.ts";

const directory = nameOfParts({ organizationName: "Example" });
const names: readonly GeneralName[] = [
  { type: "otherName", typeId: "1.3.6.1.4.1.311.20.2.3", value: Uint8Array.of(0x0c, 1, 0x61) },
  { type: "rfc822Name", value: "user@example.org" },
  { type: "dNSName", value: "example.org" },
  { type: "x400Address", value: Uint8Array.of(0x30, 0) },
  { type: "directoryName", value: directory },
  { type: "ediPartyName", value: Uint8Array.of(0xa1, 3, 0x0c, 1, 0x61) },
  { type: "uniformResourceIdentifier", value: "https://example.org/" },
  { type: "iPAddress", value: Uint8Array.of(192, 0, 2, 1) },
  { type: "registeredID", value: "1.2.3.4" },
];

/** A certificate with one extension. */
function withExtension(oid: string, value: Uint8Array): Certificate {
  return issue(leaf, root, { extensions: [{ oid, critical: false, value } satisfies Extension] });
}

const uri = (text: string): Uint8Array => encodeGeneralName({ type: "uniformResourceIdentifier", value: text });
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

describe("names of every form", () => {
  test("are read as they are written, in alternative names of subject and issuer", () => {
    const value = encodeGeneralNames(names);
    expect(withExtension(Oid.subjectAltName, value).subjectAlternativeName?.all).toEqual(names);
    const { issuerAlternativeName } = withExtension(Oid.issuerAltName, value);
    expect(issuerAlternativeName?.all).toEqual(names);
    expect(issuerAlternativeName?.dnsNames).toEqual(["example.org"]);
    expect(issuerAlternativeName?.ipAddresses).toEqual([Uint8Array.of(192, 0, 2, 1)]);
    expect(issuerAlternativeName?.rfc822Names).toEqual(["user@example.org"]);
    expect(issuerAlternativeName?.uniformResourceIdentifiers).toEqual(["https://example.org/"]);
    expect(issuerAlternativeName?.directoryNames.map(String)).toEqual(["O=Example"]);
  });

  test.each<[string, GeneralNameType, Uint8Array]>([
    ["text that isn't ASCII", "dNSName", Uint8Array.of(0x82, 1, 0xe9)],
    ["an otherName without a value", "otherName", Uint8Array.of(0xa0, 3, 6, 1, 0x2a)],
    ["an otherName whose value isn't tagged", "otherName", Uint8Array.of(0xa0, 5, 6, 1, 0x2a, 5, 0)],
    ["a registeredID that is cut off", "registeredID", Uint8Array.of(0x88, 1, 0x80)],
    ["a directoryName without its explicit tag", "directoryName", Uint8Array.of(0xa4, 0)],
    ["an address of three octets", "iPAddress", Uint8Array.of(0x87, 3, 1, 2, 3)],
    ["an address with a mask", "iPAddress", Uint8Array.of(0x87, 8, 1, 2, 3, 4, 255, 255, 255, 0)],
  ])(
    "%s is told to be unreadable, takes nothing from the names beside it, and is written as it was",
    (_, form, name) => {
      const good = encodeGeneralName({ type: "dNSName", value: "example.org" });
      const bytes = derSequence(name, good);
      const { all, dnsNames } = readGeneralNames(new DerReader(bytes), "the names");
      expect(all[0]).toMatchObject({ type: "unreadable", form, fault: expect.any(String) });
      expect(dnsNames).toEqual(["example.org"]);
      expect(encodeGeneralNames(all)).toEqual(bytes);
    },
  );

  test.each([
    ["a constructed dNSName, as BER has it", Uint8Array.of(0xa2, 3, 0x16, 1, 0x61)],
    ["a form that doesn't exist", Uint8Array.of(0x89, 0)],
  ])("%s is refused", (_, name) => {
    expect(() => readGeneralNames(new DerReader(derSequence(name)), "the names")).toThrow(X509Error);
  });

  test("that can't be written aren't", () => {
    expect(() => encodeGeneralName({ type: "dNSName", value: "bücher.example" })).toThrow(X509Error);
    expect(() => encodeGeneralName({ type: "iPAddress", value: Uint8Array.of(1, 2, 3) })).toThrow(X509Error);
  });
});

describe("each standard extension", () => {
  test("authority key identifier, with all its fields", () => {
    const issuerNames = derElement(0xa1, encodeGeneralName({ type: "directoryName", value: directory }));
    const value = derSequence(Uint8Array.of(0x80, 2, 1, 2), issuerNames, Uint8Array.of(0x82, 1, 7));
    const { authorityKeyIdentifier } = withExtension(Oid.authorityKeyIdentifier, value);
    expect(authorityKeyIdentifier?.keyIdentifier).toEqual(Uint8Array.of(1, 2));
    expect(authorityKeyIdentifier?.authorityCertIssuer?.directoryNames.map(String)).toEqual(["O=Example"]);
    expect(authorityKeyIdentifier?.authorityCertSerialNumber).toEqual(Uint8Array.of(7));
  });

  test("name constraints", () => {
    const permitted = derElement(0xa0, derSequence(Uint8Array.of(0x87, 8, 10, 0, 0, 0, 255, 0, 0, 0)));
    const excluded = derElement(0xa1, derSequence(encodeGeneralName({ type: "dNSName", value: ".example" })));
    const { nameConstraints } = withExtension(Oid.nameConstraints, derSequence(permitted, excluded));
    expect(nameConstraints).toEqual({
      permittedSubtrees: [{ type: "iPAddress", value: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
      excludedSubtrees: [{ type: "dNSName", value: ".example" }],
    });
  });

  test("certificate policies, with their qualifiers", () => {
    const cps = derSequence(derOid(Oid.idQtCps), derElement(0x16, ascii("https://example.org/cps")));
    const reference = derSequence(
      derElement(0x0c, ascii("Example")),
      derSequence(derSmallInteger(1), derSmallInteger(2)),
    );
    const notice = derSequence(derOid(Oid.idQtUnotice), derSequence(reference, derElement(0x1a, ascii("Beware"))));
    const other = derSequence(derOid("1.2.3"), derNull());
    const policy = derSequence(derOid("2.23.140.1.2.1"), derSequence(cps, notice, other));
    const { certificatePolicies } = withExtension(Oid.certificatePolicies, derSequence(policy));
    expect(certificatePolicies).toEqual([
      {
        policyIdentifier: "2.23.140.1.2.1",
        qualifiers: [
          { type: "cps", uri: "https://example.org/cps" },
          {
            type: "userNotice",
            explicitText: "Beware",
            noticeRef: { organization: "Example", noticeNumbers: [1, 2] },
          },
          { type: "other", qualifierId: "1.2.3", value: derNull() },
        ],
      },
    ]);
  });

  test("policy mappings, policy constraints, inhibition of anyPolicy", () => {
    const mapping = derSequence(derSequence(derOid("1.2.3"), derOid("1.2.4")));
    expect(withExtension(Oid.policyMappings, mapping).policyMappings).toEqual([
      { issuerDomainPolicy: "1.2.3", subjectDomainPolicy: "1.2.4" },
    ]);
    const constraints = derSequence(
      Uint8Array.of(0x80, 1, 3),
      Uint8Array.of(0x81, 9, 0, ...new Uint8Array(8).fill(255)),
    );
    const { policyConstraints } = withExtension(Oid.policyConstraints, constraints);
    expect(policyConstraints?.requireExplicitPolicy).toBe(3);
    // no path is so long
    expect(policyConstraints?.inhibitPolicyMapping).toBeGreaterThan(2 ** 40);
    expect(withExtension(Oid.inhibitAnyPolicy, derSmallInteger(2)).inhibitAnyPolicy).toBe(2);
  });

  test("where CRLs are, and what else is to be had of whom", () => {
    const full = derExplicit(0, derElement(0xa0, uri("http://example.org/crl")));
    const relative = derExplicit(
      0,
      derElement(0xa1, derSequence(derOid(Oid.commonName), derElement(0x0c, ascii("CRL 1")))),
    );
    const issuer = derElement(0xa2, encodeGeneralName({ type: "directoryName", value: directory }));
    const points = derSequence(derSequence(full), derSequence(relative, Uint8Array.of(0x81, 2, 5, 0x60), issuer));
    for (const [oid, field] of [
      [Oid.cRLDistributionPoints, "cRLDistributionPoints"],
      [Oid.freshestCRL, "freshestCRL"],
    ] as const) {
      const [first, second] = withExtension(oid, points)[field] ?? [];
      const name = first?.distributionPoint;
      expect(name?.type === "fullName" && name.names.uniformResourceIdentifiers).toEqual(["http://example.org/crl"]);
      expect([...(second?.reasons ?? [])]).toEqual(["keyCompromise", "cACompromise"]);
      expect(second?.cRLIssuer?.directoryNames.map(String)).toEqual(["O=Example"]);
      const tail = second?.distributionPoint;
      expect(
        tail?.type === "nameRelativeToCRLIssuer" && withRelativeName(directory, tail.relativeName).toString(),
      ).toBe("CN=CRL 1,O=Example");
    }
    const access = derSequence(derSequence(derOid(Oid.ocsp), uri("http://example.org/ocsp")));
    const descriptions = [
      {
        accessMethod: Oid.ocsp,
        accessLocation: { type: "uniformResourceIdentifier", value: "http://example.org/ocsp" },
      },
    ];
    expect(withExtension(Oid.authorityInfoAccess, access).authorityInfoAccess).toEqual(descriptions);
    expect(withExtension(Oid.subjectInfoAccess, access).subjectInfoAccess).toEqual(descriptions);
  });

  test("timestamps, undecoded; TLS features; what is said by being there", () => {
    const list = derOctetString(Uint8Array.of(0, 7, 0, 1, 9, 0, 2, 8, 7));
    expect(withExtension(Oid.signedCertificateTimestampList, list).signedCertificateTimestamps).toEqual([
      Uint8Array.of(9),
      Uint8Array.of(8, 7),
    ]);
    expect(withExtension(Oid.tlsFeature, derSequence(derSmallInteger(5))).tlsFeature).toEqual(new Set([5]));
    expect(withExtension(Oid.certificateTransparencyPoison, derNull()).isPrecertificate).toBe(true);
    expect(withExtension(Oid.ocspNoCheck, derNull()).ocspNoCheck).toBe(true);
    const plain = withExtension("1.2.3.4", derNull());
    expect([plain.isPrecertificate, plain.ocspNoCheck, plain.tlsFeature]).toEqual([false, false, undefined]);
    expect(plain.extension("1.2.3.4")?.value).toEqual(derNull());
  });
});

describe("a malformed extension that a verdict rests on refuses the certificate", () => {
  const subtree = derSequence(encodeGeneralName({ type: "dNSName", value: "example.org" }));
  const holed = derSequence(Uint8Array.of(0x87, 8, 10, 0, 0, 0, 255, 0, 255, 0));
  const policy = derSequence(derOid("1.2.3"));

  test.each<[string, string, Uint8Array]>([
    ["no constraint", Oid.nameConstraints, derSequence()],
    ["no subtree", Oid.nameConstraints, derSequence(derElement(0xa0))],
    [
      "a maximum",
      Oid.nameConstraints,
      derSequence(
        derElement(0xa0, derSequence(encodeGeneralName({ type: "dNSName", value: "a" }), Uint8Array.of(0x81, 1, 1))),
      ),
    ],
    ["a mask with holes", Oid.nameConstraints, derSequence(derElement(0xa0, holed))],
    [
      "an address without a mask",
      Oid.nameConstraints,
      derSequence(derElement(0xa0, derSequence(Uint8Array.of(0x87, 4, 10, 0, 0, 0)))),
    ],
    [
      "excluded before permitted",
      Oid.nameConstraints,
      derSequence(derElement(0xa1, subtree), derElement(0xa0, subtree)),
    ],
    ["no policy", Oid.certificatePolicies, derSequence()],
    ["a policy twice", Oid.certificatePolicies, derSequence(policy, policy)],
    ["half a mapping", Oid.policyMappings, derSequence(derSequence(derOid("1.2.3")))],
    ["no policy constraint", Oid.policyConstraints, derSequence()],
    ["a negative number of certificates", Oid.policyConstraints, derSequence(Uint8Array.of(0x80, 1, 0x80))],
    ["a number in too many octets", Oid.inhibitAnyPolicy, Uint8Array.of(2, 2, 0, 1)],
    ["a negative inhibition", Oid.inhibitAnyPolicy, Uint8Array.of(2, 1, 0xff)],
  ])("%s", (_, oid, value) => {
    expect(() => withExtension(oid, value)).toThrow(X509Error);
  });
});

describe("an extension that no path's verdict rests on", () => {
  const fields = {
    [Oid.issuerAltName]: "issuerAlternativeName",
    [Oid.subjectInfoAccess]: "subjectInfoAccess",
    [Oid.authorityKeyIdentifier]: "authorityKeyIdentifier",
    [Oid.subjectKeyIdentifier]: "subjectKeyIdentifier",
    [Oid.cRLDistributionPoints]: "cRLDistributionPoints",
    [Oid.signedCertificateTimestampList]: "signedCertificateTimestamps",
    [Oid.tlsFeature]: "tlsFeature",
  } as const;

  test.each<[string, keyof typeof fields, Uint8Array]>([
    ["names that are no sequence", Oid.issuerAltName, derNull()],
    ["a key identifier that is no octet string", Oid.subjectKeyIdentifier, derNull()],
    ["points that are no sequence", Oid.cRLDistributionPoints, derNull()],
    ["an access description without a place", Oid.subjectInfoAccess, derSequence(derSequence(derOid(Oid.ocsp)))],
    ["an issuer without a serial number", Oid.authorityKeyIdentifier, derSequence(derElement(0xa1, uri("a:")))],
    ["an empty list of timestamps", Oid.signedCertificateTimestampList, derOctetString(Uint8Array.of(0, 0))],
    ["an empty timestamp", Oid.signedCertificateTimestampList, derOctetString(Uint8Array.of(0, 2, 0, 0))],
    [
      "a list of timestamps that is cut off",
      Oid.signedCertificateTimestampList,
      derOctetString(Uint8Array.of(0, 4, 0, 3, 1, 2)),
    ],
    [
      "something behind the timestamps",
      Oid.signedCertificateTimestampList,
      derOctetString(Uint8Array.of(0, 3, 0, 1, 9, 0)),
    ],
    ["a TLS feature that is no number", Oid.tlsFeature, derSequence(derBitString(Uint8Array.of(1)))],
  ])("is told to be malformed when it is asked for, and the certificate is valid: %s", (_, oid, value) => {
    const certificate = issue(leaf, intermediate, { extensions: [...leafExtensions, { oid, critical: false, value }] });
    expect(() => certificate[fields[oid]]).toThrow(X509Error);
    expect(certificate.extension(oid)?.value).toEqual(value);
    expect(verdict({ leaf: certificate })).toBe("ok");
  });

  test("has to be readable where it is critical (RFC 5280 §4.2), also for who acts upon it", () => {
    const malformed = { oid: Oid.cRLDistributionPoints, critical: true, value: derNull() };
    const certificate = issue(leaf, intermediate, { extensions: [...leafExtensions, malformed] });
    const handledExtensions = [Oid.cRLDistributionPoints];
    expect(verdict({ leaf: certificate, handledExtensions })).toBe("unsupported_critical_extension");
    const empty = { ...malformed, value: derSequence() };
    const readable = issue(leaf, intermediate, { extensions: [...leafExtensions, empty] });
    expect(verdict({ leaf: readable, handledExtensions })).toBe("ok");
  });

  test.each<[string, string, Uint8Array]>([
    ["no name", Oid.issuerAltName, derSequence()],
    ["no distribution point", Oid.cRLDistributionPoints, derSequence()],
    [
      "a distribution point of reasons alone",
      Oid.cRLDistributionPoints,
      derSequence(derSequence(Uint8Array.of(0x81, 2, 5, 0x60))),
    ],
    ["no access description", Oid.authorityInfoAccess, derSequence()],
  ])("may be empty where it means one thing: %s", (_, oid, value) => {
    const { issuerAlternativeName, cRLDistributionPoints, authorityInfoAccess } = withExtension(oid, value);
    expect([issuerAlternativeName, cRLDistributionPoints, authorityInfoAccess].filter(Boolean)).toHaveLength(1);
  });

  test("reasons with zeros at their end, or that aren't defined", () => {
    const points = derSequence(
      derSequence(derExplicit(0, derElement(0xa0, uri("a:"))), Uint8Array.of(0x81, 3, 4, 0x60, 0x70)),
    );
    const [point] = withExtension(Oid.freshestCRL, points).freshestCRL ?? [];
    expect([...(point?.reasons ?? [])]).toEqual(["keyCompromise", "cACompromise"]);
  });

  test("a precertificate is one whatever its poison is; a no-check counts only as a NULL", () => {
    expect(withExtension(Oid.certificateTransparencyPoison, Uint8Array.of(5, 1, 0)).isPrecertificate).toBe(true);
    expect(withExtension(Oid.ocspNoCheck, Uint8Array.of(5, 0, 0)).ocspNoCheck).toBe(false);
  });
});

describe("a policy's qualifiers are for people", () => {
  const policies = (...qualifiers: readonly Uint8Array[]): Uint8Array =>
    derSequence(derSequence(derOid("1.2.3"), derSequence(...qualifiers)));
  const notice = (tag: number, text: Uint8Array): Uint8Array =>
    derSequence(derOid(Oid.idQtUnotice), derSequence(derElement(tag, text)));

  test.each<[string, Uint8Array]>([
    ["VisibleString with accents", notice(0x1a, ascii("d\u00e9claration"))],
    ["IA5String with accents", notice(0x16, ascii("d\u00e9claration"))],
    ["UTF8String that is none", notice(0x0c, Uint8Array.of(0xff))],
    ["a notice that is no sequence", derSequence(derOid(Oid.idQtUnotice), derNull())],
    ["a pointer that is no text", derSequence(derOid(Oid.idQtCps), derNull())],
  ])("one that can't be read says so, and the policy holds: %s", (_, qualifier) => {
    const value = policies(qualifier);
    const certificate = issue(leaf, intermediate, {
      extensions: [...leafExtensions, { oid: Oid.certificatePolicies, critical: true, value }],
    });
    expect(certificate.certificatePolicies?.[0]?.qualifiers).toMatchObject([{ type: "unreadable" }]);
    expect(encodeCertificatePolicies(certificate.certificatePolicies ?? [])).toEqual(value);
    const ca = issue(intermediate, root, {
      extensions: [...caExtensions, { oid: Oid.certificatePolicies, critical: false, value }],
    });
    const result = verify({
      leaf: certificate,
      intermediates: [ca],
      policies: { userInitialPolicySet: ["1.2.3"], initialExplicitPolicy: true },
    });
    expect(result.ok && result.chain.policies).toEqual(["1.2.3"]);
  });

  test.each<[string, Uint8Array, string]>([
    ["a newline in a VisibleString", notice(0x1a, ascii("a\nb")), "a\nb"],
    ["a PrintableString", notice(0x13, ascii("a & b")), "a & b"],
  ])("text of another type is text: %s", (_, qualifier, explicitText) => {
    const [policy] = withExtension(Oid.certificatePolicies, policies(qualifier)).certificatePolicies ?? [];
    expect(policy?.qualifiers).toMatchObject([{ type: "userNotice", explicitText }]);
  });

  test("none at all, in a list for them", () => {
    const [policy] = withExtension(Oid.certificatePolicies, policies()).certificatePolicies ?? [];
    expect(policy).toEqual({ policyIdentifier: "1.2.3", qualifiers: [] });
  });
});

test("a minimum that is the default may be written out in name constraints; no other may stand there", () => {
  const withMinimum = (minimum: number): Uint8Array =>
    derSequence(
      derElement(
        0xa0,
        derSequence(encodeGeneralName({ type: "dNSName", value: "a" }), Uint8Array.of(0x80, 1, minimum)),
      ),
    );
  expect(withExtension(Oid.nameConstraints, withMinimum(0)).nameConstraints?.permittedSubtrees).toEqual([
    { type: "dNSName", value: "a" },
  ]);
  expect(() => withExtension(Oid.nameConstraints, withMinimum(1))).toThrow(X509Error);
});
