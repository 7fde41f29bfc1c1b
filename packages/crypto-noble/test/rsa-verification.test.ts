import { generateKeyPairSync, randomFillSync } from "node:crypto";
import { type RsaPrivateKey, verifierFor } from "@tlskit/crypto";
import { nobleProvider, rsa, rsaVerification } from "@tlskit/crypto-noble";
import { describe, expect, it } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const message = Uint8Array.of(1, 2, 3);

/** Made by the runtime, which is quicker. */
function madeKey(): RsaPrivateKey {
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const part = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? "", "base64url"));
  return {
    type: "RSA",
    modulus: part(jwk.n),
    publicExponent: part(jwk.e),
    privateExponent: part(jwk.d),
    prime1: part(jwk.p),
    prime2: part(jwk.q),
    exponent1: part(jwk.dp),
    exponent2: part(jwk.dq),
    coefficient: part(jwk.qi),
  };
}

describe("RSA that only verifies", () => {
  const key = madeKey();

  it("takes what the whole does, and nothing else", async () => {
    const { type, modulus, publicExponent } = key;
    const provider = { ...nobleProvider, signatures: [rsaVerification] };
    const verifier = verifierFor(provider, { type, modulus, publicExponent });
    expect(rsaVerification.algorithms).toEqual(rsa.algorithms);
    for (const algorithm of rsa.algorithms) {
      const signature = await rsa.signer(key, random).sign(algorithm, message);
      expect(await verifier.verify(algorithm, message, signature)).toBe(true);
      expect(await verifier.verify(algorithm, Uint8Array.of(1, 2, 4), signature)).toBe(false);
    }
  });

  it("signs nothing, and makes no keys", () => {
    const unsupported = expect.objectContaining({ name: "CryptoError", code: "unsupported" });
    expect(() => rsaVerification.signer(key, random)).toThrow(unsupported);
    expect(() => rsaVerification.generate(random)).toThrow(unsupported);
  });
});
