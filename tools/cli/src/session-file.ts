import { closeSync, fstatSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { decodeClientSession } from "@tlskit/sessions";
import { UsageError } from "./usage.ts";

/**
 * A session out of a file. Whoever could read it can read what is sent under it, and whoever could write it can pass for
 * the server: a file that others may do that to isn't taken, as ssh takes no such keys.
 * @throws {UsageError} for one that can't be read, or by others too
 */
export function readSession(file: string): Uint8Array {
  return attempt(file, "read", () => {
    const descriptor = openSync(file, "r");
    try {
      // Windows has other rights, of which the mode tells nothing.
      if (process.platform !== "win32" && (fstatSync(descriptor).mode & 0o077) !== 0) {
        throw new UsageError(
          `${file} is open to others, and a session is as secret as a private key: chmod 600 ${file}`,
        );
      }
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/**
 * What writes sessions to a file, each over the one before it. It is a new file each time, for nobody but its owner, that
 * takes the place of the old one: so no mode that was there stays, no link is followed, and no reader sees half of it.
 * @throws {UsageError} for a file that is there and holds something else
 */
export function sessionsTo(file: string): (session: Uint8Array) => void {
  attempt(file, "read", () => checkReplaceable(file));
  return (session) =>
    attempt(file, "written", () => {
      const made = `${file}.${process.pid}.new`;
      rmSync(made, { force: true });
      writeFileSync(made, session, { mode: 0o600, flag: "wx" });
      renameSync(made, file);
    });
}

function checkReplaceable(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) throw new UsageError(`${file} is no file that a session could be written to`);
  if (found.size > 0 && decodeClientSession(readFileSync(file)) === undefined) {
    throw new UsageError(`${file} is there already, and holds no session`);
  }
}

function attempt<T>(file: string, what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} can't be ${what}: ${error instanceof Error ? error.message : error}`);
  }
}
