import { describe, expect, test } from "vitest";
import { parseCommandLine, UsageError } from "../src/command-line.ts";

const parse = (...args: readonly string[]) => parseCommandLine(args, ["a", "b"]);

describe("the command line", () => {
  test("names targets, or all of them", () => {
    expect(parse("b").targets).toEqual(["b"]);
    expect(parse("all").targets).toEqual(["a", "b"]);
    expect(parse("a", "--seconds", "5", "--keep")).toEqual({
      targets: ["a"],
      seconds: 5,
      runs: Number.POSITIVE_INFINITY,
      seed: 1,
      keep: true,
      input: undefined,
      help: false,
    });
  });

  test("may ask for help alone", () => {
    expect(parse("--help")).toMatchObject({ help: true, targets: [] });
  });

  test.each([
    [[]],
    [["c"]],
    [["a", "--seconds", "long"]],
    [["a", "--seconds", ""]],
    [["a", "--runs", "-1"]],
    [["a", "--seed", "1.5"]],
    [["a", "--seed", "4294967296"]],
    [["a", "b", "--input", "file"]],
    [["a", "--unknown"]],
    [["a", "--seconds"]],
  ])("%j is refused", (args) => {
    expect(() => parse(...args)).toThrow(UsageError);
  });
});
