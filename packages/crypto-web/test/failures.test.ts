import { randomFillSync } from "node:crypto";
import {
  aeadOf,
  CryptoError,
  type CryptoErrorCode,
  type CryptoProvider,
  keyExchangeOf,
  openOnce,
  sealOnce,
  signatureKeysOf,
} from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider, webCryptoSigner, webPasswordCryptography } from "@tlskit/crypto-web";
import { describe, expect, test } from "vitest";
import { failing, ownSubtle } from "./helpers/own-subtle.ts";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const good = await createWebProvider(crypto.subtle);
const p256 = await signatureKeysOf(good, "P-256").generate(random);
const ed25519 = await signatureKeysOf(good, "Ed25519").generate(random);
const share = (await keyExchangeOf(good, "X25519").offer(random)).share;
const text = random(10);
const [key, nonce] = [random(16), random(12)];
const aes = (provider: CryptoProvider) => aeadOf(provider, "AES-128-GCM");
const sealed = await sealOnce(aes(good), key, nonce, text, text);
const sign = (provider: CryptoProvider) =>
  signatureKeysOf(provider, "P-256").signer(p256, random).sign("ECDSA/P-256/SHA-256", text);
const signature = await sign(good);
const verify = (provider: CryptoProvider) =>
  signatureKeysOf(provider, "P-256").verifier(p256).verify("ECDSA/P-256/SHA-256", text, signature);

/** A runtime that has everything, and then fails in one thing. */
async function brokenLater(method: keyof SubtleCrypto, error: string): Promise<CryptoProvider> {
  let made = false;
  const broken = failing(method, error);
  const subtle = ownSubtle(({ method: asked, given }, own) =>
    made && asked === method ? Reflect.apply(Reflect.get(broken, method), broken, given) : own(),
  );
  const provider = await createWebProvider(subtle);
  made = true;
  return provider;
}

type Use = (provider: CryptoProvider) => unknown;

describe("what WebCrypto fails with becomes", () => {
  const seal: Use = (provider) => sealOnce(aes(provider), key, nonce, text, text);
  const open: Use = (provider) => openOnce(aes(provider), key, nonce, text, sealed);
  const offer: Use = (provider) => keyExchangeOf(provider, "X25519").offer(random);
  const respond: Use = (provider) => keyExchangeOf(provider, "X25519").respond(share, random);
  const generate: Use = (provider) => signatureKeysOf(provider, "Ed25519").generate(random);

  test.each<[what: string, keyof SubtleCrypto, Use, ...cases: (readonly [error: string, CryptoErrorCode])[]]>([
    ["importing a traffic key", "importKey", seal, ["OperationError", "provider_failed"]],
    ["sealing", "encrypt", seal, ["OperationError", "provider_failed"], ["UnknownError", "provider_failed"]],
    ["opening", "decrypt", open, ["OperationError", "authentication_failed"], ["UnknownError", "provider_failed"]],
    [
      "making a share",
      "generateKey",
      offer,
      ["OperationError", "provider_failed"],
      ["NotSupportedError", "unsupported"],
    ],
    ["giving a share", "exportKey", offer, ["OperationError", "provider_failed"]],
    [
      "importing a share",
      "importKey",
      respond,
      ["DataError", "invalid_key_share"],
      ["UnknownError", "provider_failed"],
    ],
    ["agreeing", "deriveBits", respond, ["OperationError", "invalid_key_share"], ["UnknownError", "provider_failed"]],
    [
      "importing a public key",
      "importKey",
      verify,
      ["DataError", "invalid_public_key"],
      ["UnknownError", "provider_failed"],
    ],
    [
      "importing a private key",
      "importKey",
      sign,
      ["DataError", "invalid_private_key"],
      ["UnknownError", "provider_failed"],
    ],
    ["signing", "sign", sign, ["OperationError", "provider_failed"], ["NotSupportedError", "unsupported"]],
    ["verifying", "verify", verify, ["Error", "unsupported"], ["NotSupportedError", "unsupported"]],
    ["making a key", "generateKey", generate, ["OperationError", "provider_failed"]],
  ])("%s", async (_, method, use, ...cases) => {
    for (const [error, code] of cases) {
      const provider = await brokenLater(method, error);
      const failure: unknown = await Promise.resolve(use(provider)).catch((reason: unknown) => reason);
      expect([error, failure instanceof CryptoError && failure.code]).toEqual([error, code]);
    }
  });

  test("a malformed signature, if the runtime fails for it, as workerd does for Ed25519's of another length", async () => {
    const provider = await brokenLater("verify", "OperationError");
    const verifier = signatureKeysOf(provider, "Ed25519").verifier(ed25519);
    expect(await verifier.verify("Ed25519", text, new Uint8Array(63))).toBe(false);
  });

  test("what passwords are told", async () => {
    const failures = [
      ["deriveBits", "NotSupportedError", "unsupported"],
      ["deriveBits", "OperationError", "provider_failed"],
      ["encrypt", "OperationError", "provider_failed"],
      ["decrypt", "OperationError", "decryption_failed"],
      ["decrypt", "UnknownError", "provider_failed"],
    ] as const;
    const bytes = new Uint8Array(16);
    for (const [method, error, code] of failures) {
      const { pbkdf2, aesCbc } = webPasswordCryptography(failing(method, error), nobleProvider.hashes);
      const call = {
        deriveBits: () => pbkdf2("SHA-256", text, text, 200_000, 32),
        encrypt: () => aesCbc.encrypt(bytes, bytes, text),
        decrypt: () => aesCbc.decrypt(bytes, bytes, bytes),
      }[method];
      await expect(call()).rejects.toMatchObject({ name: "CryptoError", code });
    }
  });

  test("a CryptoKey that the runtime doesn't sign with", async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    const signer = webCryptoSigner(failing("sign", "InvalidStateError"), privateKey);
    await expect(signer.sign("ECDSA/P-256/SHA-256", text)).rejects.toMatchObject({ code: "provider_failed" });
  });
});

describe("a runtime that fails once", () => {
  test.each(["importKey", "sign"] as const)("in %s signs when it is asked again", async (method) => {
    let failures = 0;
    const subtle = ownSubtle((call, own) => {
      if (failures !== 1 || call.method !== method) return own();
      failures += 1;
      return Promise.reject(new DOMException("", "UnknownError"));
    });
    const provider = await createWebProvider(subtle);
    const signer = signatureKeysOf(provider, "P-256").signer(p256, random);
    failures = 1;
    await expect(signer.sign("ECDSA/P-256/SHA-256", text)).rejects.toMatchObject({ code: "provider_failed" });
    expect(await signer.sign("ECDSA/P-256/SHA-256", text)).toBeInstanceOf(Uint8Array);
  });
});

test("what isn't authentic leaves zeros, also if it is the runtime that fails", async () => {
  const provider = await brokenLater("decrypt", "UnknownError");
  const into = new Uint8Array(12).fill(7);
  await expect(aes(provider).withKey(key).open(nonce, text, sealed, into, 1)).rejects.toThrow();
  expect(into).toEqual(Uint8Array.of(7, ...new Uint8Array(10), 7));
});

describe("without WebCrypto", () => {
  // In a page that isn't a secure context, crypto.subtle is undefined, though its type doesn't say so.
  const absent = undefined as unknown as SubtleCrypto;

  test("there is no provider, rather than one that has nothing", async () => {
    await expect(createWebProvider(absent)).rejects.toMatchObject({ name: "CryptoError", code: "invalid_argument" });
  });

  test("there is no signer", () => {
    const key = undefined as unknown as CryptoKey;
    expect(() => webCryptoSigner(absent, key)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
