import { readFileSync } from "node:fs";
import { UsageError } from "../usage.ts";

/** Where a password can come from: the options of one, without the `out-` that those for what is written begin with. */
export interface PasswordOptions {
  readonly password?: string | undefined;
  readonly "password-file"?: string | undefined;
  readonly "password-env"?: string | undefined;
}

/** What `parseArgs` is told of them. */
export const passwordOptions = {
  password: { type: "string" },
  "password-file": { type: "string" },
  "password-env": { type: "string" },
  "out-password": { type: "string" },
  "out-password-file": { type: "string" },
  "out-password-env": { type: "string" },
} as const;

/**
 * The password, if there is one: the first line of a file, a variable of the environment or, with a warning, what stands
 * on the command line, where everybody on the machine can read it.
 * @param prefix `out-` for the password of what is written
 */
export function passwordOf(options: PasswordOptions, prefix: "" | "out-" = ""): string | undefined {
  const { password, "password-file": file, "password-env": variable } = options;
  const given = [password, file, variable].filter((value) => value !== undefined);
  if (given.length > 1) throw new UsageError(`--${prefix}password, -file and -env are ways to say one password`);
  if (password !== undefined) {
    process.stderr.write(
      `tlskit: warning: a password on the command line can be read by everybody on this machine; --${prefix}password-file and --${prefix}password-env can't\n`,
    );
    return password;
  }
  if (file !== undefined) return firstLine(file);
  if (variable === undefined) return undefined;
  const value = process.env[variable];
  if (value === undefined) throw new UsageError(`--${prefix}password-env: there is no variable ${variable}`);
  return value;
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}
