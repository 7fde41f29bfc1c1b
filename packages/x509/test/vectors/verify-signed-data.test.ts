import { runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { describe, test } from "vitest";
import { readAlgorithmIdentifier } from "../../src/algorithm-identifier.ts";
import { decodeDer } from "../../src/der-reader.ts";
import { SubjectPublicKeyInfo } from "../../src/index.ts";
import { verifySignature } from "../../src/signature.ts";
import { bytes, Differences, unlessRefused } from "./support.ts";

interface SignedData {
  readonly cases: readonly {
    readonly name: string;
    readonly subjectPublicKeyInfo: string;
    readonly algorithm: string;
    readonly data: string;
    readonly signature: string;
    readonly expected: boolean;
  }[];
}

const sha1 = "SHA-1 proves nothing";
const differences = new Differences({
  "rsa-pkcs1-sha1": sha1,
  "mldsa-44": "ML-DSA is not supported",
  "mldsa-65": "ML-DSA is not supported",
  "mldsa-87": "ML-DSA is not supported",
  "rsa-pss-sha256-using-pss-key-with-params": "BoringSSL has no keys that are declared for PSS",
});

// RFC 9846 §4.3.3#pss-salt
describeVectors<SignedData>("verify-signed-data", "boringssl-pki/verify-signed-data.json", ({ cases }) => {
  test("no difference is stale", () => {
    differences.expectNoneStale(cases.map(({ name }) => name));
  });

  describe.each([nodeProvider, nobleProvider])("by $name", (provider) => {
    test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
      const result = unlessRefused(() => {
        const algorithm = decodeDer(bytes(vector.algorithm), "the algorithm", (reader) =>
          readAlgorithmIdentifier(reader, "the algorithm"),
        );
        const signature = decodeDer(bytes(vector.signature), "the signature", (reader) =>
          reader.bitStringOctets("the signature"),
        );
        const signer = SubjectPublicKeyInfo.fromDer(bytes(vector.subjectPublicKeyInfo));
        return runSync(verifySignature({ provider, signer, algorithm, data: bytes(vector.data), signature }));
      });
      differences.expect(name, result?.verdict === "good", vector.expected);
    });
  });
});
