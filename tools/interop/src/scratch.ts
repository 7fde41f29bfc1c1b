import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "./certificates.ts";

let folder: string | undefined;
let count = 0;

/** A path, not used yet, in a folder that goes when the process does. */
export function scratchPath(name: string): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "tlskit-interop-"));
    folder = made;
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  }
  count += 1;
  return join(folder, `${count}-${name}`);
}

/** A new file with that content. */
export function scratchFile(name: string, content: string): string {
  const path = scratchPath(name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** A new folder. */
export function scratchFolder(name: string): string {
  const path = scratchPath(name);
  mkdirSync(path);
  return path;
}

/** An identity as files, for programs. */
export interface IdentityFiles {
  readonly chain: string;
  readonly key: string;
  readonly root: string;
}

const files = new WeakMap<Identity, IdentityFiles>();

/** The files of an identity, written once. */
export function identityFiles(identity: Identity): IdentityFiles {
  const known = files.get(identity);
  if (known !== undefined) return known;
  const written = {
    chain: scratchFile("chain.pem", identity.chainPem),
    key: scratchFile("key.pem", identity.keyPem),
    root: scratchFile("root.pem", identity.rootPem),
  };
  files.set(identity, written);
  return written;
}
