import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("..", import.meta.url).pathname;
const examples = [...readFileSync(`${folder}README.md`, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code ?? "",
);

/** What each example of the README prints, in their order. */
const printed = ["verified by CN=My CA\n", "mine: CN=Somebody\n", "certified example.org\n"];

test("every example of the README runs", () => {
  const output = examples.map((code) =>
    execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", code], { cwd: folder }).toString(),
  );
  expect(output).toEqual(printed);
});
