import { randomFillSync } from "node:crypto";
import { conformanceCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

describe("the noble provider is held to what the interfaces promise", () => {
  for (const { name, run } of conformanceCases(nobleProvider, random)) test(name, { timeout: 60_000 }, run);
});
