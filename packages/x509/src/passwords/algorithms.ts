import type { HashName } from "@tlskit/crypto";
import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import { isEmpty } from "../algorithm-identifier.ts";
import { type X509Error, x509Error } from "../error.ts";
import { describeOid } from "../oids.ts";
import { outdatedEncryptions, PasswordOid } from "./oids.ts";

/** RFC 8018 appendix B.1.2: pseudo-random functions, and MACs. */
export const hmacOids: Readonly<Record<HashName, string>> = {
  "SHA-1": PasswordOid.hmacWithSHA1,
  "SHA-256": PasswordOid.hmacWithSHA256,
  "SHA-384": PasswordOid.hmacWithSHA384,
  "SHA-512": PasswordOid.hmacWithSHA512,
};

/** Bytes of a digest, and of what an HMAC gives. */
export const digestLengths: Readonly<Record<HashName, number>> = {
  "SHA-1": 20,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};

/** RFC 8018 appendix B.2.5, by bytes of the key. */
export const aesCbcOids: Readonly<Record<16 | 24 | 32, string>> = {
  16: PasswordOid.aes128Cbc,
  24: PasswordOid.aes192Cbc,
  32: PasswordOid.aes256Cbc,
};

/** The hash of an HMAC's identifier, whose parameters are NULL or, in files by some, absent. */
export function hashOfHmac(identifier: AlgorithmIdentifier): HashName {
  const { oid, parameters } = identifier;
  for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const) {
    if (hmacOids[hash] === oid && isEmpty(parameters)) return hash;
  }
  throw x509Error("unsupported_algorithm", `the pseudo-random function ${describeOid(oid)} is not supported`);
}

/** How files of a kind are converted to what this package opens. */
export type Conversion = "private key" | "PKCS#12";

const commands: Readonly<Record<Conversion, string>> = {
  "private key": "`openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem` converts it",
  "PKCS#12":
    "`openssl pkcs12 -legacy -in old.p12 -out all.pem` and `openssl pkcs12 -export -in all.pem -out new.p12` convert it",
};

/** The error for an encryption that isn't taken: outdated, with the way out, or unknown. */
export function notTaken(oid: string, file: Conversion): X509Error {
  const name = outdatedEncryptions.get(oid);
  if (name === undefined) {
    return x509Error("unsupported_algorithm", `encryption by ${describeOid(oid)} is not supported`);
  }
  return x509Error(
    "outdated_encryption",
    `the ${file} is encrypted by ${name}, which no longer protects it; ${commands[file]}`,
  );
}
