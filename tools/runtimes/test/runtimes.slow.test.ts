import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { runtimes } from "../src/runtimes/index.ts";

test("each runtime has its file of tests", () => {
  const files = readdirSync(new URL(".", import.meta.url));
  const expected = runtimes.map(({ name }) => `${name.toLowerCase().replace(" ", "-")}.slow.test.ts`);
  expect(files).toEqual(expect.arrayContaining(expected));
});
