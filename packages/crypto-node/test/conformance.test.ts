import { randomFillSync } from "node:crypto";
import { KeySharesAhead } from "@tlskit/crypto";
import { conformanceCases, interoperabilityCases, passwordCases } from "@tlskit/crypto/conformance";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodePasswordCryptography, nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

describe("the node provider's part for passwords is held to what its interface promises", () => {
  for (const { name, run } of passwordCases(nodePasswordCryptography, random)) test(name, { timeout: 60_000 }, run);
});

describe("the node provider is held to what the interfaces promise", () => {
  for (const { name, run } of conformanceCases(nodeProvider, random)) test(name, { timeout: 60_000 }, run);
});

describe("so is the one on the thread pool", () => {
  for (const { name, run } of conformanceCases(threadPoolProvider, random)) test(name, { timeout: 60_000 }, run);
});

describe("so is one with key shares made ahead", () => {
  const keyExchanges = nodeProvider.keyExchanges.map(({ name }) => name);
  const ahead = new KeySharesAhead({ provider: nodeProvider, random, keyExchanges, whenIdle: queueMicrotask });
  for (const { name, run } of conformanceCases({ ...ahead.provider, hashes: [], aeads: [], signatures: [] }, random)) {
    test(name, { timeout: 60_000 }, run);
  }
});

describe.each([nodeProvider, threadPoolProvider])("the noble provider understands $name", (provider) => {
  for (const { name, run } of interoperabilityCases(nobleTls12Provider, provider, random)) {
    test(name, { timeout: 60_000 }, run);
  }
});

test("this Node has ML-KEM, so the hybrid is offered, and first", () => {
  expect(nodeProvider.keyExchanges[0]?.name).toBe("X25519MLKEM768");
});
