import {
  CryptoError,
  type CryptoProvider,
  type PublicKey,
  type SignatureAlgorithm,
  type Steps,
  type Verifier,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import { type AlgorithmIdentifier, algorithmWithKey, signatureMethod } from "./algorithm-identifier.ts";
import { X509Error } from "./error.ts";
import { describeOid } from "./oids.ts";
import type { SubjectPublicKeyInfo } from "./spki.ts";
import { memoryOf } from "./verification/signature-memory.ts";
import type { VerifiedSignatures } from "./verification/verified-signatures.ts";

/** What came of checking a signature. */
export type SignatureVerdict =
  | { readonly verdict: "good" }
  | { readonly verdict: "bad" }
  | { readonly verdict: "unsupported"; readonly message: string };

/** Something signed, as certificates, CRLs and OCSP responses are. */
export interface SignedData {
  readonly provider: CryptoProvider;
  readonly signer: SubjectPublicKeyInfo;
  readonly algorithm: AlgorithmIdentifier;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  /** What it may be signed by: anything that can be verified unless given. */
  readonly allowed?: readonly SignatureAlgorithm[] | undefined;
  /** What spares the computation if it was made before. */
  readonly verified?: VerifiedSignatures | undefined;
}

/** RFC 5280 §6.1.3 (a)(1): whether a key made a signature. What can't be checked is not good. */
export function* verifySignature(signed: SignedData): Steps<SignatureVerdict> {
  const { provider, signer, data, signature, verified } = signed;
  try {
    const algorithm = algorithmFor(signed.algorithm, signer);
    if (signer.publicKey === undefined)
      return unsupported(`the signer has ${signer.unsupported}, which is not supported`);
    if (signed.allowed?.includes(algorithm) === false) return unsupported(`${algorithm} is not allowed`);
    const memory = memoryOf(verified);
    const digest = memory?.digestOf(provider, signed) ?? "";
    if (memory?.isRemembered(digest) === true) return { verdict: "good" };
    const verifier = verifierOf(provider, signer, signer.publicKey);
    // some pairs of curve and hash no provider has
    if (!verifier.algorithms.includes(algorithm)) return unsupported(`${algorithm} is not supported`);
    if (!(yield* wait(verifier.verify(algorithm, data, signature)))) return { verdict: "bad" };
    memory?.remember(digest);
    return { verdict: "good" };
  } catch (error) {
    if (error instanceof X509Error || (error instanceof CryptoError && isAboutTheKey(error)))
      return unsupported(error.message);
    throw error;
  }
}

/** Of keys that live on, as trust anchors' do: making one ready takes a fifth of the time of a verification. */
const verifiers = new WeakMap<
  SubjectPublicKeyInfo,
  { readonly provider: CryptoProvider; readonly verifier: Verifier }
>();

function verifierOf(provider: CryptoProvider, signer: SubjectPublicKeyInfo, publicKey: PublicKey): Verifier {
  const made = verifiers.get(signer);
  if (made?.provider === provider) return made.verifier;
  const verifier = verifierFor(provider, publicKey);
  verifiers.set(signer, { provider, verifier });
  return verifier;
}

/** @throws {X509Error} `unsupported_algorithm` */
function algorithmFor(identifier: AlgorithmIdentifier, signer: SubjectPublicKeyInfo): SignatureAlgorithm {
  const method = signatureMethod(identifier);
  if (signer.publicKey === undefined) {
    throw new X509Error("unsupported_algorithm", `the signer has ${signer.unsupported}, which is not supported`);
  }
  const algorithm = algorithmWithKey(method, signer.publicKey);
  if (algorithm === undefined) {
    throw new X509Error(
      "unsupported_algorithm",
      `a key for ${describeOid(signer.algorithmOid)}, as this one is, doesn't make signatures by ${describeOid(identifier.oid)}`,
    );
  }
  // RFC 4055 §1.2, §3.3; RFC 9846 §4.3.3#pss-parameters-match: such a key makes PSS signatures only, with its parameters if it has any
  if (signer.algorithm === "id-RSASSA-PSS") {
    if (method.family !== "RSA-PSS" || (signer.pssHash !== undefined && signer.pssHash !== method.hash)) {
      throw new X509Error("unsupported_algorithm", `the key's own parameters don't allow ${algorithm}`);
    }
  }
  return algorithm;
}

/** A peer's key that a provider refuses is the peer's fault; any other failure of a provider is nobody's verdict. */
function isAboutTheKey(error: CryptoError): boolean {
  return error.code === "invalid_public_key" || error.code === "unsupported";
}

function unsupported(message: string): SignatureVerdict {
  return { verdict: "unsupported", message };
}
