import type { RsaPublicKey } from "@tlskit/crypto";
import { decodeDer } from "../der-reader.ts";
import { x509Error } from "../error.ts";
import { decodePem, toPem } from "../pem.ts";
import { readRsaPublicKey, SubjectPublicKeyInfo } from "../spki.ts";
import { subjectPublicKeyInfoOf } from "../subject-public-key-info-of.ts";

/**
 * The first public key of a PEM text: `PUBLIC KEY` (RFC 7468 §13) or `RSA PUBLIC KEY` (PKCS#1, RFC 8017 appendix A.1.1).
 * What else the text has, private keys and certificates too, is passed over.
 * @throws {X509Error} `invalid_pem`, `invalid_der`
 */
export function publicKeyFromPem(text: string | Uint8Array): SubjectPublicKeyInfo {
  for (const block of decodePem(text)) {
    const { label } = block;
    if (label === "PUBLIC KEY") return SubjectPublicKeyInfo.fromDer(block.bytes);
    if (label === "RSA PUBLIC KEY") {
      const key: RsaPublicKey = decodeDer(block.bytes, "the RSA public key", readRsaPublicKey);
      return subjectPublicKeyInfoOf(key);
    }
  }
  throw x509Error("invalid_pem", "the text has no block PUBLIC KEY or RSA PUBLIC KEY");
}

/** A public key as a PEM text. */
export function publicKeyToPem(key: SubjectPublicKeyInfo): string {
  return toPem("PUBLIC KEY", key.der);
}
