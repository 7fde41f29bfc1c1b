import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { decodeNameConstraints } from "../../src/extensions/name-constraints.ts";
import { decodeGeneralNames } from "../../src/general-name.ts";
import { defaultVerificationLimits, type GeneralName, GeneralNames, Name } from "../../src/index.ts";
import { Budget } from "../../src/verification/budget.ts";
import { NameConstraintState } from "../../src/verification/name-constraint-state.ts";
import { bytes, Differences, reads, unlessRefused } from "./support.ts";

interface Check {
  readonly dNSName?: string;
  readonly iPAddress?: string;
  readonly directoryName?: string;
  readonly subject?: string;
  readonly subjectAltName?: string;
  readonly permitted: boolean | "unlessCritical";
}

interface Constraints {
  readonly cases: readonly {
    readonly name: string;
    readonly constraints: string;
    readonly expected: { readonly parses: boolean };
    readonly checks?: readonly Check[];
  }[];
}

const noName = Name.fromDer(bytes("MAA="));

/** The names of a certificate that has these alone. */
function namesOf(check: Check): Parameters<NameConstraintState["violationOf"]>[0] {
  const one = (name: GeneralName) => ({ subject: noName, subjectAlternativeName: new GeneralNames([name]) });
  if (check.dNSName !== undefined) return one({ type: "dNSName", value: check.dNSName });
  if (check.iPAddress !== undefined) {
    return one({ type: "iPAddress", value: new Uint8Array(Buffer.from(check.iPAddress, "hex")) });
  }
  if (check.directoryName !== undefined) {
    return one({ type: "directoryName", value: Name.fromDer(bytes(check.directoryName)) });
  }
  const { subject = "", subjectAltName } = check;
  return {
    subject: Name.fromDer(bytes(subject)),
    subjectAlternativeName:
      subjectAltName === undefined ? undefined : decodeGeneralNames(bytes(subjectAltName), "the alternative name"),
  };
}

const malformed = "its otherName has no [0] EXPLICIT around its value";
const parsing = new Differences({
  OtherNamesInPermitted: malformed,
  OtherNamesInExcluded: malformed,
  QuotedRfc822SanWithNoRfc822Constraints: malformed,
  "failsOnGeneralSubtreeWithMinimumZeroEncodedUnnecessarily: dnsname-with_min_0.pem":
    "X.690 §11.5 binds whoever writes: a default that is written out is the same constraint",
});

const partialWildcard = "a name that no host has may stand for what is excluded: wildcards are whole labels";
const differences = new Differences({
  "DNSNames: *xcluded.permitted.example.com": partialWildcard,
  "DNSNames: exclude*.permitted.example.com": partialWildcard,
  "DNSNames: excl*ded.permitted.example.com": partialWildcard,
  "DNSNamesExcludeOnly: ": "the empty name is no host's",
  "DNSNamesExcludeDot: permitted.example.com": "a base that is no domain excludes all",
  "DNSNamesExcludeDot: foo.permitted.example.com": "a base that is no domain excludes all",
});

describeVectors<Constraints>("name-constraints", "boringssl-pki/name-constraints.json", ({ cases }) => {
  test("no difference is stale", () => {
    parsing.expectNoneStale(cases.map(({ name }) => name));
    const checks = cases.flatMap(({ name, checks = [] }) => checks.map(({ dNSName }) => `${name}: ${dNSName}`));
    differences.expectNoneStale(checks);
  });

  test.each(cases.map((vector) => [vector.name, vector] as const))(
    "%s",
    (name, { constraints, expected, checks = [] }) => {
      const decoded = unlessRefused(() => decodeNameConstraints(bytes(constraints)));
      parsing.expect(name, decoded !== undefined, expected.parses);
      for (const check of checks) {
        // a certificate whose names can't be read isn't permitted anything
        if (decoded === undefined || !reads(() => namesOf(check))) continue;
        const state = new NameConstraintState(new Budget(defaultVerificationLimits));
        state.impose(decoded, noName);
        const permitted = state.violationOf(namesOf(check), false) === undefined;
        const label = `${name}: ${check.dNSName ?? check.iPAddress ?? check.directoryName ?? check.subjectAltName ?? ""}`;
        // Forms that can't be evaluated are refused whether the constraint is critical or not. URIs are evaluated.
        differences.expect(label, permitted, check.permitted === true);
      }
    },
  );
});

test("URIs are held to hosts and domains (RFC 5280 §4.2.1.10)", () => {
  const verdicts = (base: string, ...uris: readonly string[]): readonly boolean[] =>
    uris.map((value) => {
      const state = new NameConstraintState(new Budget(defaultVerificationLimits));
      const permittedSubtrees: GeneralName[] = [{ type: "uniformResourceIdentifier", value: base }];
      state.impose({ permittedSubtrees, excludedSubtrees: [] }, noName);
      const names = new GeneralNames([{ type: "uniformResourceIdentifier", value }]);
      return state.violationOf({ subject: noName, subjectAlternativeName: names }, false) === undefined;
    });
  const uris = [
    "https://example.org",
    "http://user@EXAMPLE.org:8080/a@b",
    "ldap://www.example.org/x",
    "ftp://a.b.example.org?",
  ];
  expect(verdicts("example.org", ...uris)).toEqual([true, true, false, false]);
  expect(verdicts(".example.org", ...uris)).toEqual([false, false, true, true]);
  // nothing that has no host, or an address for one
  const odd = [
    "urn:example.org",
    "https:example.org",
    "https://192.0.2.1/",
    "https://[::1]/",
    "https://",
    "//example.org",
  ];
  expect(verdicts("example.org", ...odd)).toEqual(odd.map(() => false));
  // whose host two readers see differently
  const sly = [
    "https://evil.example\\@example.org/",
    "https://evil.example@x@example.org",
    "https://example.org\0.evil",
  ];
  expect(verdicts("example.org", ...sly)).toEqual(sly.map(() => false));
});
