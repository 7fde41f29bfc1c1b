import { conformanceCases, interoperabilityCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider } from "@tlskit/crypto-web";
import type { Case, Cases } from "../../suite.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** WebCrypto as a provider: what every provider is held to, and that it and noble understand each other. */
export const cases: Cases = async () => {
  const provider = await createWebProvider(crypto.subtle);
  return [
    ...conformanceCases(provider, random),
    ...interoperabilityCases(provider, nobleProvider, random).map(
      ({ name, run }): Case => ({ name: `${name}, and noble`, run }),
    ),
  ];
};
