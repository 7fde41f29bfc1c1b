import { expect, test } from "vitest";
import { withoutChangeset } from "../src/changesets.ts";

const wire = { folder: "packages/wire", name: "@tlskit/wire" };
const cli = { folder: "tools/cli", name: "tlskit" };

const missing = (files: readonly string[], ...changesets: readonly string[]): readonly string[] =>
  withoutChangeset(files, changesets, [wire, cli]).map(({ name }) => name);

test("a changed source of a package asks for a changeset that names it", () => {
  const files = ["packages/wire/src/reader.ts", "tools/cli/src/deep/file.ts"];
  expect(missing(files)).toEqual(["@tlskit/wire", "tlskit"]);
  expect(missing(files, '---\n"@tlskit/wire": minor\n---\n\nIt does more.\n')).toEqual(["tlskit"]);
  expect(missing(files, "---\n'@tlskit/wire': patch\n---\n", "---\r\ntlskit: major\r\n---\r\n")).toEqual([]);
});

test("one that says that users notice nothing will do", () => {
  expect(missing(["packages/wire/src/reader.ts"], '---\n"@tlskit/wire": none\n---\n')).toEqual([]);
});

test("a package that is named in the text alone isn't named", () => {
  const text = '---\n"tlskit": minor\n---\n\n"@tlskit/wire": minor\n\n---\n';
  expect(missing(["packages/wire/src/reader.ts"], text)).toEqual(["@tlskit/wire"]);
});

test("tests, READMEs and what isn't published ask for none", () => {
  const files = [
    "packages/wire/test/a.test.ts",
    "packages/wire/README.md",
    "tools/bench/src/a.ts",
    "packages/wired/src/a.ts",
  ];
  expect(missing(files)).toEqual([]);
});
