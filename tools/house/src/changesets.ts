/**
 * A change of what is published comes with a changeset. What is compared is the working tree with where it left the main
 * branch, so on the main branch itself there is nothing to ask for once a change is pushed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, type Result } from "./check.ts";
import { publishedFolders, readManifest, root } from "./workspace.ts";

/** A package whose sources a release has. */
export interface Published {
  /** From the root: `packages/wire`. */
  readonly folder: string;
  readonly name: string;
}

/** The packages whose `src` has changed and that none of the changesets names. */
export function withoutChangeset(
  changedFiles: readonly string[],
  changesets: readonly string[],
  packages: readonly Published[],
): readonly Published[] {
  const named = new Set(changesets.flatMap(packagesNamed));
  return packages.filter(
    ({ folder, name }) => !named.has(name) && changedFiles.some((path) => path.startsWith(`${folder}/src/`)),
  );
}

/** The packages in a changeset's head, also those for which it says `none`. */
function packagesNamed(changeset: string): readonly string[] {
  const [, head = ""] = /^---\r?\n([\s\S]*?)^---/m.exec(changeset) ?? [];
  return [...head.matchAll(/^["']?([^"'\s:]+)["']?:/gm)].map(([, name = ""]) => name);
}

const mainBranches = ["origin/main", "main"] as const;

/** @param folder a clone of this repository; this one unless told otherwise */
export async function checkChangesets(folder: string = root): Promise<Result[]> {
  const name = "changesets";
  const git = async (...args: readonly string[]): Promise<string | undefined> => {
    const { status, output } = await capture("git", args, { cwd: folder });
    return status === 0 ? output : undefined;
  };
  const bases = await Promise.all(mainBranches.map((branch) => git("merge-base", "HEAD", branch)));
  // Git may have warned of something as well.
  const base = bases.map((output = "") => /^[0-9a-f]{40,}$/m.exec(output)?.[0]).find((found) => found !== undefined);
  if (base === undefined) {
    const why = `there is no history here in which HEAD and ${mainBranches.join(" or ")} meet, so nobody knows what has changed`;
    return [{ name, state: "skipped", detail: why }];
  }
  // Deleted and moved files are changes too; what git has been told to ignore is none.
  const changed = await git("diff", "--name-only", "--no-renames", "-z", base);
  const added = await git("ls-files", "--others", "--exclude-standard", "-z");
  if (changed === undefined || added === undefined) throw new Error(`git can't compare ${folder} with ${base}`);
  const files = `${changed}\0${added}`.split("\0").filter((path) => path !== "");
  const changesets = files
    .filter((path) => /^\.changeset\/(?!README)[^/]+\.md$/.test(path) && existsSync(join(folder, path)))
    .map((path) => readFileSync(join(folder, path), "utf8"));
  const packages = publishedFolders().map((path) => ({ folder: path, name: readManifest(path).name }));
  const missing = withoutChangeset(files, changesets, packages);
  if (missing.length === 0) return [{ name, state: "passed" }];
  const detail = `src has changed since ${base.slice(0, 12)} and no changeset since then names ${missing.map((each) => each.name).join(", ")}. \`pnpm changeset\` writes one; for a package whose users notice nothing, its head says none: \`"${missing[0]?.name}": none\``;
  return [{ name, state: "failed", detail }];
}
