import { runSync, type SignatureAlgorithm, signerFor, wait } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";
import { encodeSignatureAlgorithm, readAlgorithmIdentifier, signatureMethod } from "../src/algorithm-identifier.ts";
import { decodeDer } from "../src/der-reader.ts";
import { type SubjectPublicKeyInfo, subjectPublicKeyInfoOf } from "../src/index.ts";
import { verifySignature } from "../src/signature.ts";
import { countingRandom, generateKey, provider } from "./pki.ts";

const random = countingRandom();
const key = generateKey("RSA");
const data = new TextEncoder().encode("to be signed");

const identifier = (encoded: Uint8Array) =>
  decodeDer(encoded, "the algorithm", (reader) => readAlgorithmIdentifier(reader, "the algorithm"));

function verdict(algorithm: SignatureAlgorithm, signer: SubjectPublicKeyInfo): string {
  const signature = runSync(wait(signerFor(provider, key, random).sign(algorithm, data)));
  const signed = { provider, signer, algorithm: identifier(encodeSignatureAlgorithm(algorithm)), data, signature };
  return runSync(verifySignature(signed)).verdict;
}

describe("RSA-PSS signatures", () => {
  // RFC 9846 §4.3.3#pss-parameters-match
  test("have the parameters of the key, if that has any", () => {
    const free = subjectPublicKeyInfoOf(key, { algorithm: "id-RSASSA-PSS" });
    const bound = subjectPublicKeyInfoOf(key, { algorithm: "id-RSASSA-PSS", pssHash: "SHA-384" });
    expect(verdict("RSA-PSS/SHA-256", free)).toBe("good");
    expect(verdict("RSA-PSS/SHA-384", free)).toBe("good");
    expect(verdict("RSA-PSS/SHA-384", bound)).toBe("good");
    expect(verdict("RSA-PSS/SHA-256", bound)).toBe("unsupported");
    expect(verdict("RSA-PKCS1/SHA-384", bound)).toBe("unsupported");
  });

  // RFC 9846 §4.3.3#pss-parameters-der
  test("have parameters in DER, in no other encoding", () => {
    const right = encodeSignatureAlgorithm("RSA-PSS/SHA-256");
    expect(signatureMethod(identifier(right))).toEqual({ family: "RSA-PSS", hash: "SHA-256" });
    // The salt's length, 32, at the end: with a leading zero, with a length in long form, and of indefinite length.
    const salt = right.length - 5;
    expect([...right.subarray(salt)]).toEqual([0xa2, 3, 2, 1, 32]);
    for (const [spoilt, longer] of [
      [[0xa2, 4, 2, 2, 0, 32], 1],
      [[0xa2, 0x81, 3, 2, 1, 32], 1],
      [[0xa2, 0x80, 2, 1, 32, 0, 0], 2],
    ] as const) {
      const bytes = Uint8Array.of(...right.subarray(0, salt), ...spoilt);
      bytes[1] = (bytes[1] ?? 0) + longer; // the whole
      bytes[14] = (bytes[14] ?? 0) + longer; // the parameters
      expect(() => signatureMethod(identifier(bytes)), spoilt.join()).toThrow(
        expect.objectContaining({ code: "invalid_der" }),
      );
    }
  });
});
