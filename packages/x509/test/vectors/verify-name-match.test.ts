import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { Name } from "../../src/index.ts";
import { bytes, unlessRefused } from "./support.ts";

interface NameMatches {
  readonly names: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly operation: "equal" | "inSubtree" | "normalize";
    readonly a: string;
    readonly b: string | null;
    readonly expected: boolean;
  }[];
}

describeVectors<NameMatches>("verify-name-match", "boringssl-pki/verify-name-match.json", ({ names, cases }) => {
  const nameOf = (key: string): Name | undefined => unlessRefused(() => Name.fromDer(bytes(names[key] ?? "")));

  test.each(["equal", "inSubtree", "normalize"] as const)("%s", (operation) => {
    const ours = cases.filter((vector) => vector.operation === operation);
    expect(ours.length).toBeGreaterThan(0);
    for (const { name, a, b, expected } of ours) {
      const one = nameOf(a);
      const other = b === null ? undefined : nameOf(b);
      // a name that can't be read equals nothing and lies nowhere
      const found =
        one !== undefined &&
        other !== undefined &&
        (operation === "inSubtree" ? one.isWithin(other) : one.equals(other) && one.canonical === other.canonical);
      // BoringSSL has no names whose strings break their types' rules; here the same octets are the same name
      const isSame = operation === "equal" && a === b && one !== undefined;
      expect(found, name).toBe(expected || isSame);
    }
  });
});
