import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { decodeCertificatePolicies } from "../../src/extensions/certificate-policies.ts";
import { Oid, type PolicyQualifier } from "../../src/index.ts";
import { bytes, unlessRefused } from "./support.ts";

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

describeVectors<Policies>("certificate-policies", "boringssl-pki/certificate-policies.json", ({ cases }) => {
  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (_, { extensionValue, expected }) => {
    const policies = unlessRefused(() => decodeCertificatePolicies(bytes(extensionValue)));
    expect(policies !== undefined).toBe(expected.valid);
    expect(policies?.map(({ policyIdentifier }) => policyIdentifier)).toEqual(expected.policies);
    for (const [index, qualifiers] of (expected.qualifiers ?? []).entries()) {
      expect(policies?.[index]?.qualifiers).toEqual(qualifiers.map(qualifierOf));
    }
  });
});
