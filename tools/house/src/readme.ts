/** What a README promises: what to install, and examples that run as they stand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, root } from "./workspace.ts";

export interface Readme {
  /** Packages that its `npm install`, `bun add` and `deno add` lines bring. */
  readonly installed: readonly string[];
  /** Packages that its code imports, of whatever language it is. */
  readonly imported: readonly string[];
  /** Whole programs, in JavaScript. What is a fragment is marked as TypeScript. */
  readonly programs: readonly string[];
}

export function readmeOf(folder: string): Readme {
  return readmeIn(readFileSync(join(root, folder, "README.md"), "utf8"));
}

export function readmeIn(text: string): Readme {
  const found = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, first = ""]) => first);
  const lines = found(/^(?:npm install|bun add|deno add) ([^#\n]*)/gm);
  const installed = lines.flatMap((names) => names.split(" ")).map((name) => name.replace(/^npm:/, ""));
  const code = found(/^```(?:js|ts)\n([\s\S]*?)^```/gm).join("\n");
  const imported = [...code.matchAll(/\bfrom "((?:@[^/"]+\/)?[^/".]+)/g)].map(([, name = ""]) => name);
  /** `node:fs`, `cloudflare:sockets`: what a runtime has itself. */
  const isBuiltIn = (name: string): boolean => name.includes(":");
  return {
    installed: installed.filter((name) => name !== "" && !name.startsWith("-")),
    imported: [...new Set(imported.filter((name) => !isBuiltIn(name)))],
    programs: found(/^```js\n([\s\S]*?)^```/gm),
  };
}

/** What a package's programs run on: Node, unless its `engines` have another runtime alone. */
export function runtimeOf({ engines = { node: "" } }: Manifest): string {
  const [runtime = "node"] = "node" in engines ? [] : Object.keys(engines);
  return runtime;
}
