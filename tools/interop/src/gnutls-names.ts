import type { CipherSuite, NamedGroup, Registered, SignatureScheme, Tls12CipherSuite } from "@tlskit/ciphersuites";

/** What GnuTLS calls a suite of TLS 1.3 when it describes a session: by its AEAD. */
export function gnutlsCipherName({ aead }: CipherSuite): string {
  return aead;
}

/** `ECDHE-SECP256R1`, `DHE-FFDHE2048`, `HYBRID-X25519-MLKEM768`. */
export function gnutlsGroupName({ name, postQuantum }: NamedGroup): string {
  const upper = name.toUpperCase();
  if (upper.startsWith("FFDHE")) return `DHE-${upper}`;
  return postQuantum ? `HYBRID-${upper.replace("MLKEM", "-MLKEM")}` : `ECDHE-${upper}`;
}

/** `ECDSA-SECP256R1-SHA256`, `RSA-PSS-RSAE-SHA256`; but `RSA-PSS-SHA256` for rsa_pss_pss_sha256, and `EdDSA-Ed25519`. */
export function gnutlsSignatureName({ name, algorithm }: SignatureScheme): string {
  if (algorithm.startsWith("Ed")) return `EdDSA-${algorithm}`;
  return name.replace("pss_pss", "pss").replaceAll("_", "-").toUpperCase();
}

/** What GnuTLS tells of a suite of TLS 1.2 that comes with a certificate, in three parts: `ECDHE-RSA AES-128-CBC SHA1`. */
export function gnutlsTls12Name({ keyExchange, certificateKey, protection }: Tls12CipherSuite): string {
  const exchange = keyExchange === certificateKey ? keyExchange : `${keyExchange}-${certificateKey}`;
  if (protection.type === "AEAD") return `${exchange} ${protection.aead} AEAD`;
  const cipher = protection.type === "NULL" ? "NULL" : protection.cipher.replace("3DES-EDE", "3DES");
  return `${exchange} ${cipher} ${protection.mac.replace("-", "")}`;
}

/** In TLS 1.2, where they aren't bound to curves: `ECDSA-SHA256`; and `RSA-SHA256` by PKCS#1 v1.5. */
export function gnutlsTls12SignatureName(scheme: SignatureScheme): string {
  return gnutlsSignatureName(scheme)
    .replace(/ECDSA-SECP\d+R1/, "ECDSA")
    .replace("RSA-PKCS1", "RSA");
}

/**
 * IANA's name for what GnuTLS calls by a name of its own.
 * @throws {RangeError} where nothing is called so, with the line that has the name
 */
export function ianaName<T extends Registered>(
  list: readonly T[],
  gnutlsName: (entry: T) => string,
  name: string | undefined,
  line: string,
): string {
  const found = list.find((entry) => gnutlsName(entry) === name);
  if (found === undefined) throw new RangeError(`${name} has no name here: ${line}`);
  return found.name;
}
