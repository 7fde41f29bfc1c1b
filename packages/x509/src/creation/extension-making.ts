import { concat } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { type AccessDescription, encodeAccessDescriptions } from "../extensions/access-descriptions.ts";
import { encodeCertificatePolicies, type PolicyInformation } from "../extensions/certificate-policies.ts";
import { type DistributionPoint, encodeDistributionPoints } from "../extensions/distribution-points.ts";
import { encodeExtendedKeyUsage } from "../extensions/extended-key-usage.ts";
import type { Extension } from "../extensions/extension.ts";
import { encodeKeyUsage, type KeyUsage } from "../extensions/key-usage.ts";
import { encodeNameConstraints } from "../extensions/name-constraints.ts";
import {
  encodeInhibitAnyPolicy,
  encodePolicyConstraints,
  encodePolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from "../extensions/policy-restrictions.ts";
import { encodeTlsFeature } from "../extensions/tls-feature.ts";
import { type GeneralName, GeneralNames } from "../general-name.ts";
import { parseIpAddress } from "../ip-address.ts";
import { maximumUrlCharacters } from "../limits.ts";
import { Oid } from "../oids.ts";

/** RFC 5280 §4.2.1.3: what a key may be used for. Critical. */
export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  nonEmpty(usages, "a key usage");
  return { oid: Oid.keyUsage, critical: true, value: encodeKeyUsage(usages) };
}

/** RFC 5280 §4.2.1.12: what a certificate is for, as object identifiers. */
export function extendedKeyUsageExtension(purposes: readonly string[]): Extension {
  nonEmpty(purposes, "an extended key usage");
  return { oid: Oid.extKeyUsage, critical: false, value: encodeExtendedKeyUsage(purposes) };
}

/**
 * RFC 5280 §4.2.1.10: which names those below a CA may have. Critical. Addresses are of {@link addressSubtree}.
 * @throws {X509Error} `invalid_argument`
 */
export function nameConstraintsExtension(constraints: {
  readonly permitted?: readonly GeneralName[];
  readonly excluded?: readonly GeneralName[];
}): Extension {
  const { permitted = [], excluded = [] } = constraints;
  const value = encodeNameConstraints({ permittedSubtrees: permitted, excludedSubtrees: excluded });
  return { oid: Oid.nameConstraints, critical: true, value };
}

/**
 * Addresses for name constraints, in the notation of RFC 4632: `10.0.0.0/8`, `2001:db8::/32`.
 * @throws {X509Error} `invalid_argument`, also for an address with bits outside of its prefix
 */
export function addressSubtree(prefix: string): GeneralName {
  const [text = "", length = ""] = prefix.split("/");
  const address = parseIpAddress(text);
  const bits = /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (address === undefined || prefix.split("/").length !== 2 || !(bits <= address.length * 8)) {
    throw x509Error("invalid_argument", `not an address and the length of its prefix: ${JSON.stringify(prefix)}`);
  }
  const mask = address.map((_, index) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * index))));
  if (address.some((octet, index) => (octet & ~(mask[index] ?? 0)) !== 0)) {
    throw x509Error("invalid_argument", `${prefix} has bits outside of its prefix`);
  }
  return { type: "iPAddress", value: concat(address, mask) };
}

/** RFC 5280 §4.2.1.4: the policies of a certificate; those without qualifiers as object identifiers alone. */
export function certificatePoliciesExtension(policies: readonly (string | PolicyInformation)[]): Extension {
  nonEmpty(policies, "a list of policies");
  const value = encodeCertificatePolicies(
    policies.map((policy) => (typeof policy === "string" ? { policyIdentifier: policy, qualifiers: [] } : policy)),
  );
  return { oid: Oid.certificatePolicies, critical: false, value };
}

