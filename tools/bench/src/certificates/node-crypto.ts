import { X509Certificate } from "node:crypto";
import type { BenchChain, CertificateLibrary } from "./library.ts";
import { host } from "./library.ts";

/** Node's own: it reads and verifies single signatures; chains and new certificates it leaves to others. */
export function nodeCrypto(chain: BenchChain): CertificateLibrary {
  const root = new X509Certificate(chain.root);
  return {
    name: "node:crypto",
    read: (der) => new X509Certificate(der),
    verify(leafDer, caDer) {
      const [leaf, ca] = [new X509Certificate(leafDer), new X509Certificate(caDer)];
      return (
        leaf.checkIssued(ca) &&
        leaf.verify(ca.publicKey) &&
        ca.checkIssued(root) &&
        ca.verify(root.publicKey) &&
        leaf.checkHost(host) !== undefined
      );
    },
  };
}
