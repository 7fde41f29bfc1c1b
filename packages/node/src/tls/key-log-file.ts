import { openSync, writeSync } from "node:fs";
import type { TlsSocket } from "../tls-socket.ts";
import { warn } from "../warning.ts";
import { nodeOptions } from "./command-line.ts";

/** Files, open, that get the lines of all connections, by their paths. */
let files: Map<string, number> | undefined;

/**
 * Has a connection's secrets written to where the process is told to: `--tls-keylog` of Node's options, and `SSLKEYLOGFILE`,
 * as browsers and curl have it. A file is made for its owner alone and added to, a line at a time, as others may add to it.
 */
export function logKeys(socket: TlsSocket): void {
  files ??= opened();
  if (files.size > 0) socket.on("keylog", write);
}

function write(line: Buffer): void {
  for (const [path, file] of files ?? []) {
    try {
      writeSync(file, line);
    } catch (error) {
      // A full disk ends no connection.
      files?.delete(path);
      warnOfNone(path, error);
    }
  }
}

function opened(): Map<string, number> {
  const all = new Map<string, number>();
  for (const path of keyLogPaths(process)) {
    try {
      all.set(path, openSync(path, "a", 0o600));
      warn("TLSKIT_KEYLOG", `whoever can read ${path} can read what this process sends and receives by TLS`);
    } catch (error) {
      warnOfNone(path, error);
    }
  }
  return all;
}

function warnOfNone(path: string, error: unknown): void {
  warn("TLSKIT_KEYLOG", `no secrets are written to ${path}: ${error instanceof Error ? error.message : ""}`);
}

/** What a process was told, and whose rights it has. */
export type Told = Pick<NodeJS.Process, "env" | "execArgv" | "getuid" | "geteuid">;

/** The files that a process is told to write secrets to, each once. */
export function keyLogPaths(told: Told): readonly string[] {
  const { SSLKEYLOGFILE } = told.env;
  const options = nodeOptions(told);
  const paths = options.map((option, at) => {
    const [named, path = options[at + 1]] = /^--tls-keylog(?:=(.*))?$/.exec(option) ?? [];
    return named === undefined ? undefined : path;
  });
  // Who runs a program with another's rights has no say in where its secrets go.
  if (told.getuid?.() === told.geteuid?.()) paths.push(SSLKEYLOGFILE);
  return [...new Set(paths)].filter((path): path is string => path !== undefined && path !== "");
}
