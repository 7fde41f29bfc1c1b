import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { readmeIn, readmeOf, runtimeOf } from "../src/readme.ts";
import { publishedFolders, readManifest, root } from "../src/workspace.ts";

const run = promisify(execFile);

/** Lines that an example prints, whatever their order. An example that prints nothing certain checks itself. */
const printed: Readonly<Record<string, readonly string[]>> = {
  "packages/bun": ["hello TLSv1.3 TLS_AES_128_GCM_SHA256"],
  "packages/deno": ["hello TLS_AES_128_GCM_SHA256"],
  "packages/handshake": [
    "client reads with application keys for TLS_CHACHA20_POLY1305_SHA256",
    "server reads with application keys for TLS_CHACHA20_POLY1305_SHA256",
    "done",
  ],
  "packages/node": ["hello TLSv1.3 TLS_AES_128_GCM_SHA256", "hello"],
  "packages/relay": ["hello from behind the relay"],
  "packages/roots": ["true true"],
  "packages/testing": [
    "server_hello, encrypted_extensions, certificate, certificate_verify, finished - what the scripted peer has to say",
  ],
  "packages/tls": ["hello", "closed in order"],
  "packages/web": ["TLS_AES_128_GCM_SHA256 hello", "as quickly as it is read"],
  "packages/x509": ["verified by CN=My CA", "mine: CN=Somebody", "certified example.org"],
};

/** What runs a program that is given as a text. */
const runs: Readonly<Record<string, readonly string[]>> = {
  node: [process.execPath, "--input-type=module", "--eval"],
  bun: [join(root, "node_modules/.bin/bun"), "--eval"],
  deno: [join(root, "node_modules/.bin/deno"), "eval"],
};

describe("each published package's README", () => {
  test.each(publishedFolders())("%s: its programs run, as JavaScript", { timeout: 60_000 }, async (folder) => {
    if (folder === "tools/cli") {
      // A command has no example in JavaScript.
      expect(readFileSync(join(root, folder, "README.md"), "utf8")).toContain("tlskit connect");
      return;
    }
    const { programs } = readmeOf(folder);
    expect(programs).not.toEqual([]);
    const lines: string[] = [];
    for (const program of programs) {
      // As a module of the package's folder, so that it imports what a user of the package can.
      const [command, ...args] = runs[runtimeOf(readManifest(folder))] ?? [];
      if (command === undefined) throw new Error(`nothing is known to run the programs of ${folder}`);
      const { stdout } = await run(command, [...args, program], { cwd: join(root, folder) });
      lines.push(...stdout.trimEnd().split("\n"));
    }
    expect(lines).toEqual(expect.arrayContaining([...(printed[folder] ?? [])]));
  });

  test.each(publishedFolders())("%s: what its code imports is what it says to install", (folder) => {
    const { imported, installed } = readmeOf(folder);
    expect(imported.filter((name) => !installed.includes(name))).toEqual([]);
  });

  test("is read as it is meant", () => {
    const text = [
      "```\nnpm install --save-dev @tlskit/wire a   # both\nbun add --dev c\ndeno add npm:d\n```",
      '```js\nimport x from "@tlskit/wire/arguments";\nimport "node:fs";\n```',
      '```ts\nimport { y } from "b";\nimport { z } from "./c.ts";\n```',
    ].join("\n");
    expect(readmeIn(text)).toEqual({
      installed: ["@tlskit/wire", "a", "c", "d"],
      imported: ["@tlskit/wire", "b"],
      programs: ['import x from "@tlskit/wire/arguments";\nimport "node:fs";\n'],
    });
  });
});

test("each published package tells where its source is", () => {
  for (const folder of publishedFolders()) {
    expect(readManifest(folder).repository).toEqual({
      type: "git",
      url: "git+https://github.com/tlskit/tlskit.git",
      directory: folder,
    });
  }
});
