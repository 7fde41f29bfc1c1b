/** The packages of this repository, as they are on disk. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string };
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
}

export interface SourceFile {
  /** Within the package, with forward slashes: `src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Package {
  /** From the root: `packages/wire`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Everything under `src` and `test`. */
  readonly files: readonly SourceFile[];
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}

export function packageFolders(): string[] {
  return globSync("{packages,tools}/*/package.json", { cwd: root })
    .map((path) => dirname(path).replaceAll("\\", "/"))
    .sort();
}

/** Folders of what is published. */
export function publishedFolders(): string[] {
  return packageFolders().filter((folder) => readManifest(folder).private !== true);
}

export function readWorkspace(): Package[] {
  return packageFolders().map((folder) => ({
    folder,
    manifest: readManifest(folder),
    files: globSync("{src,test}/**/*.ts", { cwd: join(root, folder) })
      .sort()
      .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(root, folder, path), "utf8") })),
  }));
}
