import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { root } from "./workspace.ts";

/** What a bundler makes of a program, minified; and the modules and packages in it. */
export interface Bundle {
  readonly code: string;
  readonly packages: readonly string[];
  readonly modules: readonly string[];
}

/** What a program uses of a package, or of one file of it: names, or all (`*`). */
export interface Use {
  readonly path: string;
  readonly names: readonly string[];
}

export async function bundle(...uses: readonly Use[]): Promise<Bundle> {
  const entry = "\0entry";
  const code = uses.map(statement).join("\n");
  const build = await rolldown({
    input: entry,
    platform: "neutral",
    external: /^node:/,
    plugins: [
      { name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
  });
  const { output } = await build.generate({ format: "esm", minify: true, comments: false });
  const modules = output[0].moduleIds
    .filter((id) => id !== entry)
    .map((id) => relative(root, id).replaceAll("\\", "/"));
  return {
    code: output[0].code,
    modules,
    packages: [...new Set(modules.map((path) => path.split("/").slice(0, 2).join("/")))].toSorted(),
  };
}

function statement({ path, names }: Use): string {
  const from = JSON.stringify(join(root, path.endsWith(".ts") ? path : `${path}/src/index.ts`));
  if (names.includes("*")) return `export * from ${from};`;
  return `import { ${names.join(", ")} } from ${from};\n(globalThis.used ??= []).push(${names.join(", ")});`;
}

/** Compressed with gzip, as servers send it. */
export function kilobytes(code: string): number {
  return gzipSync(code).length / 1024;
}
