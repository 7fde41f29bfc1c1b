import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../usage.ts";

/** A command. */
export interface Command {
  /** Runs its arguments. Resolves with the exit code. */
  (args: string[]): Promise<number>;
  /** Its options' names: the help and the README are held to them by a test. */
  readonly options: readonly string[];
}

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>["values"];

/**
 * A command of these options, besides `--help`.
 * @param positionals what it takes besides options, as its usage says it, `FILE`; none unless told
 */
export function command<const O extends Options>(
  { options, positionals = [] }: { readonly options: O; readonly positionals?: readonly string[] },
  run: (values: Values<O>, ...positionals: readonly string[]) => Promise<number>,
): Command {
  const runArguments = async (args: string[]): Promise<number> => {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (parsed.positionals.length !== positionals.length) {
      const wanted = positionals.length === 0 ? "nothing but options" : positionals.join(" ");
      throw new UsageError(`it takes ${wanted}, got ${JSON.stringify(parsed.positionals.join(" "))}`);
    }
    return await run(parsed.values, ...parsed.positionals);
  };
  return Object.assign(runArguments, { options: Object.keys(options) });
}
