import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import { decodeAccessDescriptions } from "../../src/extensions/access-descriptions.ts";
import { decodeDistributionPoints } from "../../src/extensions/distribution-points.ts";
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier } from "../../src/extensions/key-identifiers.ts";
import { decodeKeyUsage } from "../../src/extensions/key-usage.ts";
import { Certificate, Oid } from "../../src/index.ts";
import { bytes, Differences, reads, unlessRefused } from "./support.ts";

interface Facts {
  readonly extension?: { readonly oid: string; readonly critical: boolean; readonly value: string };
  readonly extensionCount?: number;
  readonly extendedKeyUsageCount?: number;
  readonly keyUsage?: readonly string[];
  readonly policyCount?: number;
  readonly authorityKeyIdentifier?: string;
  readonly subjectKeyIdentifier?: string;
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly policyConstraints?: { readonly requireExplicitPolicy?: number; readonly inhibitPolicyMapping?: number };
  readonly serialNumber?: string;
  readonly inhibitAnyPolicy?: number;
}

interface Parsed {
  readonly cases: readonly {
    readonly kind: string;
    readonly name: string;
    readonly certificate?: string;
    readonly extension?: string;
    readonly extensionValue?: string;
    readonly expected: {
      readonly valid: boolean;
      readonly facts?: Facts;
      readonly keyIdentifier?: string;
      readonly keyUsage?: readonly string[];
      readonly descriptions?: number;
      readonly distributionPoints?: readonly {
        readonly fullName?: readonly unknown[];
        readonly nameRelativeToCRLIssuer?: string;
        readonly reasons?: string;
        readonly cRLIssuer?: string;
      }[];
    };
  }[];
}

const hex = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString("hex");

const plain = (what: string): string => `a rule for whoever issues, whose breach leaves what is meant plain: ${what}`;
const beside = "a name that can't be read takes nothing from those beside it";
const later = "no verdict rests on it: it is decoded when it is asked for, and told then";

const differences = new Differences({
  extension_critical_0: plain("a default that is written out, X.690 §11.5"),
  extensions_empty_sequence: plain("no extension"),
  issuer_bad_printable_string: plain("a string that isn't of its type has no text"),
  subject_not_ascii: plain("a string that isn't of its type has no text"),
  subject_not_printable_string: plain("ASCII"),
  policy_qualifiers_empty_sequence: plain("no qualifier, and they are for people"),
  subjectaltname_bad_ip: beside,
  subjectaltname_dns_not_ascii: beside,
  subjectaltname_general_names_empty_sequence: plain("no name"),
  subject_key_identifier_not_octet_string: later,
  authority_key_identifier_not_sequence: later,
  failed_signature_algorithm: "an algorithm with a tag of several octets",
  subject_blank_subjectaltname_not_critical:
    "RFC 5280 §4.2.1.6 binds whoever issues; an alternative name is always understood here",
  basic_constraints_pathlen_256: "BoringSSL's own limit is 255",
});

const ofPoints = new Differences({
  OnlyReasons: plain("a point that names nothing"),
  EmptyDistributionPoint: plain("a point that names nothing"),
  EmptyDistributionPoints: plain("no point"),
  RelativeNameAndReasonsAndMultipleDPs:
    "its relative name is tagged explicitly, where RFC 5280 appendix A.2 does so implicitly",
});

const ofExtensions = new Differences({
  "AuthorityInfoAccess.EmptySequence": plain("no description"),
});

/**
 * The kinds `certificate` and `tbsCertificate` have placeholders in place of names and keys, which nothing here reads:
 * `certificate.test.ts` has certificates of the same forms with real ones.
 */
