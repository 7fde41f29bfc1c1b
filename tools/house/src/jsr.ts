/**
 * What JSR would take: `@tlskit/deno` and the packages that it uses, as sources, put together as a workspace of Deno's, where
 * `deno publish --dry-run` judges them as JSR does: what is published, what is imported from where, and whether what is exported
 * says its types ("slow types").
 *
 * Types themselves are the affair of `pnpm typecheck`: Deno has those of an older Node.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture, judge, type Result } from "./check.ts";
import { type Manifest, packageFolders, readManifest, root } from "./workspace.ts";

interface Member {
  readonly folder: string;
  readonly manifest: Manifest;
}

export async function checkJsr(): Promise<Result> {
  const scratch = mkdtempSync(join(tmpdir(), "tlskit-jsr-"));
  try {
    const members = usedBy("@tlskit/deno");
    for (const member of members) writeMember(scratch, member);
    writeJson(scratch, { workspace: members.map(({ folder }) => `./${folder}`) });
    const options = { cwd: scratch, env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }, timeoutSeconds: 120 };
    const published = await capture("deno", ["publish", "--dry-run", "--no-check"], options);
    const missing = members.filter(({ manifest }) => !published.output.includes(`${manifest.name}@`));
    const ran = missing.length === 0 ? published : { ...published, status: 1 };
    return judge(`JSR would take @tlskit/deno and ${members.length - 1} packages that it uses`, ran);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A package, and whatever it depends on of ours. */
function usedBy(name: string): readonly Member[] {
  const all = new Map(
    packageFolders().map((folder) => {
      const manifest = readManifest(folder);
      return [manifest.name, { folder, manifest }];
    }),
  );
  const found = new Map<string, Member>();
  const visit = (name: string): void => {
    const member = all.get(name);
    if (member === undefined || found.has(name)) return;
    found.set(name, member);
    for (const dependency of Object.keys(member.manifest.dependencies ?? {})) visit(dependency);
  };
  visit(name);
  return [...found.values()];
}

/** A package as JSR has it: its sources, what is said about it, and where what it imports comes from. */
function writeMember(scratch: string, { folder, manifest }: Member): void {
  const place = join(scratch, folder);
  mkdirSync(place, { recursive: true });
  cpSync(join(root, folder, "src"), join(place, "src"), { recursive: true });
  copyFileSync(join(root, folder, "README.md"), join(place, "README.md"));
  copyFileSync(join(root, "LICENSE"), join(place, "LICENSE"));
  const { name, version, license, dependencies = {}, exports = {} } = manifest;
  const sources = Object.entries(exports).filter(([, path]) => String(path).endsWith(".ts"));
  // Ours are members of the workspace: Deno finds them by their names.
  const others = Object.entries(dependencies).filter(([, version]) => !version.startsWith("workspace:"));
  const imports = Object.fromEntries(others.map(([name, version]) => [name, `npm:${name}@${version}`]));
  writeJson(place, { name, version, license, exports: Object.fromEntries(sources), imports });
}

function writeJson(folder: string, value: object): void {
  writeFileSync(join(folder, "deno.json"), `${JSON.stringify(value, null, 2)}\n`);
}

if (import.meta.main) {
  const { name, state, detail } = await checkJsr();
  console.log(`${state}  ${name}${detail ? `\n${detail}` : ""}`);
  process.exitCode = state === "failed" ? 1 : 0;
}
