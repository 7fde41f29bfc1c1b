import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  certificatesToPem,
  createCertificateSync,
  type DeclaredPrivateKey,
  generatePrivateKeySync,
  privateKeyToPem,
} from "@tlskit/x509";
import { random } from "./random.ts";

/** A CA and a leaf for localhost, both with P-256, which is what most servers have. */
export interface BenchCertificates {
  readonly ca: Certificate;
  readonly leaf: Certificate;
  readonly key: DeclaredPrivateKey;
}

/** The same as texts, which is how programs are given them. */
export interface BenchPki {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export function makeCertificates(): BenchCertificates {
  const [caKey, key] = [generatePrivateKeySync({ provider, random }), generatePrivateKeySync({ provider, random })];
  const shared = { provider, random, signer: caKey, validity: { from: new Date(Date.now() - 60_000), days: 1 } };
  const ca = createCertificateSync({ ...shared, publicKey: caKey, subject: { commonName: "Bench CA" }, ca: {} });
  const leaf = createCertificateSync({ ...shared, publicKey: key, issuer: ca, dnsNames: ["localhost"] });
  return { ca, leaf, key };
}

export function makePki(): BenchPki {
  const { ca, leaf, key } = makeCertificates();
  return { ca: certificatesToPem(ca), cert: certificatesToPem(leaf), key: privateKeyToPem(key) };
}
