import { type WycheproofFile, wycheproofPasswordVerdicts } from "@tlskit/crypto/conformance";
import { noblePasswordCryptography } from "@tlskit/crypto-noble";
import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { wycheproofPasswordFiles } from "@tlskit/vectors/wycheproof";
import { describe, expect, test } from "vitest";

/** Slow, since a password's derivation is to be: one case has 16 million iterations. */
describe.each([noblePasswordCryptography, nodePasswordCryptography])("Wycheproof, passwords: $name", (cryptography) => {
  for (const [file, expected] of Object.entries(wycheproofPasswordFiles)) {
    describeVectors<WycheproofFile>(file, `wycheproof/${file}_test.json`, (vectors) => {
      test("every case has its verdict, and none is left out silently", { timeout: 120_000 }, async () => {
        const { failures, ...counts } = await wycheproofPasswordVerdicts(cryptography, file, vectors);
        expect(failures).toEqual([]);
        expect(Object.values(counts)).toEqual(expected);
      });
    });
  }
});
