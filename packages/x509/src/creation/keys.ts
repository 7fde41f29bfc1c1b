import {
  type CryptoProvider,
  type PrivateKey,
  type PublicKey,
  type Random,
  type Signer,
  signerFor,
} from "@tlskit/crypto";
import { DeclaredPrivateKey } from "../keys/private-key.ts";
import { type AgreementPublicKey, SubjectPublicKeyInfo } from "../spki.ts";

/**
 * A public key to be certified. Of what else has one (a private key, a request, a certificate) nothing but that is used.
 */
export type CertifiedKey =
  | SubjectPublicKeyInfo
  | PublicKey
  | AgreementPublicKey
  | { readonly subjectPublicKeyInfo: SubjectPublicKeyInfo };

/** A private key that signs: one that is here, or whatever signs with it, now or later. */
export type SigningKey = Signer | PrivateKey | DeclaredPrivateKey;

export function publicKeyInfo(key: CertifiedKey): SubjectPublicKeyInfo {
  if (key instanceof SubjectPublicKeyInfo) return key;
  return "subjectPublicKeyInfo" in key ? key.subjectPublicKeyInfo : SubjectPublicKeyInfo.of(key);
}

export function signerOf(key: SigningKey, provider: CryptoProvider, random: Random): Signer {
  if (key instanceof DeclaredPrivateKey) return signerFor(provider, key.privateKey, random);
  return "sign" in key ? key : signerFor(provider, key, random);
}
