import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";

/** Certificates for localhost, made once for each process. */
export const pki = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  ["localhost", "127.0.0.1"],
  Date.now(),
);

const { chain, key } = pki.certificate;

/** The same as texts. */
export const pem: { readonly ca: string; readonly cert: string; readonly key: string } = {
  ca: certificatesToPem(pki.root.certificate),
  cert: certificatesToPem(...chain),
  key: privateKeyToPem(key),
};