describeVectors<Parsed>("parse-certificate", "boringssl-pki/parse-certificate.json", ({ cases }) => {
  const ofKind = (kind: string) =>
    cases.filter((vector) => vector.kind === kind).map((vector) => [vector.name, vector] as const);

  test("no difference is stale", () => {
    for (const list of [differences, ofPoints, ofExtensions]) list.expectNoneStale(cases.map(({ name }) => name));
  });

  describe("certificates", () => {
    test.each(ofKind("parsedCertificate"))("%s", (name, { certificate = "", expected }) => {
      const read = unlessRefused(() => Certificate.fromDer(bytes(certificate)));
      differences.expect(name, read !== undefined, expected.valid);
      if (read !== undefined && expected.facts !== undefined) expectFacts(read, expected.facts);
    });
  });

  test.each(ofKind("authorityKeyIdentifier"))(
    "authority key identifier, %s",
    (_, { extensionValue = "", expected }) => {
      const read = unlessRefused(() => decodeAuthorityKeyIdentifier(bytes(extensionValue)));
      expect(read !== undefined).toBe(expected.valid);
      if (expected.keyIdentifier !== undefined) expect(hex(read?.keyIdentifier)).toBe(expected.keyIdentifier);
    },
  );

  test.each(ofKind("crlDistributionPoints"))("CRL distribution points, %s", (name, vector) => {
    const { certificate = "", extensionValue, expected } = vector;
    const read = unlessRefused(() =>
      extensionValue === undefined
        ? Certificate.fromDer(bytes(certificate)).cRLDistributionPoints
        : decodeDistributionPoints(bytes(extensionValue), "the distribution points"),
    );
    ofPoints.expect(name, read !== undefined, expected.valid);
    for (const [index, point] of (read === undefined ? [] : (expected.distributionPoints ?? [])).entries()) {
      const found = read?.[index];
      const name = found?.distributionPoint;
      expect(name?.type === "fullName" ? name.names.all.length : undefined).toBe(point.fullName?.length);
      const relative = name?.type === "nameRelativeToCRLIssuer" ? name.relativeName.der : undefined;
      expect(relative).toEqual(point.nameRelativeToCRLIssuer && bytes(point.nameRelativeToCRLIssuer));
      expect(found?.reasons !== undefined).toBe(point.reasons !== undefined);
      expect(found?.cRLIssuer !== undefined).toBe(point.cRLIssuer !== undefined);
    }
  });

  const decoders: Readonly<Record<string, (value: Uint8Array) => unknown>> = {
    [Oid.keyUsage]: decodeKeyUsage,
    [Oid.authorityInfoAccess]: (value) => decodeAccessDescriptions(value, "the access descriptions"),
    [Oid.subjectKeyIdentifier]: decodeSubjectKeyIdentifier,
  };
  test.each(ofKind("extension"))("%s", (name, { extension = "", extensionValue = "", expected }) => {
    ofExtensions.expect(
      name,
      reads(() => decoders[extension]?.(bytes(extensionValue))),
      expected.valid,
    );
  });
});

function expectFacts(certificate: Certificate, facts: Facts): void {
  const { extension } = facts;
  if (extension !== undefined) {
    const { critical, value } = certificate.extension(extension.oid) ?? {};
    expect({ oid: extension.oid, critical, value: hex(value) }).toEqual(extension);
  }
  const found: Readonly<Record<keyof Omit<Facts, "extension">, unknown>> = {
    extensionCount: certificate.extensions.length,
    extendedKeyUsageCount: certificate.extendedKeyUsage?.size,
    keyUsage: [...(certificate.keyUsage ?? [])],
    policyCount: certificate.certificatePolicies?.length,
    authorityKeyIdentifier: hex(certificate.authorityKeyIdentifier?.keyIdentifier),
    subjectKeyIdentifier: hex(certificate.subjectKeyIdentifier),
    basicConstraints: certificate.basicConstraints,
    policyConstraints: certificate.policyConstraints,
    serialNumber: hex(certificate.serialNumber),
    inhibitAnyPolicy: certificate.inhibitAnyPolicy,
  };
  // an absent field and one that is undefined are the same here
  for (const [fact, value] of Object.entries(facts)) {
    if (fact in found) expect(found[fact as keyof typeof found], fact).toEqual(value); // just seen to be one
  }
}
