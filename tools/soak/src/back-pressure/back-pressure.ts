import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, type Footprint, grown } from "../footprint.ts";
import type { ImplementationName } from "../implementations.ts";
import { mebibytes } from "../mebibytes.ts";
import { mostMemory } from "./limits.ts";
import type { PressureReport } from "./streams.ts";

/** What came of it, with a sentence for each thing that was wrong. */
export interface BackPressureReport extends PressureReport {
  readonly implementation: ImplementationName;
  readonly failures: readonly string[];
}

/** Holds many streams for so many seconds between writers that are fast and readers that aren't, in a process of its own. */
export async function soakBackPressure(
  implementation: ImplementationName,
  seconds: number,
): Promise<BackPressureReport> {
  const program = fileURLToPath(new URL("./streams.ts", import.meta.url));
  const child = fork(program, [implementation, String(seconds)], { execArgv: ["--expose-gc"], silent: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      said += data;
    });
  }
  const report = await Promise.race([
    once(child, "message").then(([message]) => message as PressureReport), // what it sends
    once(child, "exit").then(([code, signal]) => {
      throw new Error(`the process under test ended with ${code ?? signal}: ${said}`);
    }),
  ]);
  const failures = [...judge(report), ...(said === "" ? [] : [`the process under test said: ${said}`])];
  return { ...report, implementation, failures: failures.map((failure) => `${implementation}: ${failure}`) };
}

function judge(report: PressureReport): string[] {
  const failures: string[] = [];
  for (const { name, unbounded, wrong, ...bytes } of report.streams) {
    const say = (sentence: string): number => failures.push(`${name}: ${sentence}`);
    if (unbounded > 0) say(`${unbounded} streams took all that was offered`);
    if (wrong > 0) say(`of ${wrong} streams not everything came as it was written`);
    if (bytes.toWrite > bytes.mostToWrite) say(`${bytes.toWrite} bytes waited to be written, of ${bytes.mostToWrite}`);
    if (bytes.toRead > bytes.mostToRead) say(`${bytes.toRead} bytes waited to be read, of ${bytes.mostToRead}`);
  }
  const held = memoryOfAStream(report);
  if (held > mostMemory) failures.push(`a stream takes ${mebibytes(held)} of memory, of ${mebibytes(mostMemory)}`);
  return [...failures, ...grown(report.before, report.after)];
}

/** Bytes, both ends together, beyond those of idle connections. */
function memoryOfAStream({ idle, waiting, count }: PressureReport): number {
  const memory = ({ heap, external }: Footprint): number => heap + external;
  return (memory(waiting) - memory(idle)) / count;
}

/** What came of it, for people. */
export function backPressureText(report: BackPressureReport): string {
  const { implementation, streams, count } = report;
  return [
    `${implementation}, back-pressure: ${count} streams at once`,
    ...streams.map(
      ({ name, written, read, ...bytes }) =>
        `  ${name}: wrote ${mebibytes(written)}, read ${read} bytes; ` +
        `waiting ${bytes.toWrite} bytes at the writer (at most ${bytes.mostToWrite}), ` +
        `${bytes.toRead} at the reader (at most ${bytes.mostToRead})`,
    ),
    `  memory of a stream, both ends: ${mebibytes(memoryOfAStream(report))} (at most ${mebibytes(mostMemory)})`,
    `  before  ${describe(report.before)}`,
    `  after   ${describe(report.after)}`,
  ].join("\n");
}
