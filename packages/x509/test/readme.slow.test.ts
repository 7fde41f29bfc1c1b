import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("..", import.meta.url).pathname;
const readme = readFileSync(`${folder}README.md`, "utf8");
/** The examples that are programs: a fragment imports nothing. */
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].flatMap(([, code = ""]) =>
  code.startsWith("import ") ? [code] : [],
);

/** What each prints, in their order. */
const printed = ["verified by CN=My CA\n", "mine: CN=Somebody\n", "certified example.org\n"];

test("every program of the README runs", () => {
  const output = programs.map((code) =>
    execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", code], { cwd: folder }).toString(),
  );
  expect(output).toEqual(printed);
});
