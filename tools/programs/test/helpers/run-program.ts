import { fileURLToPath } from "node:url";
import { Program } from "@tlskit/interop/program";
import type { Outcome } from "../programs/cases.ts";
import type { Way } from "./ways.ts";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** What came of the cases of a program, by their names. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/**
 * Runs a file of `test/programs` to its end, as a process of its own.
 *
 * @param input what it takes from `input()`.
 */
export async function runProgram(file: string, way: Way, input: unknown): Promise<Outcomes> {
  const program = startProgram(file, way, input);
  const exitCode = await program.ended();
  if (exitCode !== 0) throw new Error(`${file} ended with ${exitCode}:\n${program.lines.join("\n")}`);
  return Object.assign({}, ...program.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)));
}

/** Starts a file of `test/programs`. */
export function startProgram(file: string, way: Way, input: unknown): Program {
  const args = [...way, `test/programs/${file}`, JSON.stringify(input)];
  return new Program(process.execPath, args, { folder: packageFolder });
}
