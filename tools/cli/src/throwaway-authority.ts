import { randomFillSync } from "node:crypto";
import { type Random, signatureKeysOf, signerFor } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type Certificate, createCertificateSync, DeclaredPrivateKey, keyUsageExtension } from "@tlskit/x509";

/** A CA, made in memory. Its key is gone when nobody has this any more. */
export interface ThrowawayAuthority {
  readonly ca: Certificate;
  /** Makes a leaf for localhost. */
  certify(leafKey: LeafKey): Promise<ThrowawayCertificate>;
}

/** The kind of key that a leaf has. */
export type LeafKey = "P-256" | "RSA";

export interface ThrowawayCertificate {
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
}

const random: Random = (length) => randomFillSync(new Uint8Array(length));

/** Makes one with a P-256 key; it is good for thirty days, as its leaves are. */
export async function throwawayAuthority(): Promise<ThrowawayAuthority> {
  const caKey = await signatureKeysOf(provider, "P-256").generate(random);
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
  return {
    ca,
    certify: async (leafKey) => {
      const key = DeclaredPrivateKey.of(await signatureKeysOf(provider, leafKey).generate(random));
      const leaf = createCertificateSync({
        ...shared,
        publicKey: key.subjectPublicKeyInfo,
        issuer: ca,
        subject: { commonName: "localhost" },
        dnsNames: ["localhost"],
        ipAddresses: ["127.0.0.1", "::1"],
        // TLS 1.2's key exchange by RSA encrypts to the certificate's key (RFC 5246 §7.4.2).
        extensions: leafKey === "RSA" ? [keyUsageExtension(["digitalSignature", "keyEncipherment"])] : [],
      });
      return { chain: [leaf], key };
    },
  };
}
