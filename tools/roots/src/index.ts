/** `pnpm roots`: writes the data of `@tlskit/roots` out of the roots that the pinned Node ships. */
import { writeFileSync } from "node:fs";
import { bundledRoots } from "./bundled.ts";
import { generate } from "./generate.ts";
import { origin } from "./origin.ts";
import { restrictions } from "./restrictions.ts";

if (process.versions.node !== origin.node) {
  console.error(`this is Node ${process.versions.node}; the roots are those of Node ${origin.node} (origin.ts)`);
  process.exit(1);
}
const files = generate(bundledRoots(), restrictions, origin);
for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(`../../../packages/roots/src/${name}`, import.meta.url), text);
}
