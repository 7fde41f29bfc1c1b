/**
 * Builds the package in the current directory: each file of `src` becomes a `.js` and a `.d.ts` in `dist`.
 *
 * TypeScript itself does it, file by file: nothing is resolved (a sibling's `exports` lead to its sources,
 * which are not ours to compile) and nothing is checked (`typecheck` does that). `isolatedDeclarations` and
 * `verbatimModuleSyntax` are what makes a file enough to describe itself.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
execFileSync(
  "tsc",
  ["-p", ".", "--noEmit", "false", "--noCheck", "--noResolve", "--rootDir", "src", "--outDir", "dist"],
  { stdio: "inherit", shell: process.platform === "win32" },
);

// TypeScript rewrites `./x.ts` in what runs, but not in declarations.
for (const file of globSync("dist/**/*.d.ts")) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/(\bfrom |\bimport |\bimport\()"(\.{1,2}\/[^"]*)\.ts"/g, '$1"$2.js"'));
}
