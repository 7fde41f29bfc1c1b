/** The rule of who may know whom, as data, and what breaks it. Reads no files: see arrows.ts. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import type { Manifest, Package, SourceFile } from "./workspace.ts";

export interface Row {
  /** Packages of ours that it may import, without `@tlskit/`. */
  readonly imports: readonly string[];
  /** Whether it may use Node's built-in modules. */
  readonly node?: boolean;
  /** Whether its tests may use `testing`. */
  readonly testing?: boolean;
}

const providers = ["crypto-noble", "crypto-node", "crypto-openssl", "crypto-web", "crypto-pkcs11"];
const core = ["wire", "crypto", "ciphersuites", "keyschedule", "messages", "x509"];

/** The table of docs/architecture.md. A package imports upward only; a folder of `packages/` without a row fails. */
export const table: Readonly<Record<string, Row>> = {
  wire: { imports: [] },
  crypto: { imports: [] },
  "crypto-noble": { imports: ["crypto"] },
  "crypto-node": { imports: ["crypto"], node: true },
  "crypto-openssl": { imports: ["crypto"], node: true },
  "crypto-web": { imports: ["crypto", "crypto-noble"] },
  "crypto-pkcs11": { imports: ["crypto"], node: true },
  ciphersuites: { imports: ["crypto"] },
  keyschedule: { imports: ["crypto", "wire"] },
  messages: { imports: ["wire", "ciphersuites"] },
  x509: { imports: ["crypto", "wire"] },
  roots: { imports: ["x509", "wire"] },
  record: { imports: ["crypto", "wire"] },
  sessions: { imports: ["crypto", "wire"] },
  starttls: { imports: ["wire"] },
  "sessions-redis": { imports: ["sessions", "crypto", "wire"] },
  keyless: { imports: ["crypto", "wire"] },
  testing: { imports: core },
  capture: {
    imports: ["messages", "keyschedule", "record", "ciphersuites", "crypto", "wire"],
    testing: true,
  },
  handshake: { imports: ["messages", "keyschedule", "ciphersuites", "sessions", "crypto", "wire"], testing: true },
  tls: { imports: [...core, "record", "sessions", "handshake"], testing: true },
  node: {
    imports: ["tls", "starttls", "x509", "ciphersuites", "sessions", "crypto-node", "wire"],
    node: true,
    testing: true,
  },
  undici: { imports: ["node", "sessions", "wire"], node: true, testing: true },
  web: { imports: ["tls", "crypto-web", "x509", "sessions", "crypto", "wire"], testing: true },
  deno: { imports: ["tls", "crypto-node", "roots", "sessions", "wire"], testing: true },
  bun: {
    imports: ["tls", "crypto-node", "roots", "x509", "ciphersuites", "sessions", "wire"],
    node: true,
    testing: true,
  },
  relay: { imports: ["web", "node", "x509", "wire"], node: true, testing: true },
  scan: {
    imports: [
      "tls",
      "starttls",
      "x509",
      "roots",
      "messages",
      "keyschedule",
      "record",
      "ciphersuites",
      "sessions",
      "crypto-node",
      "crypto",
      "wire",
    ],
    node: true,
    testing: true,
  },
  "keyless-node": {
    imports: ["keyless", "node", "tls", "x509", "crypto-node", "crypto", "wire"],
    node: true,
    testing: true,
  },
};

/** Everything that breaks the rule, a sentence each. `shared` are the root's devDependencies, for tests. */
export function brokenArrows(
  workspace: readonly Package[],
  shared: Readonly<Record<string, string>> = {},
  rows: Readonly<Record<string, Row>> = table,
): string[] {
  const manifests = new Map(workspace.map(({ manifest }) => [manifest.name, manifest]));
  return [
    ...workspace.flatMap((member) => [
      ...brokenManifest(member, rows),
      ...member.files.flatMap((file) =>
        specifiers(file).flatMap((specifier) => {
          const reason =
            specifier === undefined
              ? "has an import whose target is not a string"
              : brokenImport(specifier, file, member, manifests, rows, shared);
          return reason === undefined ? [] : [`${member.folder}/${file.path} ${reason}`];
        }),
      ),
    ]),
    ...cycles(workspace),
  ];
}

