import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@tlskit/house/workspace";
import { describe, expect, test } from "vitest";
import { complaints } from "../src/judgement.ts";
import { page, pagePath } from "../src/page.ts";
import { registers } from "../src/registers.ts";
import { readEvidence } from "../src/repository.ts";

describe("the register of requirements", () => {
  const { evidence, stray } = readEvidence();

  test("finds no citation that can't be read", () => expect(stray).toEqual([]));

  test.each(registers.map((register) => [register.rfc, register] as const))(
    "has code and a test, or a reason, for each requirement of RFC %i",
    (_rfc, register) => expect(complaints(register, evidence)).toEqual([]),
  );

  test("is there once for each RFC", () => {
    const rfcs = registers.map(({ rfc }) => rfc);
    expect(new Set(rfcs).size).toBe(rfcs.length);
  });

  test("is as docs/requirements.md has it; `pnpm requirements` writes it", () => {
    expect(readFileSync(join(root, pagePath), "utf8")).toBe(page(registers, evidence));
  });
});
