import type { SignatureScheme } from "@tlskit/tls";

/** A signature scheme as OpenSSL and `node:tls` name it: the kind of key and the hash, `UNDEF` where the key says it all. */
export function signatureAlgorithmName({ algorithm }: SignatureScheme): string {
  const parts = algorithm.split("/");
  const [key = algorithm] = parts;
  const hash = parts.length === 1 ? "UNDEF" : (parts.at(-1) ?? "").replace("-", "");
  return `${key === "RSA-PKCS1" ? "RSA" : key}+${hash}`;
}
