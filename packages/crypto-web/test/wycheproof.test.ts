import { type WycheproofFile, wycheproofVerdicts } from "@tlskit/crypto/conformance";
import { createWebProvider } from "@tlskit/crypto-web";
import { describeVectors } from "@tlskit/vectors";
import { wycheproofFiles, wycheproofFilesNotAsked } from "@tlskit/vectors/wycheproof";
import { describe, expect, test } from "vitest";

const provider = await createWebProvider(crypto.subtle);

describe("Wycheproof: WebCrypto", () => {
  for (const [file, expected] of Object.entries(wycheproofFiles)) {
    describeVectors<WycheproofFile>(file, `wycheproof/${file}_test.json`, (vectors) => {
      test("every case has its verdict, and none is left out silently", { timeout: 120_000 }, async () => {
        const { failures, ...counts } = await wycheproofVerdicts(provider, file, vectors);
        expect(failures).toEqual([]);
        const cases = expected.reduce((sum, count) => sum + count);
        const isAsked = !wycheproofFilesNotAsked[provider.name]?.includes(file);
        expect(Object.values(counts)).toEqual(isAsked ? expected : [0, 0, 0, cases]);
      });
    });
  }
});
