import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { Certificate, notChecked, TrustAnchors, verifyCertificateSync } from "../../src/index.ts";
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

/** What is invalid on account of a CRL alone. */
const byCrl = new Set([
  "4.4.1",
  "4.4.2",
  "4.4.3",
  "4.4.4",
  "4.4.5",
  "4.4.6",
  "4.4.8",
  "4.4.9",
  "4.4.10",
  "4.4.11",
  "4.4.12",
  "4.4.18",
  "4.4.20",
  "4.4.21",
  "4.5.2",
  "4.5.5",
  "4.5.7",
  "4.7.4",
  "4.7.5",
  "4.14.2",
  "4.14.3",
  "4.14.6",
  "4.14.8",
  "4.14.9",
  "4.14.11",
  "4.14.12",
  "4.14.14",
  "4.14.15",
  "4.14.16",
  "4.14.17",
  "4.14.20",
  "4.14.21",
  "4.14.23",
  "4.14.26",
  "4.14.27",
  "4.14.31",
  "4.14.32",
  "4.14.34",
  "4.14.35",
  "4.15.1",
  "4.15.3",
  "4.15.4",
  "4.15.6",
  "4.15.9",
  "4.15.10",
]);

describeVectors<Pkits>("PKITS", "pkits/pkits.json", ({ time, certificates, tests }) => {
  const read = new Map(
    Object.entries(certificates).map(([name, der]) => [name, unlessRefused(() => Certificate.fromDer(bytes(der)))]),
  );

  test("no difference is stale", () => {
    differences.expectNoneStale(tests.map(({ number, name }) => `${number} ${name}`));
  });

  test.each(tests.map((vector) => [`${vector.number} ${vector.name}`, vector] as const))("%s", (name, vector) => {
    const leaf = read.get(vector.target);
    const anchor = read.get(vector.trustAnchor);
    const intermediates = vector.intermediates.map((intermediate) => read.get(intermediate));
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
            revocation: notChecked,
            policies: {
              userInitialPolicySet: vector.initialPolicySet,
              initialExplicitPolicy: vector.initialExplicitPolicy,
              initialPolicyMappingInhibit: vector.initialPolicyMappingInhibit,
              initialAnyPolicyInhibit: vector.initialInhibitAnyPolicy,
            },
          });
    differences.expect(name, result?.ok === true, vector.expected.valid || byCrl.has(vector.number));
    if (result?.ok !== true) return;
    expect(result.chain.policies.toSorted()).toEqual(vector.expected.userConstrainedPolicySet.toSorted());
  });
});
