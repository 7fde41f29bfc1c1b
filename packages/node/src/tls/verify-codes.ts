import type { Certificate, RefusalCode } from "@tlskit/x509";

/** Why a chain doesn't count: a code of OpenSSL's, as `node:tls` has it, and its text. */
export type VerifyCode = readonly [code: string, text: string];

/** By what `@tlskit/x509` says: a code, or how it depends upon what was shown. */
const verifyCodes: Readonly<Record<RefusalCode, VerifyCode | ((shown: readonly Certificate[]) => VerifyCode)>> = {
  name_mismatch: ["HOSTNAME_MISMATCH", "hostname mismatch"],
  revoked: ["CERT_REVOKED", "certificate revoked"],
  expired: ["CERT_HAS_EXPIRED", "certificate has expired"],
  not_yet_valid: ["CERT_NOT_YET_VALID", "certificate is not yet valid"],
  bad_signature: ["CERT_SIGNATURE_FAILURE", "certificate signature failure"],
  not_a_ca: ["INVALID_CA", "invalid CA certificate"],
  path_length_exceeded: ["PATH_LENGTH_EXCEEDED", "path length constraint exceeded"],
  extended_key_usage: ["INVALID_PURPOSE", "unsuitable certificate purpose"],
  key_usage: ["INVALID_PURPOSE", "unsuitable certificate purpose"],
  chain_too_long: ["CERT_CHAIN_TOO_LONG", "certificate chain too long"],
  budget_exhausted: ["CERT_CHAIN_TOO_LONG", "certificate chain too long"],
  distrusted_anchor: ["CERT_UNTRUSTED", "certificate not trusted"],
  revocation_unknown: ["UNABLE_TO_GET_CRL", "unable to get certificate CRL"],
  name_not_permitted: unspecified("permitted subtree violation"),
  no_valid_policy: unspecified("no explicit policy"),
  weak_key: unspecified("EE certificate key too weak"),
  unsupported_critical_extension: unspecified("unhandled critical extension"),
  unsupported_algorithm: ["CERT_SIGNATURE_FAILURE", "certificate signature failure"],
  bad_staple: unspecified("OCSP verification failed"),
  missing_staple: unspecified("OCSP verification needed"),
  too_few_scts: unspecified("Certificate Transparency required, but no valid SCTs found"),
  no_anchors: untrusted,
  self_signed_untrusted: untrusted,
  unknown_issuer: untrusted,
};

/**
 * What OpenSSL says where we refuse a certificate; nothing if this isn't about one.
 * @param code ours: `certificate_unknown_issuer`.
 * @param shown what the peer showed, its own certificate first.
 */
export function verifyCode(code: string, shown: readonly Certificate[]): VerifyCode | undefined {
  const known: Readonly<Record<string, (typeof verifyCodes)[RefusalCode]>> = verifyCodes;
  const refusal = code.replace(/^certificate_/, "");
  const found = refusal !== code && Object.hasOwn(known, refusal) ? known[refusal] : undefined;
  return typeof found === "function" ? found(shown) : found;
}

/** `node:tls` has names for a part of OpenSSL's codes alone. */
function unspecified(text: string): VerifyCode {
  return ["UNSPECIFIED", text];
}

/** Where a chain ends that leads to nobody who is trusted. */
function untrusted(shown: readonly Certificate[]): VerifyCode {
  const path = pathOf(shown);
  if (path.at(-1)?.selfIssued === true) {
    return path.length === 1
      ? ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"]
      : ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"];
  }
  return path.length > 1
    ? ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"]
    : ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"];
}

/** From the peer's own certificate on as far as what it showed goes: each by its issuer's name. */
function pathOf([leaf, ...others]: readonly Certificate[]): readonly Certificate[] {
  if (leaf === undefined) return [];
  const path = [leaf];
  const left = new Set(others);
  for (let last = leaf; !last.selfIssued; ) {
    const issuer = [...left].find(({ subject }) => subject.equals(last.issuer));
    if (issuer === undefined) break;
    left.delete(issuer);
    path.push(issuer);
    last = issuer;
  }
  return path;
}
