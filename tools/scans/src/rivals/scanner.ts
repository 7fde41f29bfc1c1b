import type { StartTls } from "./configuration.ts";
import type { Answers, Question } from "./questions.ts";

/** Where a scanner is to look. */
export interface ScannerTarget {
  readonly port: number;
  /** A file with the root by which the certificate is to be judged, in PEM. */
  readonly rootFile: string;
  readonly startTls?: StartTls | undefined;
}

/** A program that says what a server's TLS is. */
export interface Scanner {
  readonly name: ScannerName;
  /** Its version, asked of it; nothing if it isn't on this machine. */
  version(): string | undefined;
  /** The command line with all its checks. `out` is a file that doesn't exist, for what it finds. */
  command(target: ScannerTarget, out: string): readonly string[];
  /** How each question is answered by what it wrote: to the file, or to its standard output if it wrote no file. */
  answers(output: string): Answers;
}

export const scannerNames = ["tlskit scan", "testssl.sh", "sslyze"] as const;

export type ScannerName = (typeof scannerNames)[number];

/** How an output answers each question; `undefined` where it doesn't. */
export type Readings<Output> = Readonly<Partial<Record<Question, (output: Output) => string | undefined>>>;

export function answersBy<Output>(readings: Readings<Output>, output: Output): Answers {
  const answers: Partial<Record<Question, string>> = {};
  for (const [question, read] of Object.entries(readings) as [Question, (output: Output) => string | undefined][]) {
    const answer = read(output);
    if (answer !== undefined) answers[question] = answer;
  }
  return answers;
}
