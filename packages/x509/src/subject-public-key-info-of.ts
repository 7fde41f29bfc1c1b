import type { PublicKey, SignatureHash } from "@tlskit/crypto";
import { agreementOids, edwardsOids, encodeEcKeyAlgorithm, encodeRsaKeyAlgorithm } from "./algorithm-identifier.ts";
import { derBitString, derOid, derSequence, derUnsignedInteger } from "./der-writer.ts";
import { type AgreementPublicKey, SubjectPublicKeyInfo } from "./spki.ts";

/** The form in which a key stands in a certificate. A private key's public parts do as well. */
export function subjectPublicKeyInfoOf(
  publicKey: PublicKey | AgreementPublicKey,
  options: { readonly algorithm?: "rsaEncryption" | "id-RSASSA-PSS"; readonly pssHash?: SignatureHash } = {},
): SubjectPublicKeyInfo {
  return SubjectPublicKeyInfo.fromDer(encodeKey(publicKey, options.algorithm ?? "rsaEncryption", options.pssHash));
}

function encodeKey(
  key: PublicKey | AgreementPublicKey,
  rsaAlgorithm: "rsaEncryption" | "id-RSASSA-PSS",
  pssHash: SignatureHash | undefined,
): Uint8Array {
  if (key.type === "RSA") {
    const parts = derSequence(derUnsignedInteger(key.modulus), derUnsignedInteger(key.publicExponent));
    return derSequence(encodeRsaKeyAlgorithm(rsaAlgorithm, pssHash), derBitString(parts));
  }
  if ("agreementKey" in key) {
    return derSequence(derSequence(derOid(agreementOids[key.type])), derBitString(key.agreementKey));
  }
  if ("publicKey" in key) return derSequence(derSequence(derOid(edwardsOids[key.type])), derBitString(key.publicKey));
  return derSequence(encodeEcKeyAlgorithm(key.type), derBitString(key.point));
}
