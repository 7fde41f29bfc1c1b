import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { publishedFolders, root } from "../src/workspace.ts";

const run = promisify(execFile);

/** Lines that an example prints, whatever their order. An example that prints nothing certain checks itself. */
const printed: Readonly<Record<string, readonly string[]>> = {
  "packages/handshake": [
    "client reads with application keys for TLS_CHACHA20_POLY1305_SHA256",
    "server reads with application keys for TLS_CHACHA20_POLY1305_SHA256",
    "done",
  ],
  "packages/node": ["hello TLSv1.3 TLS_AES_128_GCM_SHA256"],
  "packages/roots": ["true true"],
  "packages/testing": [
    "server_hello, encrypted_extensions, certificate, certificate_verify, finished - what the scripted peer has to say",
  ],
  "packages/tls": ["hello"],
  "packages/x509": ["verified by CN=My CA"],
};

describe("each published package's README", () => {
  test.each(publishedFolders())("%s: its first example runs", { timeout: 30_000 }, async (folder) => {
    const readme = readFileSync(join(root, folder, "README.md"), "utf8");
    const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    if (folder === "tools/cli") {
      // A command has no example in TypeScript.
      expect(readme).toContain("tlskit connect");
      return;
    }
    expect(example?.trim() ?? "").not.toBe("");
    // As a module of the package's folder, so that it imports what a user of the package can.
    const { stdout } = await run(process.execPath, ["--input-type=module-typescript", "--eval", example ?? ""], {
      cwd: join(root, folder),
    });
    expect(stdout.trimEnd().split("\n").toSorted()).toEqual(expect.arrayContaining([...(printed[folder] ?? [])]));
  });
});
