import { randomFillSync } from "node:crypto";
import { type Random, signatureKeysOf, signerFor } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync, privateKeyToPem } from "@tlskit/x509";
import type { BenchPki } from "./implementation.ts";

/** A CA and a leaf for localhost, both with P-256, which is what most servers have. */
export async function makePki(): Promise<BenchPki> {
  const random: Random = (length) => randomFillSync(new Uint8Array(length));
  const caKey = await signatureKeysOf(provider, "P-256").generate(random);
  const leafKey = await signatureKeysOf(provider, "P-256").generate(random);
  const shared = {
    provider,
    random,
    signer: signerFor(provider, caKey, random),
    validity: { from: new Date(Date.now() - 60_000), days: 1 },
  };
  const ca = createCertificateSync({ ...shared, publicKey: caKey, subject: { commonName: "Bench CA" }, ca: {} });
  const leaf = createCertificateSync({ ...shared, publicKey: leafKey, issuer: ca, dnsNames: ["localhost"] });
  return { ca: certificatesToPem(ca), cert: certificatesToPem(leaf), key: privateKeyToPem(leafKey) };
}
