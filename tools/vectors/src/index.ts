/**
 * The one place that knows where the published test vectors lie: beside the repository, in
 * `../shared/vectors`, or where the environment's `TLSKIT_VECTORS` says. Tests read them in place; nothing of
 * them is copied into the repository.
 *
 * ```ts
 * import { expect, test } from "vitest";
 * import { describeVectors } from "@tlskit/vectors";
 *
 * interface AesGcm { testGroups: { tests: { tcId: number; key: string; result: "valid" | "invalid" }[] }[] }
 *
 * describeVectors<AesGcm>("AES-GCM", "wycheproof/aes_gcm_test.json", (vectors) => {
 *   for (const group of vectors.testGroups) test(…);
 * });
 * ```
 *
 * Where the vectors are absent, a suite counts as one skipped test that says why; with
 * `TLSKIT_REQUIRE_ALL=1`, as one failed test.
 */
import { readdirSync } from "node:fs";
import { describe, type TestContext, test } from "vitest";
import { folder, readVectors, requireAll, vectorsPresent } from "./read.ts";

export { readVectors, requireAll, vectorsPresent };

/** A `describe` whose body gets the file at `path`, parsed; one skipped test where there are no vectors. */
export function describeVectors<T>(title: string, path: string, body: (vectors: T) => void): void {
  describeIfPresent(title, path, () => body(readVectors<T>(path)));
}

/** A `describe` whose body gets the names of the files in the folder at `path`. */
export function describeFolder(title: string, path: string, body: (files: readonly string[]) => void): void {
  describeIfPresent(title, path, () => body(readdirSync(`${folder}/${path}`)));
}

function describeIfPresent(title: string, path: string, body: () => void): void {
  describe(title, () => {
    if (vectorsPresent) body();
    else test(path, (context) => absent(context, "the test vectors (TLSKIT_VECTORS) are not on this machine"));
  });
}

/**
 * Ends a test whose peer or data is not on this machine: skipped with the sentence, or failed where
 * everything is required. For any outside thing, such as the command `gnutls-cli`.
 */
export function absent(context: TestContext, sentence: string): never {
  if (requireAll) throw new Error(`TLSKIT_REQUIRE_ALL is set, but ${sentence}`);
  return context.skip(sentence);
}
