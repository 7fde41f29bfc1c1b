import { randomFillSync } from "node:crypto";
import type { CryptoProvider } from "@tlskit/crypto";
import { conformanceCases, interoperabilityCases } from "@tlskit/crypto/conformance";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const provider = opensslProvider();

describe("the openssl provider is held to what the interfaces promise", () => {
  for (const { name, run } of conformanceCases(provider, random)) test(name, { timeout: 60_000 }, run);
});

describe.each([nobleTls12Provider, nodeProvider])(
  "the openssl provider and that by $name understand each other",
  (other) => {
    for (const { name, run } of interoperabilityCases(other, provider, random)) test(name, { timeout: 60_000 }, run);
  },
);

test("it has what the provider by node:crypto has, in the same order of preference", () => {
  const names = ({ hashes, aeads, keyExchanges, signatures, ...others }: CryptoProvider) => ({
    hashes: hashes.map(({ name }) => name),
    aeads: aeads.map(({ name }) => name),
    keyExchanges: keyExchanges.map(({ name }) => name),
    signatures: signatures.map(({ type, algorithms }) => ({ type, algorithms })),
    blockCiphers: others.blockCiphers?.map(({ name }) => name),
    others: [others.finiteField, others.rsaEncryption?.decrypter, others.md5].map((other) => other !== undefined),
  });
  expect(names(provider)).toEqual(names(nodeProvider));
});
