import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../usage.ts";

/** Runs a command's arguments. Resolves with the exit code. */
export type Command = (args: string[]) => Promise<number>;

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
  return async (args) => {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (parsed.positionals.length !== positionals.length) {
      const wanted = positionals.length === 0 ? "nothing but options" : positionals.join(" ");
      throw new UsageError(`it takes ${wanted}, got ${JSON.stringify(parsed.positionals.join(" "))}`);
    }
    return await run(parsed.values, ...parsed.positionals);
  };
}
