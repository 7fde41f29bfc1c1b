import {
  type CryptoProvider,
  type SignatureAlgorithm,
  type Signer,
  type Steps,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import { encodeSignatureAlgorithm, readAlgorithmIdentifier } from "./algorithm-identifier.ts";
import { decodeDer } from "./der-reader.ts";
import { derBitString, derSequence } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { verifySignature } from "./signature.ts";
import type { SubjectPublicKeyInfo } from "./spki.ts";

/** Who signs, and with what. */
export interface Signing {
  /** Checks that the signer is the owner of `key`. */
  readonly provider: CryptoProvider;
  readonly signer: Signer;
  /** The public key that the signature is to be verified with. */
  readonly key: SubjectPublicKeyInfo;
  /**
   * How it is signed. Unless told, the signer's first algorithm; with an RSA key that isn't for PSS alone, PKCS#1 v1.5
   * with SHA-256 if the signer has it, since much software still refuses PSS in certificates.
   */
  readonly signatureAlgorithm?: SignatureAlgorithm | undefined;
}

/** What certificates, requests, CRLs and OCSP responses have in common: something signed, by what, and the signature. */
export interface SignedTbs {
  readonly tbs: Uint8Array;
  /** The AlgorithmIdentifier's whole element. */
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Chooses an algorithm, has the bytes made that are to be signed (certificates and CRLs have the algorithm inside too),
 * signs them, and verifies the signature before anyone sees it.
 * @throws {X509Error} `signer_mismatch`, `invalid_argument`, `unsupported_algorithm`
 */
export function* signTbs(signing: Signing, makeTbs: (algorithm: Uint8Array) => Uint8Array): Steps<SignedTbs> {
  const { provider, signer, key } = signing;
  const chosen = chooseAlgorithm(signing);
  const algorithm = encodeSignatureAlgorithm(chosen);
  const tbs = makeTbs(algorithm);
  const signature = yield* wait(signer.sign(chosen, tbs));
  const what = "the algorithm";
  const { verdict } = yield* verifySignature({
    provider,
    signer: key,
    algorithm: decodeDer(algorithm, what, (reader) => readAlgorithmIdentifier(reader, what)),
    data: tbs,
    signature,
  });
  // what doesn't verify would be noticed much later, and elsewhere
  if (verdict !== "good") throw x509Error("signer_mismatch", "the signer's key is not the one to verify with");
  return { tbs, algorithm, signature };
}

/** `SIGNED ::= SEQUENCE { toBeSigned, algorithm AlgorithmIdentifier, signature BIT STRING }` */
export function encodeSigned({ tbs, algorithm, signature }: SignedTbs): Uint8Array {
  return derSequence(tbs, algorithm, derBitString(signature));
}

function chooseAlgorithm({ provider, signer, key, signatureAlgorithm }: Signing): SignatureAlgorithm {
  const { publicKey } = key;
  if (publicKey === undefined) {
    throw x509Error("unsupported_algorithm", "the key to verify with is of a kind that is not known");
  }
  const fitting = signer.algorithms.filter(
    (algorithm) => fits(algorithm, key) && verifierFor(provider, publicKey).algorithms.includes(algorithm),
  );
  const preferred = fitting.includes("RSA-PKCS1/SHA-256") ? "RSA-PKCS1/SHA-256" : fitting[0];
  if (preferred === undefined) {
    throw x509Error("signer_mismatch", "the signer can't sign with a key like the one to verify with");
  }
  if (signatureAlgorithm === undefined) return preferred;
  if (fitting.includes(signatureAlgorithm)) return signatureAlgorithm;
  throw x509Error("invalid_argument", `the signer can't sign by ${signatureAlgorithm} with such a key`);
}

function fits(
  algorithm: SignatureAlgorithm,
  { publicKey, algorithm: keyAlgorithm, pssHash }: SubjectPublicKeyInfo,
): boolean {
  // Nothing but handshakes of TLS 1.0 and 1.1 is signed with them.
  if (publicKey === undefined || algorithm.endsWith("SHA-1")) return false;
  if (publicKey.type !== "RSA") return algorithm === publicKey.type || algorithm.startsWith(`ECDSA/${publicKey.type}/`);
  if (keyAlgorithm === "id-RSASSA-PSS")
    return pssHash === undefined ? algorithm.startsWith("RSA-PSS/") : algorithm === `RSA-PSS/${pssHash}`;
  return algorithm.startsWith("RSA-");
}
