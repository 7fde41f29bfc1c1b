/** Holds the arrows of the design: who may import whom. Prints each that is broken; exit 1 if there is one. */
import { brokenArrows } from "./arrows-rule.ts";
import { readManifest, readWorkspace } from "./workspace.ts";

const broken = brokenArrows(readWorkspace(), readManifest(".").devDependencies);
for (const sentence of broken) console.error(sentence);
console.error(broken.length === 0 ? "arrows: all as the table says" : `arrows: ${broken.length} broken`);
process.exitCode = broken.length === 0 ? 0 : 1;
