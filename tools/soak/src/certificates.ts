import { nodeProvider } from "@tlskit/crypto-node";
import { type ThrowawayPki, throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";

/** Who servers are, and whom their clients trust: as texts, as programs have them. */
export interface Certificates {
  readonly pki: ThrowawayPki;
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
}

/** New ones, for localhost. */
export function makeCertificates(): Certificates {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const pki = throwawayPki(nodeProvider, random, "localhost", Date.now());
  const { chain, key } = pki.certificate;
  return {
    pki,
    ca: certificatesToPem(pki.root.certificate),
    server: { cert: certificatesToPem(...chain), key: privateKeyToPem(key) },
  };
}
