import type { CertificateKeyType } from "@tlskit/ciphersuites";
import {
  type CryptoProvider,
  type Random,
  type Signer,
  type Steps,
  signatureKeysOf,
  signerFor,
  wait,
} from "@tlskit/crypto";
import { DeclaredPrivateKey, privateKeyFromPem } from "@tlskit/x509";
import { rsaPssTestKeyPem, rsaTestKeyPem } from "./rsa-test-keys.ts";

/** A private key of a kind: made by the provider, or, for RSA, a published test key. */
export function* testKey(
  provider: CryptoProvider,
  random: Random,
  type: CertificateKeyType,
): Steps<DeclaredPrivateKey> {
  if (type === "rsaEncryption") return privateKeyFromPem(rsaTestKeyPem);
  if (type === "id-RSASSA-PSS") return privateKeyFromPem(rsaPssTestKeyPem);
  const privateKey = yield* wait(signatureKeysOf(provider, type).generate(random));
  const algorithm = type === "Ed25519" || type === "Ed448" ? (`id-${type}` as const) : "id-ecPublicKey";
  return new DeclaredPrivateKey({ algorithm, privateKey });
}

/** Signs certificates with a key; with an RSA key by PKCS#1 v1.5, as most authorities do. */
export function certificateSigner(provider: CryptoProvider, random: Random, key: DeclaredPrivateKey): Signer {
  const signer = signerFor(provider, key.privateKey, random);
  if (key.privateKey.type !== "RSA") return signer;
  return { algorithms: ["RSA-PKCS1/SHA-256"], sign: (algorithm, message) => signer.sign(algorithm, message) };
}
