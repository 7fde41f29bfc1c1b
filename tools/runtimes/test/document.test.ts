import { describe, expect, test } from "vitest";
import { readPage, readResults, withResults } from "../src/document.ts";
import { merged, type Report, suiteReport } from "../src/report.ts";
import { isFor } from "../src/run.ts";
import { runtimes } from "../src/runtimes/index.ts";
import { suites } from "../src/suites/index.ts";

describe("docs/runtimes.md", () => {
  test("shows what docs/runtimes.json has: pnpm runtimes --write", () => {
    expect(withResults(readPage(), readResults(), suites)).toBe(readPage());
  });

  test("has each runtime, with each suite that is for it", () => {
    const expected = runtimes.map((runtime) => [
      runtime.name,
      suites.filter((suite) => isFor(suite, runtime)).map(({ name }) => name),
    ]);
    expect(readResults().runtimes.map(({ name, suites }) => [name, Object.keys(suites)])).toEqual(expected);
  });
});

describe("a page", () => {
  const suite = { name: "Talk", about: "of this and that", module: "", backPressure: "credits" };
  const page = "Before.\n<!-- made of runtimes.json from here on -->old<!-- up to here -->\nBehind.\n";

  test("says a reason once for all runtimes that have it", () => {
    const suites = { Talk: { passed: 2, cannot: [{ name: "it sings", why: "it has no voice" }] } };
    const report: Report = {
      runtimes: [
        { name: "One", version: "1.0", suites },
        { name: "Two", version: "2.0", suites },
        { name: "Three", version: "3.0", suites: { Talk: { passed: 3, cannot: [] } } },
        { name: "Four", version: "4.0", suites: {} },
      ],
    };
    expect(withResults(page, report, [suite])).toMatchInlineSnapshot(`
      "Before.
      <!-- made of runtimes.json from here on -->

      ### What passes where

      |  | One<br>1.0 | Two<br>2.0 | Three<br>3.0 | Four<br>4.0 |
      | --- | ---: | ---: | ---: | ---: |
      | **Talk**: of this and that | 2 of 3 | 2 of 3 | 3 |  |

      ### What can't be done, and why

      |  | where | what | why |
      | --- | --- | --- | --- |
      | Talk | One, Two | it sings | it has no voice |

      ### What holds a writer back

      |  |  |
      | --- | --- |
      | Talk of this and that | credits |

      <!-- up to here -->
      Behind.
      "
    `);
  });

  test("without its marks is an error", () => {
    expect(() => withResults("nothing", { runtimes: [] }, [suite])).toThrow("lost its marks");
  });
});

describe("results", () => {
  const all = [{ name: "One", suites: ["a", "b"] }];
  const of = (version: string, suites: Report["runtimes"][0]["suites"]): Report => ({
    runtimes: [{ name: "One", version, suites }],
  });
  const [old, young] = [
    { passed: 1, cannot: [] },
    { passed: 2, cannot: [] },
  ];

  test("that weren't sought anew stay, and go with another version", () => {
    expect(merged(of("1", { a: old, b: old }), of("1", { b: young }), all)).toEqual(of("1", { a: old, b: young }));
    expect(merged(of("1", { a: old, b: old }), of("2", { b: young }), all)).toEqual(of("2", { b: young }));
  });

  test("of what there is no more go", () => {
    expect(merged(of("1", { a: old, c: old }), { runtimes: [] }, all)).toEqual(of("1", { a: old }));
    expect(merged(of("1", { a: old }), { runtimes: [] }, [])).toEqual({ runtimes: [] });
  });

  test("with a failure can't be reported", () => {
    const failed = { name: "it sings", outcome: "failed", why: "out of tune", milliseconds: 1 } as const;
    expect(() => suiteReport([failed])).toThrow("it sings: out of tune");
  });
});
