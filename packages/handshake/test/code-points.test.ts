import { privateUse } from "@tlskit/testing";
import { expect, it } from "vitest";
import { codePoint } from "../src/code-points.ts";

it.each([
  [0x001d, "0x001d"],
  [privateUse.namedGroup, "0xfe77"],
])("a code point is called by its number: %i", (code, text) => {
  expect(codePoint(code)).toBe(text);
});
