import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";

const providers: Readonly<Record<string, () => CryptoProvider>> = {
  node: () => nodeProvider,
  noble: () => nobleProvider,
  openssl: () => opensslProvider(),
};

/** Which one computes, by `TLSKIT_PROVIDER`: `node` unless told. */
export const provider: CryptoProvider = providerNamed(process.env["TLSKIT_PROVIDER"] ?? "node");

function providerNamed(name: string): CryptoProvider {
  const make = providers[name];
  if (make === undefined) throw new RangeError(`TLSKIT_PROVIDER is one of ${Object.keys(providers).join(", ")}`);
  return make();
}
