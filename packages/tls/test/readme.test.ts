import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the README's example runs", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync(`${folder}/README.md`, "utf8")) ?? [];
  const output = execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", example ?? ""], {
    cwd: folder,
  });
  expect(output.toString()).toBe("hello\n");
});
