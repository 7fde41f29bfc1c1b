/** Where the vectors lie, without a test runner. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @internal */
export const folder: string =
  process.env["TLSKIT_VECTORS"] ?? fileURLToPath(new URL("../../../../shared/vectors", import.meta.url));

/** Whether the folder of test vectors is on this machine. */
export const vectorsPresent: boolean = existsSync(folder);

/** Whether whatever a test needs must be here: set in CI, so that nothing is skipped there unseen. */
export const requireAll: boolean = process.env["TLSKIT_REQUIRE_ALL"] === "1";

/** The JSON file at `path` within the folder of vectors. The caller vouches for its shape. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(`${folder}/${path}`, "utf8")) as T;
}
