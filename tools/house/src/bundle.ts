import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { root } from "./workspace.ts";

/** What a bundler makes of a program, minified; and the modules and packages in it. */
export interface Bundle {
  readonly code: string;
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  /** What is left of each module, before it is minified. */
  readonly rendered: ReadonlyMap<string, string>;
}

/** What a program uses of a package, or of one file of it: names, or all (`*`). */
export interface Use {
  readonly path: string;
  readonly names: readonly string[];
}

export async function bundle(...uses: readonly Use[]): Promise<Bundle> {
  return await bundleWithout(undefined, ...uses);
}

/** The same with some modules left out, to see what they take: it can't be run. */
export async function bundleWithout(leftOut: RegExp | undefined, ...uses: readonly Use[]): Promise<Bundle> {
  const entry = "\0entry";
  const code = uses.map(statement).join("\n");
  const build = await rolldown({
    input: entry,
    platform: "neutral",
    external: /^node:/,
    plugins: [
      { name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
      { name: "left out", load: (id) => (id !== entry && leftOut?.test(id) === true ? hollow(id) : null) },
    ],
  });
  const { output } = await build.generate({ format: "esm", minify: true, comments: false });
  const pathOf = (id: string): string => relative(root, id).replaceAll("\\", "/");
  const modules = output[0].moduleIds.filter((id) => id !== entry).map(pathOf);
  const rendered = Object.entries(output[0].modules).flatMap(([id, { code }]) =>
    id === entry || code === null ? [] : [[pathOf(id), code] as const],
  );
  return {
    code: output[0].code,
    modules,
    rendered: new Map(rendered),
    packages: [...new Set(modules.map((path) => path.split("/").slice(0, 2).join("/")))].toSorted(),
  };
}

function statement({ path, names }: Use): string {
  const from = JSON.stringify(join(root, path.endsWith(".ts") ? path : `${path}/src/index.ts`));
  if (names.includes("*")) return `export * from ${from};`;
  return `import { ${names.join(", ")} } from ${from};\n(globalThis.used ??= []).push(${names.join(", ")});`;
}

/** A module whose exports are there, and do nothing. */
function hollow(path: string): string {
  const names = readFileSync(path, "utf8").matchAll(/^export (?:function\*?|const|class) (\w+)/gm);
  return Array.from(names, ([, name]) => `/* @__NO_SIDE_EFFECTS__ */ export function ${name}() {}`).join("\n");
}

/** Compressed with gzip, as servers send it. */
export function kilobytes(code: string): number {
  return gzipSync(code).length / 1024;
}
