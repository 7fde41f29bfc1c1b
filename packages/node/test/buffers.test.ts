import { describe, expect, test } from "vitest";
import { allocate } from "../src/buffers.ts";
import { spareBufferLength } from "../src/limits.ts";

describe.each([1, 86, 2048, 2049, 8191, 8192, 16_406, spareBufferLength, spareBufferLength + 1])(
  "of %d bytes",
  (length) => {
    test("what goes to the application shares its memory with nothing", () => {
      const content = allocate(length, "content");
      expect([content.byteOffset, content.length, content.buffer.byteLength]).toEqual([0, length, length]);
    });

    test("records have the length that is asked for, and lie apart from each other", () => {
      const records = [allocate(length, "records"), allocate(length, "records")];
      for (const [index, bytes] of records.entries()) bytes.fill(index + 1);
      expect(records.map((bytes) => [bytes.length, bytes.every((byte) => byte === bytes[0])])).toEqual([
        [length, true],
        [length, true],
      ]);
      expect(records.map(([first]) => first)).toEqual([1, 2]);
    });
  },
);
