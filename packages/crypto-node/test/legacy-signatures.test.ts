import { constants, createHash, createPublicKey, generateKeyPairSync, privateEncrypt } from "node:crypto";
import { signatureKeysOf } from "@tlskit/crypto";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider, signerFromKeyObject } from "@tlskit/crypto-node";
import { describe, expect, test } from "vitest";

const message = Uint8Array.of(1, 2, 3);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const bytes = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "base64url"));
const { n, e } = createPublicKey(key).export({ format: "jwk" });
const publicKey = { type: "RSA", modulus: bytes(n), publicExponent: bytes(e) } as const;

describe("what TLS 1.1 signs with RSA", () => {
  const signer = signerFromKeyObject(key);

  test("is the digests of MD5 and SHA-1, padded, without saying which they are (RFC 4346 §4.7)", async () => {
    const digests = Buffer.concat(["md5", "sha1"].map((name) => createHash(name).update(message).digest()));
    const expected = new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digests));
    expect(await signer.sign("RSA-PKCS1/MD5-SHA-1", message)).toEqual(expected);
    for (const provider of [nodeProvider, nobleTls12Provider]) {
      const verifier = signatureKeysOf(provider, "RSA").verifier(publicKey);
      expect(verifier.verify("RSA-PKCS1/MD5-SHA-1", message, expected), provider.name).toBe(true);
    }
  });

  test("is not what TLS 1.2 signs", async () => {
    for (const provider of [nodeProvider, nobleTls12Provider]) {
      const verifier = signatureKeysOf(provider, "RSA").verifier(publicKey);
      const [of12, of11] = [
        await signer.sign("RSA-PKCS1/SHA-256", message),
        await signer.sign("RSA-PKCS1/MD5-SHA-1", message),
      ];
      expect(verifier.verify("RSA-PKCS1/MD5-SHA-1", message, of12), provider.name).toBe(false);
      expect(verifier.verify("RSA-PKCS1/SHA-256", message, of11), provider.name).toBe(false);
    }
  });
});
