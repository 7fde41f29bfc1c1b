/**
 * `pnpm requirements` writes docs/requirements.md and prints what is wrong. With names of requirements, or of sections,
 * it prints where these are cited instead: `pnpm requirements 4.2.4#second-retry-checked`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@tlskit/house/workspace";
import { citedAs } from "./citation.ts";
import { complaints } from "./judgement.ts";
import { page, pagePath } from "./page.ts";
import { registers } from "./registers.ts";
import { readEvidence } from "./repository.ts";

const { evidence, stray } = readEvidence();
const wanted = process.argv.slice(2);
if (wanted.length > 0) {
  for (const { citation, kind, file, line, label } of evidence) {
    const cited = citedAs(citation);
    if (!wanted.some((id) => cited === id || citation.section === id)) continue;
    console.log(`RFC ${citation.rfc} §${cited}\t${kind}\t${file}:${line}\t${label}`);
  }
} else {
  writeFileSync(join(root, pagePath), page(registers, evidence));
  const wrong = [...stray, ...registers.flatMap((register) => complaints(register, evidence))];
  for (const sentence of wrong) console.error(sentence);
  console.error(wrong.length === 0 ? `requirements: ${pagePath} is written` : `requirements: ${wrong.length} wrong`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
