import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import {
  Certificate,
  notChecked,
  type Purpose,
  TrustAnchor,
  TrustAnchors,
  type VerificationResult,
  verifyCertificateSync,
} from "../../src/index.ts";
import { bytes, Differences, unlessRefused } from "./support.ts";

interface Chain {
  readonly name: string;
  readonly chain: readonly string[];
  readonly time: string;
  readonly keyPurpose: string;
  readonly lastCertificateTrust: string;
  readonly expected: { readonly valid: boolean; readonly userConstrainedPolicySet: readonly string[] };
}

/** RCS-MLS, whose certificates have critical extensions of their own. */
const mlsClientAuth: Purpose = { oid: "2.23.146.2.1.3" };

const purposes = new Map<string, Purpose>([
  ["ANY_EKU", "any"],
  ["SERVER_AUTH", "serverAuth"],
  ["SERVER_AUTH_STRICT", "serverAuth"],
  ["SERVER_AUTH_STRICT_LEAF", "serverAuth"],
  ["CLIENT_AUTH", "clientAuth"],
  ["CLIENT_AUTH_STRICT", "clientAuth"],
  ["CLIENT_AUTH_STRICT_LEAF", "clientAuth"],
  ["MLS_CLIENT_AUTH", mlsClientAuth],
]);

/** What "trusted" means in the vectors, in our words. */
function anchorsOf(trust: string, last: Certificate): readonly TrustAnchor[] {
  const parts = { subject: last.subject.der, subjectPublicKeyInfo: last.subjectPublicKeyInfo.der };
  const { validity } = last;
  switch (trust) {
    case "DISTRUSTED":
    case "UNSPECIFIED":
      return [];
    case "TRUSTED_ANCHOR":
      return [TrustAnchor.fromParts(parts)];
    case "TRUSTED_ANCHOR_WITH_EXPIRATION":
      return [TrustAnchor.fromParts({ ...parts, validity })];
    case "TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS":
      return [TrustAnchor.fromCertificate(last, { validity })];
    case "TRUSTED_ANCHOR_OR_LEAF":
      return [TrustAnchor.fromParts(parts), TrustAnchor.fromCertificate(last)];
    default:
      return [TrustAnchor.fromCertificate(last)];
  }
}

function verify(vector: Chain, provider: CryptoProvider): VerificationResult | undefined {
  const certificates = unlessRefused(() => vector.chain.map((der) => Certificate.fromDer(bytes(der))));
  const leaf = certificates?.at(0);
  const last = certificates?.at(-1);
  const purpose = purposes.get(vector.keyPurpose);
  if (certificates === undefined || leaf === undefined || last === undefined || purpose === undefined) return undefined;
  return verifyCertificateSync({
    provider,
    leaf,
    intermediates: certificates.slice(1, -1),
    anchors: TrustAnchors.of(anchorsOf(vector.lastCertificateTrust, last)),
    at: new Date(vector.time),
    purpose,
    hostname: notChecked,
    revocation: notChecked,
    leafKeyUsage: notChecked,
    handledExtensions: purpose === mlsClientAuth ? ["2.23.146.2.1.4", "2.23.146.2.1.5"] : [],
    dangerousMinimumRsaBits: 1024,
  });
}

const strict = "BoringSSL's strict profiles ask more of a leaf than its purpose: an extended key usage, and no CA";
const sha1 = "SHA-1 proves nothing";
const mls = "the profile of RCS-MLS asks more than a purpose";
const pinnedLeaf = "only a self-issued leaf is accepted for being itself an anchor";
const anchorIsCa = "a certificate of version 3 that is an anchor must say that it is a CA";
const differences = new Differences({
  "intermediate-eku-any-and-clientauth/serverauth-strict": strict,
  "target-eku-any/clientauth-strict-leaf": strict,
  "target-eku-any/clientauth-strict": strict,
  "target-eku-any/serverauth-strict-leaf": strict,
  "target-eku-any/serverauth-strict": strict,
  "target-eku-clientauth/clientauth-strict": strict,
  "target-eku-many/clientauth-strict-leaf": strict,
  "target-eku-many/clientauth-strict": strict,
  "target-eku-many/serverauth-strict-leaf": strict,
  "target-eku-many/serverauth-strict": strict,
  "target-eku-none/clientauth-strict-leaf": strict,
  "target-eku-none/clientauth-strict": strict,
  "target-eku-none/serverauth-strict": strict,
  "target-has-ca-basic-constraints/strict": strict,
  "target-not-end-entity/strict-leaf": strict,
  "target-not-end-entity/strict": strict,
  "intermediate-eku-mlsclientauth-extra/mlsclientauth": mls,
  "target-eku-any/mlsclientauth": mls,
  "target-eku-none/mlsclientauth": mls,
  "intermediate-eku-server-gated-crypto/sha1-eku-any": sha1,
  "issuer-and-subject-not-byte-for-byte-equal/anchor": sha1,
  "issuer-and-subject-not-byte-for-byte-equal/target": sha1,
  "root-lacks-basic-constraints/ta-with-constraints": anchorIsCa,
  "root-lacks-basic-constraints/ta-with-require-basic-constraints": anchorIsCa,
  "target-and-intermediate/trusted_leaf-root": "an anchor that is a CA may issue",
  "target-has-ca-basic-constraints/target_only-trusted_leaf": pinnedLeaf,
  "target-has-ca-basic-constraints/target_only-trusted_leaf-strict": pinnedLeaf,
  "target-only/trusted_leaf": pinnedLeaf,
  "target-only/trusted_leaf-and-trust_anchor": pinnedLeaf,
  "target-selfissued/trusted_leaf_require_self_signed": "it is an anchor byte for byte, whoever signed it",
  "target-msapplicationpolicies-and-eku/main": "Microsoft's application policies are not understood, and critical",
  "many-names/ok-all-types": "the leaf has names that aren't permitted; BoringSSL doesn't run it",
});

describeVectors<{ readonly cases: readonly Chain[] }>(
  "verify-certificate-chain",
  "boringssl-pki/verify-certificate-chain.json",
  ({ cases }) => {
    /** C2PA takes any of several purposes, as no RFC has it. */
    const ours = cases.filter(({ keyPurpose }) => purposes.has(keyPurpose));

    test("all but the four for C2PA are run, and no difference is stale", () => {
      expect(cases.length - ours.length).toBe(4);
      differences.expectNoneStale(ours.map(({ name }) => name));
    });

    describe.each([nodeProvider, nobleProvider])("by $name", (provider) => {
      test.each(ours.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
        const result = verify(vector, provider);
        differences.expect(name, result?.ok === true, vector.expected.valid);
        if (result?.ok !== true || differences.has(name)) return;
        expect(result.chain.policies.toSorted()).toEqual(vector.expected.userConstrainedPolicySet.toSorted());
      });
    });
  },
);