/** RFC 5280 §4.2.1.5: for CAs. Critical. */
export function policyMappingsExtension(mappings: readonly PolicyMapping[]): Extension {
  nonEmpty(mappings, "a list of policy mappings");
  for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
    // RFC 5280 §4.2.1.5: anyPolicy is neither mapped nor mapped to
    if (issuerDomainPolicy === Oid.anyPolicy || subjectDomainPolicy === Oid.anyPolicy) {
      throw x509Error("invalid_argument", "anyPolicy can't be mapped");
    }
  }
  return { oid: Oid.policyMappings, critical: true, value: encodePolicyMappings(mappings) };
}

/** RFC 5280 §4.2.1.11: for CAs. Critical. */
export function policyConstraintsExtension(constraints: Partial<PolicyConstraints>): Extension {
  const { requireExplicitPolicy, inhibitPolicyMapping } = constraints;
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined) {
    throw x509Error("invalid_argument", "policy constraints constrain something");
  }
  for (const skip of [requireExplicitPolicy, inhibitPolicyMapping]) if (skip !== undefined) wholeNumber(skip);
  const value = encodePolicyConstraints({ requireExplicitPolicy, inhibitPolicyMapping });
  return { oid: Oid.policyConstraints, critical: true, value };
}

/** RFC 5280 §4.2.1.14: after how many more certificates anyPolicy stands for no others. For CAs. Critical. */
export function inhibitAnyPolicyExtension(skip: number): Extension {
  wholeNumber(skip);
  return { oid: Oid.inhibitAnyPolicy, critical: true, value: encodeInhibitAnyPolicy(skip) };
}

/** RFC 5280 §4.2.2.1: where the issuer answers OCSP, and where its certificate is to be had, as URLs; or whatever else. */
export function authorityInfoAccessExtension(access: {
  readonly ocsp?: readonly string[];
  readonly caIssuers?: readonly string[];
  readonly others?: readonly AccessDescription[];
}): Extension {
  const { ocsp = [], caIssuers = [], others = [] } = access;
  const at = (accessMethod: string, urls: readonly string[]): readonly AccessDescription[] =>
    urls.map((url) => ({ accessMethod, accessLocation: location(url) }));
  const descriptions = [...at(Oid.ocsp, ocsp), ...at(Oid.caIssuers, caIssuers), ...others];
  nonEmpty(descriptions, "a list of places");
  return { oid: Oid.authorityInfoAccess, critical: false, value: encodeAccessDescriptions(descriptions) };
}

/** RFC 5280 §4.2.1.13: where CRLs are to be had, as URLs, each for all that the issuer revokes; or described whole. */
export function crlDistributionPointsExtension(points: readonly (string | DistributionPoint)[]): Extension {
  nonEmpty(points, "a list of distribution points");
  const value = encodeDistributionPoints(
    points.map((point) =>
      typeof point === "string"
        ? {
            distributionPoint: { type: "fullName", names: new GeneralNames([location(point)]) },
            reasons: undefined,
            cRLIssuer: undefined,
          }
        : point,
    ),
  );
  return { oid: Oid.cRLDistributionPoints, critical: false, value };
}

/** RFC 7633 §4.3.2#request: TLS extensions that a server promises, as numbers; `[5]`, status_request, is "must staple". */
export function tlsFeatureExtension(features: readonly number[]): Extension {
  nonEmpty(features, "a list of TLS features");
  for (const feature of features) wholeNumber(feature);
  return { oid: Oid.tlsFeature, critical: false, value: encodeTlsFeature(features) };
}

/** RFC 5280 §4.2.1.6, §4.2.1.13, §4.2.2.1: an absolute URI in ASCII. */
function location(url: string): GeneralName {
  if (!/^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(url) || url.length > maximumUrlCharacters) {
    throw x509Error("invalid_argument", `not an absolute URI in ASCII: ${JSON.stringify(url)}`);
  }
  return { type: "uniformResourceIdentifier", value: url };
}

function nonEmpty(list: readonly unknown[], what: string): void {
  if (list.length === 0) throw x509Error("invalid_argument", `${what} has at least one entry`);
}

function wholeNumber(value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
    throw x509Error("invalid_argument", `a whole number from 0 is needed, got ${value}`);
  }
}
