import { byCode, type CertificateKeyType, type SignatureScheme } from "@tlskit/ciphersuites";
import type { SignatureAlgorithm } from "@tlskit/crypto";
import type { Credential } from "../credential.ts";
import type { SignatureRules } from "./protocol.ts";

/** How a certificate's key is going to sign. */
export interface SchemeChoice {
  readonly signatureScheme: SignatureScheme;
  /** What the scheme means with the certificate's key. */
  readonly algorithm: SignatureAlgorithm;
}

/** Those of our schemes that a peer lists, in its order. */
export function commonSchemes(ours: readonly SignatureScheme[], listed: readonly number[]): readonly SignatureScheme[] {
  return listed.flatMap((code) => byCode(ours, code) ?? []);
}

/**
 * Those of our schemes that certificates are found by: what the peer lists, in its order, and what else stands for a kind of
 * key that can sign by what it lists.
 */
export function schemesOfUsableKeys(
  rules: SignatureRules,
  ours: readonly SignatureScheme[],
  common: readonly SignatureScheme[],
): readonly SignatureScheme[] {
  const ofUsableKeys = ours.filter(({ keyType }) => common.some((scheme) => isOfAnotherKey(rules, scheme, keyType)));
  return [...new Set([...common.filter((scheme) => ours.includes(scheme)), ...ofUsableKeys])];
}

/**
 * The peer's first choice of those that are the certificate's own. If it lists none of these: of ECDSA with whatever hash the
 * signer has, or what goes without saying.
 */
export function chooseScheme(
  rules: SignatureRules,
  { signatureSchemes, signer }: Credential,
  common: readonly SignatureScheme[],
): SchemeChoice | undefined {
  const keyType = signatureSchemes[0]?.keyType;
  if (keyType === undefined) return undefined;
  // What its owner has ruled out stays so.
  const own = common.filter((scheme) => signatureSchemes.includes(scheme));
  const others = common.filter((scheme) => isOfAnotherKey(rules, scheme, keyType));
  for (const signatureScheme of [...own, ...others]) {
    const algorithm = rules.algorithm(signatureScheme, keyType);
    if (algorithm !== undefined && signer.algorithms.includes(algorithm)) return { signatureScheme, algorithm };
  }
  return undefined;
}

/**
 * RFC 9846 §4.3.3#tls12-curves: whether a key of this kind signs by a scheme that no owner of one lists as its own: that of
 * another curve, or of a version that has no lists.
 */
function isOfAnotherKey({ algorithm }: SignatureRules, scheme: SignatureScheme, keyType: CertificateKeyType): boolean {
  return (scheme.keyType !== keyType || !isListable(scheme)) && algorithm(scheme, keyType) !== undefined;
}

/** Whether there are lists that it could stand in: those of versions before TLS 1.2 go without saying. */
function isListable({ inCertificates, inCertificateVerify }: SignatureScheme): boolean {
  return inCertificates || inCertificateVerify.length > 0;
}
