import type { PublicKey } from "@tlskit/crypto";
import { type AgreementPublicKey, SubjectPublicKeyInfo } from "../spki.ts";
import { subjectPublicKeyInfoOf } from "../subject-public-key-info-of.ts";

/**
 * A public key to be certified. Of what else has one (a private key, a request, a certificate) nothing but that is used.
 */
export type CertifiedKey =
  | SubjectPublicKeyInfo
  | PublicKey
  | AgreementPublicKey
  | { readonly subjectPublicKeyInfo: SubjectPublicKeyInfo };

export function publicKeyInfo(key: CertifiedKey): SubjectPublicKeyInfo {
  if (key instanceof SubjectPublicKeyInfo) return key;
  return "subjectPublicKeyInfo" in key ? key.subjectPublicKeyInfo : subjectPublicKeyInfoOf(key);
}
