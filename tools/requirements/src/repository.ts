import { readWorkspace } from "@tlskit/house/workspace";
import { deviationEvidence } from "./deviations.ts";
import { type Evidence, evidenceIn } from "./evidence.ts";

/** This tool, whose examples of citations are none. */
const self = "tools/requirements";

/** All that this repository cites, and what it seems to cite and doesn't, with the file. */
export function readEvidence(): { readonly evidence: readonly Evidence[]; readonly stray: readonly string[] } {
  const deviations = deviationEvidence();
  const evidence = [...deviations.evidence];
  const stray = deviations.stray.map((what) => `a deviation's section is ${what}`);
  for (const { folder, files } of readWorkspace()) {
    if (folder === self) continue;
    for (const { path, text } of files) {
      const file = `${folder}/${path}`;
      const found = evidenceIn(file, text);
      evidence.push(...found.evidence);
      stray.push(...found.stray.map((what) => `${file} has ${what}, which is no citation`));
    }
  }
  return { evidence, stray };
}
