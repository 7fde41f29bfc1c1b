import { randomFillSync } from "node:crypto";
import { conformanceCases, interoperabilityCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const provider = opensslProvider();

describe("the openssl provider is held to what the interfaces promise", () => {
  for (const { name, run } of conformanceCases(provider, random)) test(name, { timeout: 60_000 }, run);
});

describe.each([nobleProvider, nodeProvider])(
  "the openssl provider and that by $name understand each other",
  (other) => {
    for (const { name, run } of interoperabilityCases(other, provider, random)) test(name, { timeout: 60_000 }, run);
  },
);

test("it has what the provider by node:crypto has, in the same order of preference", () => {
  const names = ({ hashes, aeads, keyExchanges, signatures }: Omit<typeof provider, "version">) => ({
    hashes: hashes.map(({ name }) => name),
    aeads: aeads.map(({ name }) => name),
    keyExchanges: keyExchanges.map(({ name }) => name),
    signatures: signatures.map(({ type, algorithms }) => ({ type, algorithms })),
  });
  expect(names(provider)).toEqual(names(nodeProvider));
});
