import { type ScanProgress, type ScanTarget, type TargetReport, targetLabel } from "@tlskit/scan";

/** Where progress is told: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Columns of a terminal that doesn't say how many it has. */
const usualColumns = 80;

/** The beginning of the line, and nothing on it. */
const eraseLine = "\r\x1b[K";

/** Tells people who wait what is being done. */
export interface Progress {
  begin(target: ScanTarget): void;
  /** How far a target is that was begun. */
  step(target: ScanTarget, step: ScanProgress): void;
  end(report: TargetReport): void;
  /** Before something else is written to the terminal. */
  clear(): void;
}

/** For `--quiet`. */
export const silence: Progress = {
  begin: () => undefined,
  step: () => undefined,
  end: () => undefined,
  clear: () => undefined,
};

/** A line that is rewritten on a terminal; elsewhere (a file, a log of CI) a line for what begins and what ends. */
export function progressOn(stream: ProgressStream, targets: number): Progress {
  return stream.isTTY === true ? new RewrittenLine(stream, targets) : new PlainLines(stream, targets);
}

class PlainLines implements Progress {
  readonly #stream: ProgressStream;
  readonly #targets: number;
  #ended = 0;

  constructor(stream: ProgressStream, targets: number) {
    this.#stream = stream;
    this.#targets = targets;
  }

  begin(target: ScanTarget): void {
    this.#stream.write(`${nameOf(target)}: begun\n`);
  }

  step(): void {}

  end(report: TargetReport): void {
    this.#ended += 1;
    const count = this.#targets === 1 ? "" : ` (${this.#ended} of ${this.#targets})`;
    this.#stream.write(`${nameOf(report.target)}: ${outcome(report)}${count}\n`);
  }

  clear(): void {}
}

class RewrittenLine implements Progress {
  readonly #stream: ProgressStream;
  readonly #targets: number;
  /** What is being done, target by target, in the order in which they were begun. */
  readonly #underWay = new Map<ScanTarget, string>();
  #ended = 0;
  #shown = false;

  constructor(stream: ProgressStream, targets: number) {
    this.#stream = stream;
    this.#targets = targets;
  }

  begin(target: ScanTarget): void {
    this.#underWay.set(target, "connecting");
    this.#show();
  }

  step(target: ScanTarget, { about, state, done, of, connections }: ScanProgress): void {
    if (state !== "begun") return;
    this.#underWay.set(target, `${about} (${done + 1}/${of}, ${connections} connections)`);
    this.#show();
  }

  end({ target }: TargetReport): void {
    this.#underWay.delete(target);
    this.#ended += 1;
    this.#show();
  }

  clear(): void {
    if (this.#shown) this.#stream.write(eraseLine);
    this.#shown = false;
  }

  #show(): void {
    if (this.#underWay.size === 0) {
      this.clear();
      return;
    }
    const count = this.#targets === 1 ? "" : `${this.#ended} of ${this.#targets} done; `;
    const doing = [...this.#underWay].map(([target, about]) => `${nameOf(target)}: ${about}`);
    const line = `${count}${doing.join("; ")}`;
    // A line that fills the last column would be continued on another one, which isn't erased.
    const room = (this.#stream.columns ?? usualColumns) - 1;
    this.#stream.write(`${eraseLine}${line.length > room ? `${line.slice(0, Math.max(0, room - 1))}…` : line}`);
    this.#shown = true;
  }
}

function nameOf(target: ScanTarget): string {
  const { address } = target;
  return address === undefined ? targetLabel(target) : `${targetLabel(target)} at ${address}`;
}

function outcome(report: TargetReport): string {
  if (report.state === "unreached") return "not reached";
  const seconds = ((report.ended - report.begun) / 1000).toFixed(1);
  return `scanned in ${seconds} s by ${report.connections} connections`;
}
