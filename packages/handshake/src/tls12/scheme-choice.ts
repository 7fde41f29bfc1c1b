import { byCode, type SignatureScheme, tls12SignatureAlgorithm } from "@tlskit/ciphersuites";
import type { SignatureAlgorithm } from "@tlskit/crypto";
import type { Credential } from "../credential.ts";

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

/** Those of our schemes that stand for a kind of key that a peer can verify by what it lists. */
export function schemesOfUsableKeys(
  ours: readonly SignatureScheme[],
  common: readonly SignatureScheme[],
): readonly SignatureScheme[] {
  return ours.filter(({ keyType }) => common.some((scheme) => tls12SignatureAlgorithm(scheme, keyType) !== undefined));
}

/** The peer's first choice that the certificate's key can do; of ECDSA with whatever hash the signer has. */
export function chooseScheme(
  { signatureSchemes, signer }: Credential,
  common: readonly SignatureScheme[],
): SchemeChoice | undefined {
  const keyType = signatureSchemes[0]?.keyType;
  if (keyType === undefined) return undefined;
  for (const signatureScheme of common) {
    const algorithm = tls12SignatureAlgorithm(signatureScheme, keyType);
    if (algorithm === undefined || !signer.algorithms.includes(algorithm)) continue;
    // What its owner has ruled out stays so.
    if (signatureScheme.keyType === keyType && !signatureSchemes.includes(signatureScheme)) continue;
    return { signatureScheme, algorithm };
  }
  return undefined;
}
