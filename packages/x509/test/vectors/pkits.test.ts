import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import {
  Certificate,
  CertificateRevocationList,
  checkRevocation,
  notChecked,
  TrustAnchors,
  verifyCertificateSync,
} from "../../src/index.ts";
import { bytes, Differences, unlessRefused } from "./support.ts";

interface Pkits {
  readonly time: string;
  readonly certificates: Readonly<Record<string, string>>;
  readonly crls: Readonly<Record<string, string>>;
  readonly tests: readonly {
    readonly number: string;
    readonly name: string;
    readonly trustAnchor: string;
    readonly intermediates: readonly string[];
    readonly target: string;
    readonly crls: readonly string[];
    readonly initialPolicySet: readonly string[];
    readonly initialExplicitPolicy: boolean;
    readonly initialPolicyMappingInhibit: boolean;
    readonly initialInhibitAnyPolicy: boolean;
    readonly expected: { readonly valid: boolean; readonly userConstrainedPolicySet: readonly string[] };
  }[];
}

const dsa = "DSA is not supported: FIPS 186-5 took it back";
const differences = new Differences({
  "4.1.4 Valid DSA Signatures Test4": dsa,
  "4.1.5 Valid DSA Parameter Inheritance Test5": dsa,
});

describeVectors<Pkits>("PKITS", "pkits/pkits.json", ({ time, certificates, crls: crlBytes, tests }) => {
  const read = new Map(
    Object.entries(certificates).map(([name, der]) => [name, unlessRefused(() => Certificate.fromDer(bytes(der)))]),
  );

  const readCrls = new Map(
    Object.entries(crlBytes).map(([name, der]) => [
      name,
      unlessRefused(() => CertificateRevocationList.fromDer(bytes(der))),
    ]),
  );

  test("no difference is stale", () => {
    differences.expectNoneStale(tests.map(({ number, name }) => `${number} ${name}`));
  });

  test.each(tests.map((vector) => [`${vector.number} ${vector.name}`, vector] as const))("%s", (name, vector) => {
    const leaf = read.get(vector.target);
    const anchor = read.get(vector.trustAnchor);
    const intermediates = vector.intermediates.map((intermediate) => read.get(intermediate));
    // one that can't be read says nothing
    const crls = vector.crls.map((crl) => readCrls.get(crl)).filter((crl) => crl !== undefined);
    const result =
      leaf === undefined || anchor === undefined
        ? undefined
        : verifyCertificateSync({
            provider: nodeProvider,
            leaf,
            // one that can't be read leads nowhere
            intermediates: intermediates.filter((intermediate) => intermediate !== undefined),
            anchors: TrustAnchors.of([anchor]),
            at: new Date(time),
            purpose: "any",
            hostname: notChecked,
            revocation: checkRevocation({ mode: "required", certificates: "chain", crls }),
            policies: {
              userInitialPolicySet: vector.initialPolicySet,
              initialExplicitPolicy: vector.initialExplicitPolicy,
              initialPolicyMappingInhibit: vector.initialPolicyMappingInhibit,
              initialAnyPolicyInhibit: vector.initialInhibitAnyPolicy,
            },
          });
    differences.expect(name, result?.ok === true, vector.expected.valid);
    if (result?.ok !== true) return;
    expect(result.chain.policies.toSorted()).toEqual(vector.expected.userConstrainedPolicySet.toSorted());
  });
});
