import { randomFillSync } from "node:crypto";
import { conformanceCases, passwordCases } from "@tlskit/crypto/conformance";
import { noblePasswordCryptography, nobleTls12Provider } from "@tlskit/crypto-noble";
import { describe, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

describe("the noble provider's part for passwords is held to what its interface promises", () => {
  for (const { name, run } of passwordCases(noblePasswordCryptography, random)) test(name, { timeout: 60_000 }, run);
});

describe("the noble provider is held to what the interfaces promise", () => {
  for (const { name, run } of conformanceCases(nobleTls12Provider, random)) test(name, { timeout: 60_000 }, run);
});
