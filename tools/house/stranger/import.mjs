// Run in a stranger's project: every entry point of every package can be imported and has something in it.
import { readFileSync } from "node:fs";

const empty = [];
for (const specifier of JSON.parse(readFileSync("specifiers.json", "utf8"))) {
  const names = Object.keys(await import(specifier));
  if (names.length === 0) empty.push(specifier);
}
if (empty.length > 0) throw new Error(`nothing is exported by ${empty.join(", ")}`);
