import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type DenoResult, deno, denoTests, testFile } from "./helpers/deno.ts";

// The tests themselves are Deno's, and run there, with the permission for connections and no other.
describe.each([
  "conformance.ts",
  "connecting.ts",
  "listening.ts",
  "ending.ts",
  "sessions.ts",
  "client-certificates.ts",
  "limits.ts",
  "deno-peers.ts",
  "http.ts",
])("%s", async (file) => {
  test.each(await denoTests(file))("$name", ({ failure }) => {
    expect(failure).toBeUndefined();
  });
});

describe("unix.ts", async () => {
  test.each(await inFolder("unix.ts"))("$name", ({ failure }) => {
    expect(failure).toBeUndefined();
  });
});

describe.skipIf(!hasOpenssl())("openssl.ts (where there is OpenSSL 3)", async () => {
  test.each(await inFolder("openssl.ts", "--allow-run=openssl"))("$name", ({ failure }) => {
    expect(failure).toBeUndefined();
  });
});

/** What becomes of tests that have a folder for their files. */
async function inFolder(file: string, ...permissions: readonly string[]): Promise<readonly DenoResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), "tlskit-deno-files-"));
  try {
    const itsSocket = `--allow-net=unix:${join(scratch, "tls.sock")}`;
    const itsFolder = [`--allow-read=${scratch}`, `--allow-write=${scratch}`, itsSocket];
    return await denoTests(file, [...permissions, ...itsFolder], [scratch]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function hasOpenssl(): boolean {
  if (process.env["TLSKIT_REQUIRE_ALL"] === "1") return true;
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }).startsWith("OpenSSL 3");
  } catch {
    return false;
  }
}

test("types are those of Deno's own declarations", async () => {
  const { output } = await deno("check", testFile("../src/index.ts"), testFile("deno"));
  // Of Node's modules Deno declares what another version of Node has: what is written for Node is held to its own.
  const errors = output.split("\n\n").filter((part) => /at file:.*\.ts:/.test(part));
  const found = errors.filter((error) => !/\/packages\/crypto-(?:node|openssl)\//.test(error));
  expect(found).toEqual([]);
  expect(output).toMatch(/^Check .*packages\/deno\/src\/index\.ts/m);
});
