import type { Option } from "./options.ts";

/** Where what an option does stands, and how long a line is. */
const column = 29;
const width = 100;

/**
 * The lines of a help about options.
 * @param choices what can be chosen by an option, in lines behind its own
 */
export function optionHelp(
  options: Readonly<Record<string, Option>>,
  choices: Readonly<Record<string, readonly string[]>> = {},
): string {
  return Object.entries(options)
    .flatMap(([name, { short, argument, help: lines }]) => {
      const letter = short === undefined ? "" : `, -${short}`;
      const usage = `  --${name}${letter}${argument === undefined ? "" : ` ${argument}`}`;
      return [...lines, ...(choices[name] ?? [])].map(
        (line, at) => `${(at === 0 ? usage : "").padEnd(column - 1)} ${line}`,
      );
    })
    .join("\n");
}

/** Entries, separated by commas, in as many lines as it takes. */
export function listedInLines(entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [at, entry] of entries.entries()) {
    const text = `${entry}${at === entries.length - 1 ? "" : ","}`;
    const longer = lines.length === 0 ? text : `${lines.at(-1)} ${text}`;
    if (lines.length > 0 && column + longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}
