import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import {
  Certificate,
  type IntermediateSource,
  notChecked,
  TrustAnchor,
  TrustAnchors,
  type VerificationLimits,
  type VerificationResult,
  verifyCertificateSync,
} from "../../src/index.ts";
import { bytes, Differences } from "./support.ts";

interface PathBuilder {
  readonly certificates: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly target: string;
    readonly trustAnchors: readonly string[];
    readonly distrusted: readonly string[];
    readonly intermediates: readonly string[];
    /** Got by whoever asks for them, by the name of an issuer. */
    readonly asyncIntermediates?: readonly string[];
    readonly expectedAsyncQueries?: number;
    readonly time: string;
    readonly iterationLimit?: number;
    readonly depthLimit?: number;
    readonly expected: { readonly valid: boolean };
  }[];
}

const distrust = "there is no list of certificates that are distrusted: whoever distrusts one doesn't hand it in";
const differences = new Differences({
  "MultiRoot.TestPreCertificate.Accepted": "a precertificate is never accepted (RFC 6962 §3.1)",
  "Distrust.Target": distrust,
  "Distrust.Intermediate": distrust,
});

/** When the chains of key-rollover are valid, by BoringSSL's oldchain.test. The vectors give a later time, which is an error. */
const rolloverTime = "2015-03-02T12:00:00Z";

describeVectors<PathBuilder>("path-builder", "boringssl-pki/path-builder.json", ({ certificates, cases }) => {
  const read = new Map(
    Object.entries(certificates).map(([name, der]) => [name, Certificate.fromDer(bytes(der))] as const),
  );
  const named = (name: string): Certificate => {
    const certificate = read.get(name);
    if (certificate === undefined) throw new RangeError(`no certificate ${name}`);
    return certificate;
  };

  test("no difference is stale", () => {
    differences.expectNoneStale(cases.map(({ name }) => name));
  });

  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
    const anchors = vector.trustAnchors.filter((anchor) => !vector.distrusted.includes(anchor)).map(named);
    const limits: Partial<VerificationLimits> = {
      ...(vector.depthLimit === undefined ? {} : { chainLength: vector.depthLimit }),
      ...(vector.iterationLimit === undefined ? {} : { issuerCandidates: vector.iterationLimit }),
    };
    const fetchable = (vector.asyncIntermediates ?? []).map(named);
    let queries = 0;
    const missingIntermediates: IntermediateSource = {
      begin: () => ({
        *issuersOf({ issuer }) {
          queries += 1;
          return { certificates: fetchable.filter(({ subject }) => subject.equals(issuer)), tried: [] };
        },
      }),
    };
    const verify = (intermediates: readonly Certificate[], source?: IntermediateSource): VerificationResult =>
      verifyCertificateSync({
        provider: nodeProvider,
        leaf: named(vector.target),
        intermediates,
        missingIntermediates: source,
        anchors: TrustAnchors.of(
          anchors.map(({ subject, subjectPublicKeyInfo }) =>
            TrustAnchor.fromParts({ subject: subject.der, subjectPublicKeyInfo: subjectPublicKeyInfo.der }),
          ),
        ),
        at: new Date(name.startsWith("KeyRollover.") ? rolloverTime : vector.time),
        purpose: "any",
        hostname: notChecked,
        revocation: notChecked,
        limits,
        dangerousMinimumRsaBits: 1024,
      });
    const atHand = vector.intermediates.map(named);
    const result = verify(atHand, missingIntermediates);
    if (vector.expectedAsyncQueries !== undefined) expect(queries).toBe(vector.expectedAsyncQueries);
    // asked only when those at hand lead nowhere
    if (verify(atHand).ok) expect(queries).toBe(0);
    expect(verify([...atHand, ...fetchable]).ok).toBe(result.ok);
    differences.expect(name, result.ok, vector.expected.valid);
    // whatever path was found, it leads from the target to an anchor that was given
    if (!result.ok) return;
    expect(result.chain.leaf).toBe(named(vector.target));
    expect(anchors.some(({ subject }) => subject.equals(result.chain.anchor.name))).toBe(true);
  });
});
