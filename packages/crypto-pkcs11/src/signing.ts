import { createHash } from "node:crypto";
import { ecdsaSignatureToDer, type SignatureAlgorithm } from "@tlskit/crypto";
import { CK, type Mechanism, pssParameters } from "./cryptoki.ts";

/** How a token signs by an algorithm. */
export interface Signing {
  readonly mechanism: Mechanism;
  /** What the token gets of a message. */
  input(message: Uint8Array): Buffer;
  /** What becomes of what it gives. */
  output(signature: Uint8Array): Uint8Array;
}

const asItIs = (signature: Uint8Array): Uint8Array => signature;

function rsa(mechanism: Mechanism): Signing {
  return { mechanism, input: (message) => Buffer.from(message), output: asItIs };
}

function pss(mechanism: number, hashAlg: number, mgf: number, saltLen: number): Signing {
  return rsa({ mechanism, parameter: { type: pssParameters, hashAlg, mgf, saltLen } });
}

/** ECDSA of a hash that is made here: not every token has the mechanisms that hash as well. */
function ecdsa(hash: "sha256" | "sha384" | "sha512"): Signing {
  return {
    mechanism: { mechanism: CK.CKM_ECDSA },
    input: (message) => createHash(hash).update(message).digest(),
    output: ecdsaSignatureToDer,
  };
}

/** The key type of RSA, best first. RFC 9846 §4.3.3: a salt as long as the hash. */
export const rsaSignings: ReadonlyMap<SignatureAlgorithm, Signing> = new Map<SignatureAlgorithm, Signing>([
  ["RSA-PSS/SHA-256", pss(CK.CKM_SHA256_RSA_PKCS_PSS, CK.CKM_SHA256, CK.CKG_MGF1_SHA256, 32)],
  ["RSA-PSS/SHA-384", pss(CK.CKM_SHA384_RSA_PKCS_PSS, CK.CKM_SHA384, CK.CKG_MGF1_SHA384, 48)],
  ["RSA-PSS/SHA-512", pss(CK.CKM_SHA512_RSA_PKCS_PSS, CK.CKM_SHA512, CK.CKG_MGF1_SHA512, 64)],
  ["RSA-PKCS1/SHA-256", rsa({ mechanism: CK.CKM_SHA256_RSA_PKCS })],
  ["RSA-PKCS1/SHA-384", rsa({ mechanism: CK.CKM_SHA384_RSA_PKCS })],
  ["RSA-PKCS1/SHA-512", rsa({ mechanism: CK.CKM_SHA512_RSA_PKCS })],
]);

/** Each curve by its object identifier in DER (RFC 5480 §2.1.1.1), which is what CKA_EC_PARAMS has. */
const curves: readonly (readonly [oid: string, SignatureAlgorithm, Signing])[] = [
  ["06082a8648ce3d030107", "ECDSA/P-256/SHA-256", ecdsa("sha256")],
  ["06052b81040022", "ECDSA/P-384/SHA-384", ecdsa("sha384")],
  ["06052b81040023", "ECDSA/P-521/SHA-512", ecdsa("sha512")],
];

/** How a key on a curve signs; nothing for a curve that isn't known. */
export function ecSignings(parameters: Uint8Array): ReadonlyMap<SignatureAlgorithm, Signing> | undefined {
  const hex = Buffer.from(parameters).toString("hex");
  const found = curves.find(([oid]) => oid === hex);
  return found && new Map([[found[1], found[2]]]);
}
