import {
  aeadOf,
  blockCipherOf,
  type CryptoProvider,
  decrypterFor,
  encrypterFor,
  finiteFieldOf,
  hashOf,
  keyExchangeOf,
  md5Of,
  type RsaPrivateKey,
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
    ["provider is not a provider of cryptography", () => blockCipherOf(given({}), "AES-128-CBC")],
    ["provider is not a provider of cryptography", () => finiteFieldOf(given(undefined))],
    ["provider is not a provider of cryptography", () => md5Of(given(undefined))],
    ["publicKey is not an RSA public key in its parts", () => encrypterFor(provider, given(undefined))],
    ["publicKey is not an RSA public key in its parts", () => encrypterFor(provider, given({ point: {} }))],
    ["key is not an RSA private key or a decrypter", () => decrypterFor(provider, given(undefined))],
    ["key is not an RSA private key or a decrypter", () => decrypterFor(provider, given({ scalar: {} }))],
    ["key is not an RSA private key or a decrypter", () => decrypterFor(provider, given({ privateKey: "secret" }))],
    ["random is not a function", () => signerFor(provider, given({ type: "RSA" }), given(undefined))],
  ])("is named: %s", (message, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "CryptoError", code: "invalid_argument", message }));
  });
});

const privateKey: RsaPrivateKey = (() => {
  const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
  const primes = { prime1: one, prime2: one, exponent1: one, exponent2: one, coefficient: one };
  return { type: "RSA", modulus: two, publicExponent: one, privateExponent: one, ...primes };
})();

describe("what a provider may be without", () => {
  it.each<[string, () => unknown]>([
    ["AES-128-CBC", () => blockCipherOf(provider, "AES-128-CBC")],
    ["3DES-EDE-CBC", () => blockCipherOf({ ...provider, blockCiphers: [] }, "3DES-EDE-CBC")],
    ["Diffie-Hellman over finite fields", () => finiteFieldOf(provider)],
    ["MD5", () => md5Of(provider)],
    ["encryption with RSA", () => encrypterFor(provider, privateKey)],
    ["decryption with RSA", () => decrypterFor(provider, privateKey)],
  ])("is named if it is asked for: %s", (what, call) => {
    const message = `the provider empty has no ${what}`;
    expect(call).toThrow(expect.objectContaining({ name: "CryptoError", code: "unsupported", message }));
  });

  it("is decryption alone, too", () => {
    const encrypter = { modulusLength: 256, encrypt: () => new Uint8Array(256) };
    const encrypting = { ...provider, rsaEncryption: { encrypter: () => encrypter } };
    expect(encrypterFor(encrypting, privateKey)).toBe(encrypter);
    expect(() => decrypterFor(encrypting, privateKey)).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});

describe("a key that decrypts", () => {
  const decrypter = { modulusLength: 256, decrypt: () => new Uint8Array(256) };

  it("stays what it is if it is a decrypter", () => {
    expect(decrypterFor(provider, decrypter)).toBe(decrypter);
  });

  it("is made one, also out of what declares it", () => {
    const made: unknown[] = [];
    const decrypting: CryptoProvider = {
      ...provider,
      rsaEncryption: {
        encrypter: () => ({ modulusLength: 256, encrypt: () => new Uint8Array(256) }),
        decrypter: (key) => {
          made.push(key);
          return decrypter;
        },
      },
    };
    decrypterFor(decrypting, privateKey);
    decrypterFor(decrypting, { privateKey });
    expect(made).toEqual([privateKey, privateKey]);
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