function brokenManifest({ folder, manifest, files }: Package, rows: Readonly<Record<string, Row>>): string[] {
  const broken: string[] = [];
  const say = (what: string): number => broken.push(`${folder}/package.json ${what}`);
  const row = rowOf(folder, rows);
  if (row === undefined) return [`${folder} has no row in the table of arrows`];
  const imported = new Set(
    files
      .filter(({ path }) => path.startsWith("src/"))
      .flatMap((file) => specifiers(file).map((s) => packageOf(s ?? ""))),
  );
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (ours(name) && !mayImport(row, name)) say(`depends on ${name}, which is no arrow of the table`);
    if (manifest.private !== true && !imported.has(name)) say(`depends on ${name}, which no file of src imports`);
  }
  for (const name of Object.keys(manifest.devDependencies ?? {})) {
    if (ours(name) && !mayTestWith(row, name)) say(`tests with ${name}, which is no arrow of the table`);
  }
  return broken;
}

function brokenImport(
  specifier: string,
  file: SourceFile,
  { folder, manifest }: Package,
  manifests: ReadonlyMap<string, Manifest>,
  rows: Readonly<Record<string, Row>>,
  shared: Readonly<Record<string, string>>,
): string | undefined {
  const inTest = file.path.startsWith("test/");
  const row = rowOf(folder, rows) ?? { imports: [] };
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file.path), specifier);
    const inside = target.startsWith("src/") || (inTest && target.startsWith("test/"));
    return inside ? undefined : `imports ${specifier}, a file outside ${inTest ? "its package" : "its src"}`;
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    if (!specifier.startsWith("node:")) return `imports ${specifier} without node:`;
    return inTest || row.node === true ? undefined : `imports ${specifier}, and must run where there is no Node`;
  }
  if (specifier.startsWith("cloudflare:")) {
    return inTest || row === tool ? undefined : `imports ${specifier}, and must load where there are no Workers`;
  }
  const name = packageOf(specifier);
  if (name === manifest.name && !inTest) return `imports ${specifier}, its own package, by name`;
  if (ours(name)) {
    const target = manifests.get(name);
    if (target === undefined) return `imports ${specifier}, which is not in this repository`;
    const subpath = `.${specifier.slice(name.length)}`;
    if (target.exports === undefined || !Object.hasOwn(target.exports, subpath)) {
      return `imports ${specifier}, past the exports of ${name}`;
    }
    if (name === manifest.name) return undefined;
    if (!mayImport(row, name) && !(inTest && mayTestWith(row, name))) {
      return `imports ${specifier}, which is no arrow of the table`;
    }
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const allowed =
    inTest || manifest.private === true ? { ...shared, ...manifest.devDependencies, ...declared } : declared;
  return Object.hasOwn(allowed, name) ? undefined : `imports ${specifier}, which its package.json does not declare`;
}

const tool: Row = { imports: [], node: true };

function rowOf(folder: string, rows: Readonly<Record<string, Row>>): Row | undefined {
  const [kind, name] = folder.split("/");
  return kind === "tools" ? tool : Object.hasOwn(rows, name ?? "") ? rows[name ?? ""] : undefined;
}

function mayImport(row: Row, name: string): boolean {
  return row === tool || row.imports.includes(shortName(name));
}

function mayTestWith(row: Row, name: string): boolean {
  const short = shortName(name);
  if (row === tool || row.testing === true) return true;
  return short === "vectors" || providers.includes(short) || core.includes(short);
}

function ours(name: string): boolean {
  return name === "tlskit" || name.startsWith("@tlskit/");
}

function shortName(name: string): string {
  return name.replace("@tlskit/", "");
}

/** `@noble/curves/nist.js` → `@noble/curves`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Whom a file imports, in any way the language has; `undefined` where only running it would tell. */
export function specifiers({ path, text }: SourceFile): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isNode(node)) {
      if (importing.has(node.type) && node["source"] != null) found.push(literal(node["source"]));
      if (node.type === "TSExternalModuleReference") found.push(literal(node["expression"]));
      Object.values(node).forEach(visit);
    }
  };
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  visit(program);
  return found;
}

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function literal(node: unknown): string | undefined {
  return isNode(node) && typeof node["value"] === "string" ? node["value"] : undefined;
}

/** turbo refuses a cycle, also one through devDependencies. */
function cycles(workspace: readonly Package[]): string[] {
  const edges = new Map(
    workspace.map(({ manifest }) => [
      manifest.name,
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies }).filter(ours),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) found.push(`a cycle: ${[...path.slice(path.indexOf(name)), name].join(" → ")}`);
    if (path.includes(name) || done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return found;
}
