import { type WycheproofFile, wycheproofVerdicts } from "@tlskit/crypto/conformance";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { describeFolder, describeVectors } from "@tlskit/vectors";
import {
  wycheproofFiles,
  wycheproofFilesLeft,
  wycheproofFilesNotAsked,
  wycheproofPasswordFiles,
} from "@tlskit/vectors/wycheproof";
import { describe, expect, test } from "vitest";

describeFolder("Wycheproof, file by file", "wycheproof", (files) => {
  test("every file is run, or left for a reason", () => {
    const named = [wycheproofFiles, wycheproofPasswordFiles, wycheproofFilesLeft].flatMap(Object.keys);
    const there = files.filter((file) => file.endsWith("_test.json")).map((file) => file.replace("_test.json", ""));
    expect(there.sort()).toEqual([...new Set(named)].sort());
  });
});

/** A file's cases run in one test, for there are ten thousand of them; a failure names the case. */
describe.each([nobleTls12Provider, nodeProvider, threadPoolProvider])("Wycheproof: $name", (provider) => {
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
