import { openSync, writeSync } from "node:fs";
import type { TlsSocket } from "../tls-socket.ts";
import { warn } from "../warning.ts";
import { nodeOptions } from "./command-line.ts";

/** Files, open, that get the lines of all connections. */
let files: readonly number[] | undefined;

/**
 * Has a connection's secrets written to where the process is told to: `--tls-keylog` of Node's options, and `SSLKEYLOGFILE`,
 * as browsers and curl have it. A file is made for its owner alone and added to, a line at a time, as others may add to it.
 */
export function logKeys(socket: TlsSocket): void {
  files ??= opened();
  if (files.length === 0) return;
  const all = files;
  socket.on("keylog", (line: Buffer) => {
    for (const file of all) writeSync(file, line);
  });
}

function opened(): readonly number[] {
  return keyLogPaths(process).flatMap((path) => {
    try {
      const file = openSync(path, "a", 0o600);
      warn("TLSKIT_KEYLOG", `whoever can read ${path} can read what this process sends and receives by TLS`);
      return [file];
    } catch (error) {
      warn("TLSKIT_KEYLOG", `no secrets are written to ${path}: ${error instanceof Error ? error.message : ""}`);
      return [];
    }
  });
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
