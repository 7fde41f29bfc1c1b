import type { WycheproofFile } from "@tlskit/crypto/conformance";
import { readVectors, requireAll, vectorsPresent } from "@tlskit/vectors/read";
import { wycheproofFiles, wycheproofFilesNotAsked } from "@tlskit/vectors/wycheproof";
import { besides, type HostedSuite } from "../../hosted-suite.ts";
import type { GivenVectors } from "./cases.ts";

export const wycheproof: HostedSuite = {
  name: "Wycheproof, `@tlskit/crypto-web`",
  about: "the published test vectors, of whatever WebCrypto can be asked",
  module: besides(import.meta.url),
  // Node 26 is held to them by crypto-web's own tests; of those before it the oldest one speaks for all.
  on: ({ name }) => !/Node 2[246]/.test(name),
  prepare: async () => ({ given: givenVectors(), stop: async () => {} }),
};

function givenVectors(): GivenVectors {
  if (!vectorsPresent) {
    const absent = "the test vectors (TLSKIT_VECTORS) are not on this machine";
    if (requireAll) throw new Error(`TLSKIT_REQUIRE_ALL is set, but ${absent}`);
    return { absent };
  }
  const notAsked = wycheproofFilesNotAsked["WebCrypto"] ?? [];
  const files = Object.entries(wycheproofFiles).filter(([file]) => !notAsked.includes(file));
  return {
    files: files.map(([file, expected]) => ({
      file,
      expected,
      vectors: readVectors<WycheproofFile>(`wycheproof/${file}_test.json`),
    })),
  };
}
