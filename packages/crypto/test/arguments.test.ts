import {
  aeadOf,
  type CryptoProvider,
  hashOf,
  keyExchangeOf,
  signatureKeysOf,
  signerFor,
  verifierFor,
} from "@tlskit/crypto";
import { describe, expect, it } from "vitest";

const provider: CryptoProvider = { name: "empty", hashes: [], aeads: [], keyExchanges: [], signatures: [] };
const random = (length: number): Uint8Array => new Uint8Array(length);
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["provider is not a provider of cryptography", () => hashOf(given(undefined), "SHA-256")],
    ["provider is not a provider of cryptography", () => aeadOf(given({}), "AES-128-GCM")],
    ["provider is not a provider of cryptography", () => keyExchangeOf(given("noble"), "X25519")],
    ["provider is not a provider of cryptography", () => signatureKeysOf(given(null), "RSA")],
    ["publicKey is not a public key in its parts", () => verifierFor(provider, given(undefined))],
    ["publicKey is not a public key in its parts", () => verifierFor(provider, given({ publicKey: {} }))],
    ["key is not a private key or a signer", () => signerFor(provider, given(undefined), random)],
    ["key is not a private key or a signer", () => signerFor(provider, given("-----BEGIN"), random)],
    ["key is not a private key or a signer", () => signerFor(provider, given({ privateKey: "secret" }), random)],
    ["random is not a function", () => signerFor(provider, given({ type: "RSA" }), given(undefined))],
  ])("is named: %s", (message, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "CryptoError", code: "invalid_argument", message }));
  });
});

describe("a key", () => {
  it("that is a signer stays what it is", () => {
    const signer = { algorithms: [], sign: () => new Uint8Array(0) };
    expect(signerFor(provider, signer, random)).toBe(signer);
  });

  it("is made a signer, also out of what declares it", () => {
    const key = { type: "Ed25519", publicKey: new Uint8Array(32), seed: new Uint8Array(32) } as const;
    const made: unknown[] = [];
    const signing = {
      ...provider,
      signatures: [
        {
          type: "Ed25519",
          algorithms: [],
          verifier: () => ({ algorithms: [], verify: () => false }),
          signer: (privateKey) => {
            made.push(privateKey);
            return { algorithms: [], sign: () => new Uint8Array(0) };
          },
          generate: () => key,
        },
      ],
    } satisfies CryptoProvider;
    signerFor(signing, key, random);
    signerFor(signing, { privateKey: key }, random);
    expect(made).toEqual([key, key]);
  });
});
