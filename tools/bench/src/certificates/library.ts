import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  authorityInfoAccessExtension,
  certificatePoliciesExtension,
  createCertificateSync,
  type DeclaredPrivateKey,
  generatePrivateKeySync,
  privateKeyToPkcs8,
} from "@tlskit/x509";
import { random } from "../random.ts";

/** The host that the leaf is for. */
export const host = "www.example.org";

/** What every library is given: a chain of three in DER, and what a further leaf is made of. */
export interface BenchChain {
  readonly keys: "P-256" | "RSA";
  readonly leaf: Uint8Array;
  readonly ca: Uint8Array;
  readonly root: Uint8Array;
  /** The CA's private key, in PKCS#8. */
  readonly caKey: Uint8Array;
  /** The SubjectPublicKeyInfo to be certified. */
  readonly leafKey: Uint8Array;
  readonly at: Date;
}

/** Somebody's X.509, set up for a chain. What a library hasn't got isn't there. */
export interface CertificateLibrary {
  readonly name: string;
  /** Reads a certificate, as far as the library does when it is asked for one. */
  readonly read: (der: Uint8Array) => unknown;
  /**
   * Reads leaf and CA, and verifies that they lead to the root, which is read already: signatures, dates and what else
   * the library checks by itself. Answers whether it found the chain good.
   */
  readonly verify?: (leaf: Uint8Array, ca: Uint8Array) => boolean | Promise<boolean>;
  /** Makes and signs a leaf by the CA: basic constraints, key usage, purpose, key identifiers, a name. Gives the DER. */
  readonly create?: () => Uint8Array | Promise<Uint8Array>;
}

/** A chain like those on the web: the leaf has nine extensions. */
export function benchChain(keys: BenchChain["keys"]): BenchChain {
  const at = new Date();
  const newKey = (): DeclaredPrivateKey => generatePrivateKeySync({ provider, random, type: keys });
  const [rootKey, caKey, leafKey] = [newKey(), newKey(), newKey()];
  const common = { provider, random, validity: { from: at, days: 30 } };
  const root = createCertificateSync({
    ...common,
    signer: rootKey,
    publicKey: rootKey,
    subject: { commonName: "Bench Root" },
    ca: {},
  });
  const ca = createCertificateSync({
    ...common,
    signer: rootKey,
    issuer: root,
    publicKey: caKey,
    subject: { commonName: "Bench CA" },
    ca: { pathLength: 0 },
  });
  const leaf = createCertificateSync({
    ...common,
    signer: caKey,
    issuer: ca,
    publicKey: leafKey,
    subject: { commonName: host },
    dnsNames: ["example.org", host],
    extensions: [
      authorityInfoAccessExtension({ ocsp: ["http://ocsp.example/"], caIssuers: ["http://ca.example/ca.der"] }),
      certificatePoliciesExtension(["2.23.140.1.2.1"]),
    ],
  });
  return {
    keys,
    leaf: leaf.der,
    ca: ca.der,
    root: root.der,
    caKey: privateKeyToPkcs8(caKey),
    leafKey: leafKey.subjectPublicKeyInfo.der,
    at,
  };
}
