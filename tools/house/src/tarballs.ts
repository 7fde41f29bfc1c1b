/**
 * What strangers get: packs every published package, has publint and attw judge the tarballs, installs them
 * into an empty project, compiles against them and runs them there on the oldest Node.
 *
 * `pnpm pack` and not `npm pack`: it applies `publishConfig` and turns `workspace:` into versions.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, judge, type Result } from "./check.ts";
import { type Manifest, publishedFolders, readManifest, root } from "./workspace.ts";

interface Tarball {
  readonly manifest: Manifest;
  readonly path: string;
}

export async function checkTarballs(): Promise<Result[]> {
  const scratch = mkdtempSync(join(tmpdir(), "tlskit-tarballs-"));
  try {
    const results: Result[] = [];
    const tarballs: Tarball[] = [];
    await eachOf(publishedFolders(), async (folder) => {
      const manifest = readManifest(folder);
      if (!existsSync(join(root, folder, "dist"))) {
        results.push({ name: `pack ${manifest.name}`, state: "failed", detail: "not built: run pnpm build" });
        return;
      }
      const path = join(scratch, `${folder.replace("/", "-")}.tgz`);
      results.push(judge(`pack ${manifest.name}`, await capture("pnpm", ["pack", "--out", path], at(folder))));
      if (!existsSync(path)) return;
      tarballs.push({ manifest, path });
      results.push(judge(`publint ${manifest.name}`, await capture("publint", ["run", "--strict", path])));
      if (manifest.publishConfig?.exports === undefined) return; // a command has nothing to import
      results.push(
        judge(`attw ${manifest.name}`, await capture("attw", [path, "--profile", "esm-only", "--no-emoji"])),
      );
    });
    const project = join(scratch, "project");
    results.push(...(await checkProject(project, tarballs)));
    return results;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** An empty project with the tarballs installed, and what it can do with them. */
async function checkProject(project: string, tarballs: readonly Tarball[]): Promise<Result[]> {
  mkdirSync(project);
  const files = Object.fromEntries(tarballs.map(({ manifest, path }) => [manifest.name, pathToFileURL(path).href]));
  write(project, "package.json", {
    name: "stranger",
    private: true,
    type: "module",
    dependencies: files,
    overrides: Object.fromEntries(Object.keys(files).map((name) => [name, `$${name}`])), // also among themselves
  });
  const installArgs = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const installed = judge("install the tarballs", await capture("npm", installArgs, { cwd: project }));
  if (installed.state === "failed") return [installed];

  const specifiers = tarballs.flatMap(({ manifest }) =>
    Object.keys(manifest.publishConfig?.exports ?? {})
      .filter((subpath) => subpath !== "./package.json")
      .map((subpath) => manifest.name + subpath.slice(1)),
  );
  write(project, "specifiers.json", specifiers);
  writeFileSync(
    join(project, "types.ts"),
    specifiers.map((specifier, index) => `export * as _${index} from "${specifier}";\n`).join(""),
  );
  const node = process.env["TLSKIT_NODE_20"] ?? process.execPath;
  const version = (await capture(node, ["--version"])).output.trim();
  const onNode = { cwd: project, env: { PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` } };
  const compile = ["--ignoreConfig", "--strict", "--module", "nodenext", "--target", "es2024", "--noEmit", "types.ts"];

  const results = [
    installed,
    judge("compile against the declarations", await capture("tsc", compile, { cwd: project })),
  ];
  for (const script of ["import.mjs", "handshake.mjs"]) {
    const source = join(root, "tools/house/stranger", script);
    if (!existsSync(source)) continue;
    copyFileSync(source, join(project, script));
    results.push(judge(`${script} on Node ${version}`, await capture(node, [script], onNode)));
  }
  if ("tlskit" in files) {
    const help = await capture(join(project, "node_modules/.bin/tlskit"), ["--help"], onNode);
    const silent = help.status === 0 && help.output.trim() === "";
    results.push(
      judge(`tlskit --help on Node ${version}`, silent ? { status: 1, output: "it printed nothing" } : help),
    );
  }
  return results;
}

function at(folder: string): { cwd: string } {
  return { cwd: join(root, folder) };
}

function write(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Two at a time. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

if (import.meta.main) {
  const results = await checkTarballs();
  for (const { name, state, detail } of results) console.log(`${state}  ${name}${detail ? `\n${detail}` : ""}`);
  process.exitCode = results.some(({ state }) => state === "failed") ? 1 : 0;
}
