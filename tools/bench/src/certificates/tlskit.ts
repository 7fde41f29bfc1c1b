import type { CryptoProvider } from "@tlskit/crypto";
import {
  Certificate,
  createCertificateSync,
  notChecked,
  privateKeyFromPkcs8,
  SubjectPublicKeyInfo,
  TrustAnchors,
  verifyCertificateSync,
} from "@tlskit/x509";
import { random } from "../random.ts";
import { type BenchChain, type CertificateLibrary, host } from "./library.ts";

/** Ours, with a provider. */
export function tlskit(chain: BenchChain, provider: CryptoProvider): CertificateLibrary {
  const anchors = TrustAnchors.of([Certificate.fromDer(chain.root)]);
  const issuer = Certificate.fromDer(chain.ca);
  const signer = privateKeyFromPkcs8(chain.caKey);
  const publicKey = SubjectPublicKeyInfo.fromDer(chain.leafKey);
  return {
    name: `@tlskit/x509 (${provider.name})`,
    read: (der) => Certificate.fromDer(der),
    verify: (leaf, ca) =>
      verifyCertificateSync({
        provider,
        leaf: Certificate.fromDer(leaf),
        intermediates: [Certificate.fromDer(ca)],
        anchors,
        at: chain.at,
        purpose: "serverAuth",
        hostname: host,
        revocation: notChecked,
      }).ok,
    create: () =>
      createCertificateSync({
        provider,
        random,
        signer,
        issuer,
        publicKey,
        subject: { commonName: host },
        dnsNames: [host],
        validity: { from: chain.at, days: 9 },
      }).der,
  };
}
