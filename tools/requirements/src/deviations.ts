import { clientDeviations, serverDeviations } from "@tlskit/testing";
import { citationsIn } from "./citation.ts";
import type { Evidence } from "./evidence.ts";

/** The test that every deviation of the scripted peers goes through, and where it finds them. */
const file = "packages/tls/test/misbehaviour.test.ts";

/** What the scripted peers do wrong, each with the clause that says what has to come of it. */
export function deviationEvidence(): { readonly evidence: readonly Evidence[]; readonly stray: readonly string[] } {
  const all = [
    ...serverDeviations.map(({ name, section }) => ({ label: `server: ${name}`, section })),
    ...clientDeviations.map(({ name, section }) => ({ label: `client: ${name}`, section })),
  ];
  const read = all.map(({ label, section }) => {
    const clauses = section.split(", ").map((clause) => (/^[A-Z]{3,} /.test(clause) ? clause : `RFC 9846 §${clause}`));
    const { citations, stray } = citationsIn(clauses.join(", "));
    return {
      evidence: citations.map((citation) => ({ citation, kind: "test" as const, file, line: 1, label })),
      stray,
    };
  });
  return { evidence: read.flatMap(({ evidence }) => evidence), stray: read.flatMap(({ stray }) => stray) };
}
