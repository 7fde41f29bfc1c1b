import { randomFillSync } from "node:crypto";
import { conformanceCases, interoperabilityCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider } from "@tlskit/crypto-web";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const provider = await createWebProvider(crypto.subtle);

describe("WebCrypto is what a provider has to be", () => {
  for (const { name, run } of conformanceCases(provider, random)) test(name, { timeout: 60_000 }, run);
});

describe("WebCrypto and noble understand each other", () => {
  for (const { name, run } of interoperabilityCases(provider, nobleProvider, random))
    test(name, { timeout: 60_000 }, run);
});

test("what the runtime lacks comes from elsewhere, and nothing else", async () => {
  const whole = await createWebProvider(crypto.subtle, nobleProvider);
  const names = {
    aeads: whole.aeads.map(({ name }) => name),
    keyExchanges: whole.keyExchanges.map(({ name }) => name),
    signatures: whole.signatures.map(({ type }) => type),
  };
  expect(names).toEqual({
    aeads: ["AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"],
    keyExchanges: ["X25519MLKEM768", "X25519", "P-256", "P-384", "P-521", "X448"],
    signatures: ["P-256", "Ed25519", "P-384", "P-521", "RSA", "Ed448"],
  });
  expect(whole.aeads[0]?.synchronous).toBe(false);
});

test("a runtime without Ed25519, X25519 and P-521 has the rest", async () => {
  const { subtle } = crypto;
  const poor = new Proxy(subtle, {
    get: (target, member) => {
      const own: unknown = Reflect.get(target, member, target);
      if (typeof own !== "function") return own;
      return (...given: readonly unknown[]) => {
        if (/25519|P-521/.test(JSON.stringify(given))) return Promise.reject(new Error("NotSupportedError"));
        return Reflect.apply(own, target, given);
      };
    },
  });
  const provider = await createWebProvider(poor);
  expect(provider.keyExchanges.map(({ name }) => name)).toEqual(["P-256", "P-384"]);
  expect(provider.signatures.map(({ type }) => type)).toEqual(["P-256", "P-384", "RSA"]);
});
