import { randomFillSync } from "node:crypto";
import { type Random, signatureKeysOf, signerFor } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type Certificate, createCertificateSync, DeclaredPrivateKey } from "@tlskit/x509";

/** A CA and a leaf for localhost, made in memory. The CA's key is gone when this returns. */
export interface ThrowawayCertificate {
  readonly ca: Certificate;
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
}

const random: Random = (length) => randomFillSync(new Uint8Array(length));

/** Makes both, with P-256 keys, good for thirty days. */
export async function throwawayCertificate(): Promise<ThrowawayCertificate> {
  const keys = signatureKeysOf(provider, "P-256");
  const caKey = await keys.generate(random);
  const leafKey = await keys.generate(random);
  const shared = {
    provider,
    random,
    signer: signerFor(provider, caKey, random),
    validity: { from: new Date(Date.now() - 3_600_000), days: 30 },
  };
  const ca = createCertificateSync({
    ...shared,
    publicKey: caKey,
    subject: { commonName: "tlskit throw-away CA" },
    ca: { pathLength: 0 },
  });
  const leaf = createCertificateSync({
    ...shared,
    publicKey: leafKey,
    issuer: ca,
    subject: { commonName: "localhost" },
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1", "::1"],
  });
  const key = new DeclaredPrivateKey({ algorithm: "id-ecPublicKey", privateKey: leafKey });
  return { ca, chain: [leaf], key };
}
