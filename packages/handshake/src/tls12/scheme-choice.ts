import { byCode, type SignatureScheme } from "@tlskit/ciphersuites";
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

/** Those of our schemes that stand for a kind of key that a peer can verify by what it lists. */
export function schemesOfUsableKeys(
  { algorithm }: SignatureRules,
  ours: readonly SignatureScheme[],
  common: readonly SignatureScheme[],
): readonly SignatureScheme[] {
  return ours.filter(({ keyType }) => common.some((scheme) => algorithm(scheme, keyType) !== undefined));
}

/** The peer's first choice that the certificate's key can do; of ECDSA with whatever hash the signer has. */
export function chooseScheme(
  rules: SignatureRules,
  { signatureSchemes, signer }: Credential,
  common: readonly SignatureScheme[],
): SchemeChoice | undefined {
  const keyType = signatureSchemes[0]?.keyType;
  if (keyType === undefined) return undefined;
  for (const signatureScheme of common) {
    const algorithm = rules.algorithm(signatureScheme, keyType);
    if (algorithm === undefined || !signer.algorithms.includes(algorithm)) continue;
    // What its owner has ruled out stays so.
    if (
      isListable(signatureScheme) &&
      signatureScheme.keyType === keyType &&
      !signatureSchemes.includes(signatureScheme)
    )
      continue;
    return { signatureScheme, algorithm };
  }
  return undefined;
}

/** Whether there are lists that it could stand in: those of versions before TLS 1.2 go without saying. */
function isListable({ inCertificates, inCertificateVerify }: SignatureScheme): boolean {
  return inCertificates || inCertificateVerify.length > 0;
}
