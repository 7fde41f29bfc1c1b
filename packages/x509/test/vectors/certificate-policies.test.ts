import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { decodeCertificatePolicies } from "../../src/extensions/certificate-policies.ts";
import { Oid, type PolicyQualifier } from "../../src/index.ts";
import { bytes, Differences, unlessRefused } from "./support.ts";

interface Policies {
  readonly cases: readonly {
    readonly name: string;
    readonly extensionValue: string;
    readonly expected: {
      readonly valid: boolean;
      readonly policies?: readonly string[];
      /** Of each policy, in their order. */
      readonly qualifiers?: readonly (readonly { readonly oid: string; readonly value: string }[])[];
    };
  }[];
}

function qualifierOf({ oid, value }: { readonly oid: string; readonly value: string }): PolicyQualifier {
  const der = bytes(value);
  return oid === Oid.idQtCps
    ? { type: "cps", uri: Buffer.from(der.subarray(2)).toString("latin1") }
    : { type: "other", qualifierId: oid, value: der };
}

const forPeople = "RFC 5280 §4.2.1.4 binds whoever issues: qualifiers are for people, and decide nothing";
const differences = new Differences({
  "invalid-anypolicy_with_custom_qualifier": forPeople,
  "invalid-policy_1_2_3_with_empty_qualifiers_sequence": forPeople,
});

describeVectors<Policies>("certificate-policies", "boringssl-pki/certificate-policies.json", ({ cases }) => {
  test("no difference is stale", () => {
    differences.expectNoneStale(cases.map(({ name }) => name));
  });

  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, { extensionValue, expected }) => {
    const policies = unlessRefused(() => decodeCertificatePolicies(bytes(extensionValue)));
    differences.expect(name, policies !== undefined, expected.valid);
    if (!expected.valid) return;
    expect(policies?.map(({ policyIdentifier }) => policyIdentifier)).toEqual(expected.policies);
    for (const [index, qualifiers] of (expected.qualifiers ?? []).entries()) {
      expect(policies?.[index]?.qualifiers).toEqual(qualifiers.map(qualifierOf));
    }
  });
});
