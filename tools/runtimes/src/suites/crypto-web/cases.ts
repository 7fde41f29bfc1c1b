import type { CryptoProvider } from "@tlskit/crypto";
import { conformanceCases, interoperabilityCases, passwordCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider, webPasswordCryptography } from "@tlskit/crypto-web";
import type { Case, Cases } from "../../suite.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What of the other provider has no counterpart here. */
function lacking(own: CryptoProvider, other: CryptoProvider): readonly Case[] {
  const namesOf = ({ aeads, keyExchanges, signatures }: CryptoProvider): readonly string[] => [
    ...aeads.map(({ name }) => name),
    ...keyExchanges.map(({ name }) => `key agreement by ${name}`),
    ...signatures.map(({ type }) => `signatures by ${type}`),
  ];
  const names = namesOf(own);
  return namesOf(other)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      name,
      cannot: `\`createWebProvider\` finds no ${name}: \`besides\` can give noble's`,
      run: () => undefined,
    }));
}

/** WebCrypto as a provider: what every provider is held to, and that it and noble understand each other. */
export const cases: Cases = async () => {
  const provider = await createWebProvider(crypto.subtle);
  return [
    ...conformanceCases(provider, random),
    ...interoperabilityCases(provider, nobleProvider, random).map(
      ({ name, run }): Case => ({ name: `${name}, and noble`, run }),
    ),
    ...passwordCases(webPasswordCryptography(crypto.subtle, nobleProvider.hashes), random),
    ...lacking(provider, nobleProvider),
  ];
};
