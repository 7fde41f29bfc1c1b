import { randomFillSync, type webcrypto } from "node:crypto";
import { aeadOf, keyExchangeOf, sealOnce, signatureKeysOf } from "@tlskit/crypto";
import { createWebProvider } from "@tlskit/crypto-web";
import { describe, expect, test } from "vitest";
import { ownSubtle, type SubtleCall } from "./helpers/own-subtle.ts";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** A provider, what WebCrypto was asked for, and what keys there are of it. */
async function watched() {
  const calls: SubtleCall[] = [];
  const keys: webcrypto.CryptoKey[] = [];
  const subtle = ownSubtle(async (call, own) => {
    calls.push(call);
    const answer = await own();
    // What these two answer: keys, and pairs of keys alone.
    if (call.method === "importKey") keys.push(answer as webcrypto.CryptoKey);
    if (call.method === "generateKey") keys.push(...Object.values(answer as webcrypto.CryptoKeyPair));
    return answer;
  });
  return { provider: await createWebProvider(subtle), calls, keys };
}

/** Those that nobody but their owner may know. */
const secretOnes = (keys: readonly webcrypto.CryptoKey[]) => keys.filter(({ type }) => type !== "public");

describe("keys", () => {
  test("of records can't be extracted", async () => {
    const { provider, keys } = await watched();
    keys.length = 0;
    for (const name of ["AES-128-GCM", "AES-256-GCM"] as const) {
      const algorithm = aeadOf(provider, name);
      await sealOnce(algorithm, random(algorithm.keyLength), random(12), random(5), random(10));
    }
    expect(keys.map(({ type, extractable }) => [type, extractable])).toEqual([
      ["secret", false],
      ["secret", false],
    ]);
    for (const key of keys) await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });

  test("of key agreement can't be extracted", async () => {
    const { provider, keys } = await watched();
    keys.length = 0;
    for (const name of ["X25519", "P-256", "P-384", "P-521"] as const) {
      const exchange = keyExchangeOf(provider, name);
      const offer = await exchange.offer(random);
      await offer.finish((await exchange.respond(offer.share, random)).share);
    }
    expect(secretOnes(keys).map(({ extractable }) => extractable)).toEqual(new Array(8).fill(false));
  });

  test("that sign can't be extracted, once they are made ready", async () => {
    const { provider, keys } = await watched();
    for (const type of ["P-256", "Ed25519", "RSA"] as const) {
      const signatures = signatureKeysOf(provider, type);
      const key = await signatures.generate(random);
      keys.length = 0;
      const signer = signatures.signer(key, random);
      for (const algorithm of signer.algorithms) await signer.sign(algorithm, random(10));
      expect(secretOnes(keys).length).toBeGreaterThan(0);
      expect(secretOnes(keys).map(({ extractable }) => extractable)).not.toContain(true);
    }
  });
});

describe("what a runtime has", () => {
  test("is found out when the provider is made, by importing keys and nothing else: no randomness, no timers", async () => {
    const { calls } = await watched();
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(["importKey"]));
    // Two AEADs, four key exchanges, four types of signatures; RSA isn't asked about.
    expect(calls).toHaveLength(10);
  });

  test("is never found out again", async () => {
    const { provider, calls } = await watched();
    calls.length = 0;
    const algorithm = aeadOf(provider, "AES-128-GCM");
    for (let times = 0; times < 2; times += 1) await sealOnce(algorithm, random(16), random(12), random(5), random(10));
    expect(calls.map(({ method }) => method)).toEqual(["importKey", "encrypt", "importKey", "encrypt"]);
    calls.length = 0;
    await keyExchangeOf(provider, "X25519").offer(random);
    expect(calls.map(({ method }) => method)).toEqual(["generateKey", "exportKey"]);
  });
});
