import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("..", import.meta.url));
const programs = [...readFileSync(`${folder}README.md`, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)];

/** What each prints, in their order. */
const printed = ["hello TLSv1.3 TLS_AES_128_GCM_SHA256\n", "hello\n"];

test("every program of the README runs", async () => {
  const outcomes = programs.map(([, code = ""]) =>
    run(process.execPath, ["--input-type=module-typescript", "--eval", code], { cwd: folder }),
  );
  expect((await Promise.all(outcomes)).map(({ stdout }) => stdout)).toEqual(printed);
});
