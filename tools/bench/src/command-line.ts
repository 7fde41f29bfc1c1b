import { parseArgs } from "node:util";
import type { Row } from "./row.ts";

/** What `pnpm bench` was asked for. */
export type Asked =
  | {
      readonly rows: readonly string[];
      /** As tables, as JSON, or into docs/. */
      readonly output: "text" | "json" | "document";
      readonly effort: "quick" | "thorough";
      readonly profiles: string | undefined;
    }
  | { readonly document: true }
  | { readonly help: true }
  | { readonly wrong: string };

const options = {
  json: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  profiles: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** @param known the names of all rows. */
export function commandLine(args: readonly string[], known: readonly string[]): Asked {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length === 1 && positionals[0] === "document") return { document: true };
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) return { wrong: `there is no row ${unknown}` };
  if (values.write && (values.quick || values.json)) {
    return { wrong: "--write measures thoroughly, and prints nothing else" };
  }
  return {
    rows: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)),
    output: values.write ? "document" : values.json ? "json" : "text",
    effort: values.quick ? "quick" : "thorough",
    profiles: values.profiles,
  };
}

// `pnpm bench -- --json` hands the dashes on.
function parse(args: readonly string[]) {
  return parseArgs({ args: args.filter((arg) => arg !== "--"), options, allowPositionals: true });
}

export function usage(rows: Readonly<Record<string, Row>>): string {
  return [
    "pnpm bench [--quick] [--json] [--profiles FOLDER] [ROW …]",
    "pnpm bench --write [--profiles FOLDER] [ROW …]",
    "pnpm bench document",
    "",
    "Rows, all unless told otherwise:",
    ...Object.entries(rows).map(([name, { about }]) => `  ${name.padEnd(20)}${about}`),
    "",
    "  --quick             tries whether everything runs; its figures say little",
    "  --json              prints all figures as JSON, and nothing else",
    "  --profiles FOLDER   leaves a CPU profile of each process that measures there",
    "  --write             measures, and writes the rows to docs/performance.json, with its tables and its plot",
    "  document            writes tables and plot of docs/performance.json anew",
  ].join("\n");
}
