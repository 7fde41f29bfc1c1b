/**
 * What strangers get: packs every published package, has publint and attw judge the tarballs, installs them
 * into an empty project, compiles against them and runs them there on the oldest Node.
 *
 * `pnpm pack` and not `npm pack`: it applies `publishConfig` and turns `workspace:` into versions.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, judge, type Result } from "./check.ts";
import { readmeOf, runtimeOf } from "./readme.ts";
import { type Manifest, publishedFolders, readManifest, root } from "./workspace.ts";

interface Tarball {
  readonly manifest: Manifest;
  /** Types of a runtime's that it is written with, and that its users need: `node`, say. */
  readonly types: readonly string[];
  /** Whether it is written with what pages have, and its users need its types. */
  readonly forPages: boolean;
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
      const tsconfig = readFileSync(join(root, folder, "tsconfig.json"), "utf8");
      tarballs.push({ manifest, types: typesIn(tsconfig), forPages: tsconfig.includes('"DOM"'), path });
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
    dependencies: { ...othersInReadmes(Object.keys(files)), ...files },
    devDependencies: typesOfRuntimes(tarballs), // as everybody has who writes TypeScript for a runtime
    overrides: Object.fromEntries(Object.keys(files).map((name) => [name, `$${name}`])), // also among themselves
  });
  const installArgs = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const installed = judge("install the tarballs", await capture("npm", installArgs, { cwd: project }));
  if (installed.state === "failed") return [installed];

  write(project, "specifiers.json", tarballs.flatMap(specifiersOf));
  const node = process.env["TLSKIT_NODE_20"] ?? process.execPath;
  const version = (await capture(node, ["--version"])).output.trim();
  const onNode = { cwd: project, env: { PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` } };

  const results = [installed];
  for (const environment of environments) {
    const usable = tarballs.filter((tarball) => isFor(tarball, environment)).flatMap(specifiersOf);
    results.push(await checkDeclarations(project, environment, usable));
  }
  const runtimes: readonly (readonly [name: string, command: string, ...args: readonly string[]])[] = [
    [`Node ${version}`, node],
    ["Deno", "deno", "run", "--allow-all"],
    ["Bun", "bun", "run"],
  ];
  for (const script of ["import.mjs", "conformance.mjs", "handshake.mjs", "sockets.mjs", "register.mjs"]) {
    copyFileSync(join(root, "tools/house/stranger", script), join(project, script));
    for (const [name, command, ...args] of runtimes) {
      const options = { ...onNode, timeoutSeconds: 60 };
      results.push(judge(`${script} on ${name}`, await capture(command, [...args, script], options)));
    }
  }
  copyFileSync(join(root, "tools/house/stranger/deno.ts"), join(project, "deno-peers.ts"));
  const checked = ["run", "--check", "--no-prompt", "--allow-net=localhost", "deno-peers.ts"];
  results.push(judge("deno.ts on Deno", await capture("deno", checked, { ...onNode, timeoutSeconds: 60 })));
  for (const folder of publishedFolders()) {
    const wanted = runtimeOf(readManifest(folder));
    const [name, command = "", ...args] =
      runtimes.find(([name]) => name.toLowerCase().startsWith(wanted)) ?? ([wanted, wanted] as const);
    for (const [index, program] of readmeOf(folder).programs.entries()) {
      const script = `${folder.replace("/", "-")}-${index + 1}.mjs`;
      writeFileSync(join(project, script), program);
      const ran = await capture(command, [...args, script], { ...onNode, timeoutSeconds: 60 });
      results.push(judge(`${folder}/README.md, program ${index + 1}, on ${name}`, ran));
    }
  }
  for (const command of tarballs.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))) {
    const help = await capture(join(project, "node_modules/.bin", command), ["--help"], onNode);
    const silent = help.status === 0 && help.output.trim() === "";
    results.push(
      judge(`${command} --help on Node ${version}`, silent ? { status: 1, output: "it printed nothing" } : help),
    );
  }
  return results;
}

/** What READMEs say to install besides our packages, in the versions that we test with. */
function othersInReadmes(ours: readonly string[]): Record<string, string> {
  const others = publishedFolders().flatMap((folder) => {
    const { devDependencies = {} } = readManifest(folder);
    return readmeOf(folder).installed.flatMap((name) => {
      const version = devDependencies[name];
      return ours.includes(name) || version === undefined ? [] : [[name, version] as const];
    });
  });
  return Object.fromEntries(others);
}

/** The types that a package's configuration asks for. */
function typesIn(tsconfig: string): readonly string[] {
  if (tsconfig.includes("tsconfig.node.json")) return ["node"];
  const [, list = ""] = /"types": \[([^\]]*)\]/.exec(tsconfig) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, type = ""]) => type);
}

/** Where such types come from, in the versions that we build with. */
function typesOfRuntimes(tarballs: readonly Tarball[]): Record<string, string | undefined> {
  const versions = [readManifest("."), ...tarballs.map(({ manifest }) => manifest)].map(
    ({ devDependencies = {} }) => devDependencies,
  );
  const names = new Set(tarballs.flatMap(({ types }) => types.map((type) => `@types/${type}`)));
  return Object.fromEntries(
    [...names].map((name) => [name, versions.find((known) => known[name] !== undefined)?.[name]]),
  );
}

/** What can be imported of a package. */
function specifiersOf({ manifest }: Tarball): string[] {
  return Object.keys(manifest.publishConfig?.exports ?? {})
    .filter((subpath) => subpath !== "./package.json")
    .map((subpath) => manifest.name + subpath.slice(1));
}

/** Where declarations are compiled against. */
interface Environment {
  readonly name: string;
  /** The types that there are besides the language's. */
  readonly types: readonly string[];
  readonly pages?: boolean;
}

const environments: readonly Environment[] = [
  { name: "portable", types: [] },
  { name: "pages", types: [], pages: true },
  { name: "node", types: ["node"] },
  { name: "deno", types: ["deno"], pages: true },
];

function isFor({ types, forPages }: Tarball, environment: Environment): boolean {
  // Deno's own is written with Node's types besides, which crypto-node's sources need and its declarations don't.
  const needed = types.includes("deno") ? ["deno"] : types;
  return needed.every((type) => environment.types.includes(type)) && (!forPages || environment.pages === true);
}

/** Compiles against declarations as strictly as can be, with no other types than these. */
async function checkDeclarations(
  project: string,
  { name, types, pages = false }: Environment,
  specifiers: readonly string[],
): Promise<Result> {
  const lib = ["es2024", ...(pages ? ["esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"] : [])];
  const imports = specifiers.map((specifier, index) => `export * as _${index} from "${specifier}";\n`);
  writeFileSync(join(project, `${name}.ts`), imports.join(""));
  write(project, `tsconfig.${name}.json`, {
    compilerOptions: { strict: true, module: "nodenext", target: "es2024", lib, types, noEmit: true },
    files: [`${name}.ts`],
  });
  const compiled = await capture("tsc", ["-p", `tsconfig.${name}.json`], { cwd: project });
  return judge(`compile against the declarations: ${name}`, compiled);
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
