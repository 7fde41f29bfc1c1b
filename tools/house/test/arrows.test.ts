import { describe, expect, test } from "vitest";
import { brokenArrows } from "../src/arrows-rule.ts";
import { type Package, readManifest, readWorkspace } from "../src/workspace.ts";

/** A package in memory, with one source file. */
function member(folder: string, text: string, dependencies: Readonly<Record<string, string>> = {}): Package {
  const name = `@tlskit/${folder.split("/")[1]}`;
  const manifest = { name, exports: { ".": "./src/index.ts" }, dependencies };
  return { folder, manifest, files: [{ path: "src/index.ts", text }] };
}

const wire = member("packages/wire", "export const x: number = 1;");
const workspaceLink = (name: string): Readonly<Record<string, string>> => ({ [name]: "workspace:^" });

describe("an arrow is broken by", () => {
  test.each([
    ["an import upward", 'import type { R } from "@tlskit/wire";', "crypto", "no arrow of the table"],
    ["a dynamic import upward", 'await import("@tlskit/wire");', "crypto", "no arrow of the table"],
    ["a type import upward", 'export type A = import("@tlskit/wire").A;', "crypto", "no arrow of the table"],
    ["a re-export upward", 'export * from "@tlskit/wire";', "crypto", "no arrow of the table"],
    ["an import past the exports", 'export { R } from "@tlskit/wire/src/reader.ts";', "record", "past the exports"],
    ["a file of another package", 'export { R } from "../../wire/src/reader.ts";', "record", "outside its src"],
    ["a built-in of Node's", 'import { readFileSync } from "node:fs";', "record", "no Node"],
    ["a built-in of Workers'", 'import { connect } from "cloudflare:sockets";', "record", "no Workers"],
    ["an import of nothing certain", "export const m: unknown = await import(String(1));", "record", "not a string"],
    ["a dependency that isn't declared", 'import x from "left-pad";', "record", "does not declare"],
  ])("%s", (_, text, name, sentence) => {
    const broken = brokenArrows([wire, member(`packages/${name}`, text, workspaceLink("@tlskit/wire"))]);
    expect(broken.join("\n")).toContain(sentence);
  });

  test("a dependency that no file imports", () => {
    const broken = brokenArrows([wire, member("packages/record", "export {};", workspaceLink("@tlskit/wire"))]);
    expect(broken).toEqual(["packages/record/package.json depends on @tlskit/wire, which no file of src imports"]);
  });

  test("a cycle, also one by way of tests", () => {
    const a = member("packages/record", 'export * from "@tlskit/wire";', workspaceLink("@tlskit/wire"));
    const b: Package = { ...wire, manifest: { ...wire.manifest, devDependencies: workspaceLink("@tlskit/record") } };
    expect(brokenArrows([a, b]).join("\n")).toContain("a cycle");
  });

  test("a package without a row", () => {
    expect(brokenArrows([member("packages/utils", "export {};")])).toEqual([
      "packages/utils has no row in the table of arrows",
    ]);
  });
});

test("what goes with the table is no break", () => {
  const text = 'export { R } from "@tlskit/wire";';
  expect(brokenArrows([wire, member("packages/record", text, workspaceLink("@tlskit/wire"))])).toEqual([]);
});

test("this repository's arrows are all as the table says", () => {
  expect(brokenArrows(readWorkspace(), readManifest(".").devDependencies)).toEqual([]);
});
