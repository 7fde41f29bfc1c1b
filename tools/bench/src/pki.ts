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
  readonly caKey: DeclaredPrivateKey;
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
  return { ca, caKey, leaf, key };
}

export function makePki(): BenchPki {
  return textsOf(makeCertificates());
}

export function textsOf({ ca, leaf, key }: BenchCertificates): BenchPki {
  return { ca: certificatesToPem(ca), cert: certificatesToPem(leaf), key: privateKeyToPem(key) };
}

/** A client's certificate under the same CA. */
export function certifiedClient({ ca, caKey }: BenchCertificates, name: string): Pick<BenchPki, "cert" | "key"> {
  const key = generatePrivateKeySync({ provider, random });
  const validity = { from: new Date(Date.now() - 60_000), days: 1 };
  const names = { dnsNames: [name], purposes: ["clientAuth"] as const };
  const cert = createCertificateSync({
    provider,
    random,
    signer: caKey,
    validity,
    publicKey: key,
    issuer: ca,
    ...names,
  });
  return { cert: certificatesToPem(cert), key: privateKeyToPem(key) };
}
