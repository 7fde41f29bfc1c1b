import { describe, expect, it } from "vitest";
import type { FoundFacts } from "../../src/facts.ts";
import { type Version, versions } from "../../src/version.ts";
import { found } from "../facts.ts";
import { seen } from "./rows.ts";

const all: readonly Version[] = ["TLS 1.3", "TLS 1.2", "TLS 1.1", "TLS 1.0", "SSL 3.0", "SSL 2.0"];

function speaking(...spoken: Version[]): Partial<FoundFacts> {
  return {
    versions: found(
      all.map((version) =>
        spoken.includes(version) ? { version, spoken: true } : { version, spoken: false, refusal: "closed" },
      ),
    ),
  };
}

describe("findings about versions", () => {
  it("are about all versions there are", () => {
    expect(Object.keys(versions)).toEqual(all);
  });

  it.each([
    ["ssl2.0-spoken", "SSL 2.0"],
    ["ssl3.0-spoken", "SSL 3.0"],
    ["tls1.0-spoken", "TLS 1.0"],
    ["tls1.1-spoken", "TLS 1.1"],
  ] as const)("%s", (id, version) => {
    expect(seen(id, speaking(version))).toEqual([`${version} was negotiated.`]);
    expect(seen(id, speaking(...all.filter((other) => other !== version)))).toEqual([]);
  });

  it("only-deprecated-versions", () => {
    expect(seen("only-deprecated-versions", speaking("TLS 1.1", "TLS 1.0"))).toEqual(["Spoken: TLS 1.1, TLS 1.0."]);
    expect(seen("only-deprecated-versions", speaking("TLS 1.2", "TLS 1.0"))).toEqual([]);
    expect(seen("only-deprecated-versions", speaking("TLS 1.3"))).toEqual([]);
    expect(seen("only-deprecated-versions", speaking())).toEqual([]);
  });

  it("tls1.3-not-spoken", () => {
    expect(seen("tls1.3-not-spoken", speaking("TLS 1.2", "TLS 1.1"))).toEqual([
      "The newest version that was negotiated is TLS 1.2.",
    ]);
    expect(seen("tls1.3-not-spoken", speaking("TLS 1.3"))).toEqual([]);
    expect(seen("tls1.3-not-spoken", speaking())).toEqual([]);
  });

  it("hello-intolerance", () => {
    const tolerance = found([
      { id: "grease", about: "a hello with GREASE", tolerated: true },
      { id: "large-hello", about: "a hello of 16 kB", tolerated: false, how: "closed" },
    ]);
    expect(seen("hello-intolerance", { tolerance })).toEqual(["large-hello (a hello of 16 kB): closed."]);
    expect(seen("hello-intolerance", { tolerance: found([]) })).toEqual([]);
  });
});
