import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { publishedFolders, root } from "../src/workspace.ts";

const run = promisify(execFile);

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
    await run(process.execPath, ["--input-type=module-typescript", "--eval", example ?? ""], {
      cwd: join(root, folder),
    });
  });
});
