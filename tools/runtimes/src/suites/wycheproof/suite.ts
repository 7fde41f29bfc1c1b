import type { WycheproofFile } from "@tlskit/crypto/conformance";
import { readVectors, vectorsPresent } from "@tlskit/vectors/read";
import { wycheproofFiles, wycheproofFilesNotAsked } from "@tlskit/vectors/wycheproof";
import { besides, type HostedSuite } from "../../hosted-suite.ts";
import type { GivenFile } from "./cases.ts";

export const wycheproof: HostedSuite = {
  name: "Wycheproof, `@tlskit/crypto-web`",
  about: "the published test vectors, of whatever WebCrypto can be asked",
  module: besides(import.meta.url),
  // Node 26 is held to them by crypto-web's own tests; of those before it the oldest one speaks for all.
  on: ({ name }) => !/Node 2[246]/.test(name),
  missing: vectorsPresent ? undefined : "the test vectors (TLSKIT_VECTORS) are not on this machine",
  prepare: async () => ({ given: givenFiles(), stop: async () => {} }),
};

function givenFiles(): readonly GivenFile[] {
  const notAsked = wycheproofFilesNotAsked["WebCrypto"] ?? [];
  return Object.entries(wycheproofFiles)
    .filter(([file]) => !notAsked.includes(file))
    .map(([file, expected]) => ({
      file,
      expected,
      vectors: readVectors<WycheproofFile>(`wycheproof/${file}_test.json`),
    }));
}
