import { verifierFor } from "@tlskit/crypto";
import { nobleProvider, rsa, rsaVerification } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describe, expect, it } from "vitest";

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const message = Uint8Array.of(1, 2, 3);

describe("RSA that only verifies", () => {
  const key = nodeProvider.signatures.find(({ type }) => type === "RSA")?.generate(random); // by the runtime's own randomness
  const provider = { ...nobleProvider, signatures: [rsaVerification] };

  it("takes what the whole does, and nothing else", async () => {
    const privateKey = await key;
    if (privateKey?.type !== "RSA") throw new TypeError("node makes RSA keys");
    const { modulus, publicExponent } = privateKey;
    const verifier = verifierFor(provider, { type: "RSA", modulus, publicExponent });
    expect(rsaVerification.algorithms).toEqual(rsa.algorithms);
    for (const algorithm of rsa.algorithms) {
      const signature = await rsa.signer(privateKey, random).sign(algorithm, message);
      expect(await verifier.verify(algorithm, message, signature)).toBe(true);
      expect(await verifier.verify(algorithm, Uint8Array.of(1, 2, 4), signature)).toBe(false);
    }
  });

  it("signs nothing, and makes no keys", async () => {
    const privateKey = await key;
    if (privateKey === undefined) throw new TypeError("node makes RSA keys");
    const unsupported = expect.objectContaining({ name: "CryptoError", code: "unsupported" });
    expect(() => rsaVerification.signer(privateKey, random)).toThrow(unsupported);
    expect(() => rsaVerification.generate(random)).toThrow(unsupported);
  });
});
