import type { DiffieHellmanFact, GroupsFact, SignatureSchemesFact } from "../../facts.ts";
import { type Block, field, sentence, yesOrNo } from "../block.ts";

/** Facts that stand for every version before 1.3 say so. */
const versionNames = { "TLS 1.3": "TLS 1.3", "TLS 1.2": "TLS 1.2 and before" } as const;

const orders: Readonly<Record<GroupsFact["order"], string>> = {
  server: "in the server's order",
  client: "in the client's order",
  "only one": "the only one",
};

export function groupBlocks(facts: readonly GroupsFact[]): readonly Block[] {
  return facts.flatMap(({ version, accepted, order, retriesForPreferred, reusedShares }) => {
    const blocks: Block[] = [
      {
        kind: "names",
        caption: `${versionNames[version]}, ${orders[order]}`,
        names: accepted.map(({ name }) => name),
      },
    ];
    const fields = [
      ...field(
        "Asks for what it prefers",
        retriesForPreferred === undefined
          ? undefined
          : retriesForPreferred
            ? "yes, by a HelloRetryRequest"
            : "no, it takes what has a share",
      ),
      ...field("Share seen twice", reusedShares.map(({ name }) => name).join(", ") || undefined),
    ];
    return fields.length === 0 ? blocks : [...blocks, { kind: "fields", fields }];
  });
}

export function diffieHellmanBlocks({ primes, publicValueReused }: DiffieHellmanFact): readonly Block[] {
  if (primes.length === 0) return [sentence("no group was seen")];
  return [
    {
      kind: "table",
      columns: ["Prime", "Where it is from", "Safe prime"],
      rows: primes.map(({ bits, known, safe }) => [
        `${bits} bits`,
        known ?? "not one that is known",
        safe === undefined ? "not computed" : yesOrNo(safe),
      ]),
    },
    { kind: "fields", fields: field("Public value seen twice", yesOrNo(publicValueReused)) },
  ];
}

export function signatureSchemeBlocks(facts: readonly SignatureSchemesFact[]): readonly Block[] {
  return facts.map(({ version, accepted }) => ({
    kind: "names",
    caption: version,
    names: accepted.map(({ name }) => name),
  }));
}
