import { nodeProvider } from "@tlskit/crypto-node";
import { type ThrowawayPkiOptions, throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";

type Pki = ReturnType<typeof throwawayPki>;

const made = (hosts: readonly string[], options: ThrowawayPkiOptions = {}): Pki =>
  throwawayPki(nodeProvider, (length) => crypto.getRandomValues(new Uint8Array(length)), hosts, Date.now(), options);

/** Certificates as texts. */
export interface Pem {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

function pemOf({ root, certificate: { chain, key } }: Pki): Pem {
  return { ca: certificatesToPem(root.certificate), cert: certificatesToPem(...chain), key: privateKeyToPem(key) };
}

/** Certificates for localhost, made once for each process. */
export const pki: Pki = made(["localhost", "127.0.0.1"]);
export const pem: Pem = pemOf(pki);

/** By another authority, for another name. */
export const otherPem: Pem = pemOf(made(["other.example"]));

/** A client's. */
export const clientPem: Pem = pemOf(made(["alice"], { purpose: "clientAuth" }));
