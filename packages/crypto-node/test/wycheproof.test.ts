import { type WycheproofFile, wycheproofVerdicts } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeFolder, describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import { wycheproofFiles, wycheproofFilesLeft, wycheproofPasswordFiles } from "./wycheproof-files.ts";

/** node:crypto takes no private key for a key exchange, so what depends on it can't be asked. */
const notForNode: Readonly<Record<string, number>> = {
  x25519: 518,
  x448: 510,
  mlkem_768: 193,
  mlkem_768_keygen_seed: 100,
};

describeFolder("Wycheproof, file by file", "wycheproof", (files) => {
  test("every file is run, or left for a reason", () => {
    const named = [wycheproofFiles, wycheproofPasswordFiles, wycheproofFilesLeft].flatMap(Object.keys);
    const there = files.filter((file) => file.endsWith("_test.json")).map((file) => file.replace("_test.json", ""));
    expect(there.sort()).toEqual(named.sort());
  });
});

/** A file's cases run in one test, for there are ten thousand of them; a failure names the case. */
describe.each([nobleProvider, nodeProvider])("Wycheproof: $name", (provider) => {
  for (const [file, expected] of Object.entries(wycheproofFiles)) {
    describeVectors<WycheproofFile>(file, `wycheproof/${file}_test.json`, (vectors) => {
      test("every case has its verdict, and none is left out silently", { timeout: 120_000 }, async () => {
        const { failures, ...counts } = await wycheproofVerdicts(provider, file, vectors);
        expect(failures).toEqual([]);
        const unasked = provider === nodeProvider ? notForNode[file] : undefined;
        expect(Object.values(counts)).toEqual(unasked === undefined ? expected : [0, 0, 0, unasked]);
      });
    });
  }
});
