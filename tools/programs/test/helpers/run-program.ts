import { fileURLToPath } from "node:url";
import { Program } from "@tlskit/interop/program";
import type { Outcome, Report } from "../programs/cases.ts";
import type { Way } from "./ways.ts";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Milliseconds that a program with all its cases may take: much more than it should on a busy machine. */
export const timeOfProgram = 100_000;

/** What came of the cases of a program, by their names. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/**
 * Runs a file of `test/programs` to its end, as a process of its own. Fails if it spoke TLS by another way.
 *
 * @param input what it takes from `input()`.
 */
export async function runProgram(file: string, way: Way, input: unknown): Promise<Outcomes> {
  const reports = await endedOver(way, startProgram(file, way, input));
  return Object.fromEntries(reports.flatMap((report) => ("case" in report ? [[report.case, report.outcome]] : [])));
}

/** What a program has reported when it has ended by itself. Fails if it spoke TLS by another way. */
export async function endedOver(way: Way, program: Program): Promise<readonly Report[]> {
  const exitCode = await program.ended(timeOfProgram).finally(() => program.kill());
  if (exitCode !== 0) {
    throw new Error(`${program.args.join(" ")} ended with ${exitCode}:\n${program.lines.join("\n")}`);
  }
  const reports = program.lines.filter((line) => line.startsWith("{")).map((line): Report => JSON.parse(line));
  expectWay(way, reports);
  return reports;
}

/** Starts a file of `test/programs`. */
export function startProgram(file: string, { options }: Way, input: unknown): Program {
  const args = [...options, `test/programs/${file}`, JSON.stringify(input)];
  return new Program(process.execPath, args, { folder: packageFolder });
}

/** Whether the program's TLS was Node's, which it tells as long as it runs. */
function expectWay({ nodesOwn }: Way, reports: readonly Report[]): void {
  const count = reports.reduce((sum, report) => ("nodesOwn" in report ? sum + report.nodesOwn : sum), 0);
  if (count > 0 !== nodesOwn) throw new Error(`${count} connections of the program were over Node's own TLS`);
}
