import { namedGroupName } from "@tlskit/ciphersuites/names";
import { privateUse } from "@tlskit/testing";
import { expect, it } from "vitest";
import { nameOf } from "../src/code-points.ts";

it.each([
  [0x001d, "x25519"],
  [0x0017, "secp256r1"],
  [privateUse.namedGroup, "0xfe77"],
])("a code point is called by its name, or by its number: %i", (code, name) => {
  expect(nameOf(code, namedGroupName)).toBe(name);
});
