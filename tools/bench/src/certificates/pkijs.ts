import * as pkijs from "pkijs";
import type { BenchChain, CertificateLibrary } from "./library.ts";

/** `pkijs` over Node's WebCrypto: reads and verifies. What it writes takes pages, which nobody would compare. */
export function pkiJs(chain: BenchChain): CertificateLibrary {
  const read = (der: Uint8Array): pkijs.Certificate => pkijs.Certificate.fromBER(new Uint8Array(der));
  const root = read(chain.root);
  return {
    name: "pkijs",
    read,
    async verify(leaf, ca) {
      const engine = new pkijs.CertificateChainValidationEngine({
        trustedCerts: [root],
        // the leaf last
        certs: [read(ca), read(leaf)],
        checkDate: chain.at,
      });
      return (await engine.verify()).result;
    },
  };
}
