import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Command {
  readonly targets: readonly string[];
  readonly seconds: number;
  readonly runs: number;
  readonly seed: number;
  readonly keep: boolean;
  /** A file that is tried instead of fuzzing. */
  readonly input: string | undefined;
  readonly help: boolean;
}

/** The command line is wrong: a sentence that says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * @param names of the targets that there are
 * @throws {UsageError}
 */
export function parseCommandLine(args: readonly string[], names: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  const unknown = positionals.find((name) => name !== "all" && !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no target ${JSON.stringify(unknown)}`);
  const targets = names.filter((name) => positionals.includes("all") || positionals.includes(name));
  if (targets.length === 0 && !values.help) throw new UsageError("which target?");
  if (values.input !== undefined && targets.length !== 1) throw new UsageError("--input takes one target");
  const { keep, input, help } = values;
  return {
    targets,
    seconds: number("seconds", values.seconds, Number.POSITIVE_INFINITY),
    runs: number("runs", values.runs, Number.POSITIVE_INFINITY),
    seed: number("seed", values.seed, 0xffff_ffff),
    keep,
    input,
    help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "60" },
        runs: { type: "string", default: "Infinity" },
        seed: { type: "string", default: "1" },
        keep: { type: "boolean", default: false },
        input: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    // It throws TypeErrors for what the command line does wrong.
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function number(name: string, text: string, most: number): number {
  const value = Number(text);
  const isWhole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
  if (text.trim() === "" || !isWhole || value < 0 || value > most) {
    throw new UsageError(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  }
  return value;
}
