import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import { signatureMethod } from "../algorithm-identifier.ts";
import { X509Error } from "../error.ts";
import { modulusBits, type SubjectPublicKeyInfo } from "../spki.ts";
import { oidText } from "./numbers.ts";

/** `RSA 2048`, `P-256` */
export function publicKeyText({ publicKey, agreementKey, algorithm, unsupported }: SubjectPublicKeyInfo): string {
  if (agreementKey !== undefined) return agreementKey.type;
  if (publicKey === undefined) return `${unsupported}`;
  if (publicKey.type !== "RSA") return publicKey.type;
  return `RSA ${modulusBits(publicKey.modulus)}${algorithm === "id-RSASSA-PSS" ? ", for PSS alone" : ""}`;
}

/** `ECDSA with SHA-256` */
export function signatureAlgorithmText(identifier: AlgorithmIdentifier): string {
  try {
    const method = signatureMethod(identifier);
    return "hash" in method ? `${method.family} with ${method.hash}` : method.family;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return `${oidText(identifier.oid)}, which is not supported`;
  }
}
