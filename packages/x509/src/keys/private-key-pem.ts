import type { PrivateKey } from "@tlskit/crypto";
import { decodeDer } from "../der-reader.ts";
import { x509Error } from "../error.ts";
import { decodePem, type PemBlock, toPem } from "../pem.ts";
import { encodeEcPrivateKey, readEcPrivateKey } from "./ec-private-key.ts";
import { DeclaredPrivateKey, guarded, privateKeyFromPkcs8, privateKeyToPkcs8 } from "./private-key.ts";
import type { PrivateKeyOptions } from "./private-key-options.ts";
import { encodeRsaPrivateKey, readRsaPrivateKey } from "./rsa-private-key.ts";

const what = "the private key";

/** The forms that a private key without a password has in PEM. */
const forms: Readonly<Record<string, (bytes: Uint8Array, options: PrivateKeyOptions) => DeclaredPrivateKey>> = {
  "PRIVATE KEY": privateKeyFromPkcs8,
  "EC PRIVATE KEY": (bytes, options) =>
    guarded(() => DeclaredPrivateKey.of(decodeDer(bytes, what, (reader) => readEcPrivateKey(reader, {}, options)))),
  "RSA PRIVATE KEY": (bytes) => guarded(() => DeclaredPrivateKey.of(decodeDer(bytes, what, readRsaPrivateKey))),
};

/**
 * The first private key of a PEM text: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (SEC 1, RFC 5915) or `RSA PRIVATE KEY`
 * (PKCS#1, RFC 8017). What else the text has is passed over.
 * @param text a text, or a file's bytes, as {@link decodePem} takes them
 * @throws {X509Error} `invalid_pem`, `invalid_private_key`, `encrypted_private_key`, `outdated_encryption`,
 *   `missing_public_key`, `unsupported_algorithm`
 */
export function privateKeyFromPem(text: string | Uint8Array, options: PrivateKeyOptions = {}): DeclaredPrivateKey {
  for (const block of decodePem(text)) {
    refuseLegacyEncryption(block);
    if (block.label === "ENCRYPTED PRIVATE KEY") {
      throw x509Error(
        "encrypted_private_key",
        "the private key is encrypted: decryptPrivateKey opens it with its password",
      );
    }
    if (block.label === "OPENSSH PRIVATE KEY") {
      throw x509Error(
        "unsupported_algorithm",
        "the private key is in OpenSSH's own form; `ssh-keygen -p -m PKCS8 -f FILE` writes it as PKCS#8",
      );
    }
    const read = Object.hasOwn(forms, block.label) ? forms[block.label] : undefined;
    if (read !== undefined) return read(block.bytes, options);
  }
  throw x509Error("invalid_pem", "the text has no block PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY");
}

/**
 * A private key as a PEM text: in PKCS#8 unless told; `"traditional"` is SEC 1 or PKCS#1, which EdDSA keys and keys for
 * RSASSA-PSS don't have.
 * @throws {X509Error} `invalid_argument` for a traditional form that there isn't
 */
export function privateKeyToPem(
  key: DeclaredPrivateKey | PrivateKey,
  form: "PKCS#8" | "traditional" = "PKCS#8",
): string {
  if (form === "PKCS#8") return toPem("PRIVATE KEY", privateKeyToPkcs8(key));
  const { privateKey, algorithm } = key instanceof DeclaredPrivateKey ? key : DeclaredPrivateKey.of(key);
  if (privateKey.type === "RSA" && algorithm === "rsaEncryption") {
    return toPem("RSA PRIVATE KEY", encodeRsaPrivateKey(privateKey));
  }
  if ("scalar" in privateKey) return toPem("EC PRIVATE KEY", encodeEcPrivateKey(privateKey, "with the curve"));
  throw x509Error("invalid_argument", `a key for ${algorithm} has no form but PKCS#8`);
}

/**
 * RFC 1421 §4.6: encryption of the form in which keys were before PKCS#8, with a key that is one MD5 of the password.
 * @throws {X509Error} `outdated_encryption`
 */
export function refuseLegacyEncryption({ headers }: PemBlock): void {
  if (!headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header))) return;
  throw x509Error(
    "outdated_encryption",
    "the private key is encrypted as OpenSSL did before PKCS#8, which guesses at the password open quickly; " +
      "`openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem` converts it",
  );
}
