import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** Milliseconds that a program may take for what is waited for: much more than it should on a busy machine. */
const patience = 20_000;

/** How many lines of a program's output are shown when it didn't do what was waited for. */
const shownLines = 40;

/** Whose program it is to be. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How a program runs besides. */
export interface ProgramSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly owner?: Owner | undefined;
  /** The folder that it runs in: the tests' own unless told. */
  readonly folder?: string;
}

/** A program that runs, and what it has written: whole lines, of both its outputs, as they came. */
export class Program {
  readonly lines: string[] = [];
  readonly args: readonly string[];
  /** Its exit code; nothing while it runs or if a signal ended it. */
  exitCode: number | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #command: string;
  readonly #watchers = new Set<() => void>();
  #over = false;

  constructor(command: string, args: readonly string[], { environment = {}, owner, folder }: ProgramSettings = {}) {
    this.args = args;
    this.#command = [command, ...args].join(" ");
    // What the programs print is read: they are to print it in English.
    this.#child = spawn(command, args, {
      env: { ...process.env, LC_ALL: "C", ...environment },
      cwd: folder,
      ...owner,
    });
    running.add(this);
    this.#child.stdin.on("error", () => undefined); // it may have gone before it read everything
    const outputs = [this.#child.stdout, this.#child.stderr].map((stream) => new LineSplitter(stream, this.lines));
    for (const output of outputs) output.onLines = () => this.#changed();
    this.#child.on("error", (error) => {
      this.lines.push(error.message);
      this.#ended(undefined);
    });
    this.#child.on("close", (code) => {
      for (const output of outputs) output.finish();
      this.#ended(code ?? undefined);
    });
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Gives it something to read. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** It gets no more to read. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /**
   * The first value that `find` has for what it has written by then. Fails if it ends, or takes too long.
   * @param longest milliseconds, for one that has much to do.
   */
  async waitFor<T>(what: string, find: (lines: readonly string[]) => T | undefined, longest?: number): Promise<T> {
    let found = find(this.lines);
    await this.#until(
      () => {
        found ??= find(this.lines);
        return found !== undefined || this.#over;
      },
      what,
      longest,
    );
    if (found === undefined) throw new Error(`it ended before ${what}: ${this.#described()}`);
    return found;
  }

  /** The first line from a position on that matches. */
  waitForLine(pattern: RegExp, from: number = 0, longest?: number): Promise<RegExpExecArray> {
    return this.waitFor(
      `a line like ${pattern}`,
      (lines) => {
        for (let at = from; at < lines.length; at += 1) {
          const match = pattern.exec(lines[at] ?? "");
          if (match !== null) return match;
        }
        return undefined;
      },
      longest,
    );
  }

  /**
   * Waits until it has ended by itself; its exit code, if it has one.
   * @param longest milliseconds, for one that has much to do.
   */
  async ended(longest: number = patience): Promise<number | undefined> {
    await this.#until(() => this.#over, "its end", longest);
    return this.exitCode;
  }

  /** Ends it. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    this.kill(signal);
    await this.ended();
  }

  /** Ends it without waiting. */
  kill(signal: NodeJS.Signals = "SIGKILL"): void {
    if (!this.#over) this.#child.kill(signal);
  }

  async #until(reached: () => boolean, what: string, longest: number = patience): Promise<void> {
    if (reached()) return;
    await new Promise<void>((resolve, reject) => {
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        settle();
      };
      const watcher = (): void => {
        if (reached()) done(resolve);
      };
      const timer = setTimeout(() => {
        done(() => reject(new Error(`waited ${longest} ms for ${what}: ${this.#described()}`)));
      }, longest);
      this.#watchers.add(watcher);
    });
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #ended(code: number | undefined): void {
    this.#over = true;
    this.exitCode = code;
    running.delete(this);
    this.#changed();
  }

  #described(): string {
    return `${this.#command}\n${this.lines.slice(-shownLines).join("\n")}`;
  }
}

/** Cuts a stream into lines, each put where those of another stream are put too. */
class LineSplitter {
  onLines: (() => void) | undefined;
  readonly #lines: string[];
  #rest = "";

  constructor(stream: NodeJS.ReadableStream, lines: string[]) {
    this.#lines = lines;
    stream.setEncoding("latin1");
    stream.on("data", (text: string) => {
      const parts = (this.#rest + text).split("\n");
      this.#rest = parts.pop() ?? "";
      if (parts.length === 0) return;
      for (const line of parts) lines.push(line);
      this.onLines?.();
    });
  }

  /** There comes no more: what is left is a line, too. */
  finish(): void {
    if (this.#rest !== "") this.#lines.push(this.#rest);
    this.#rest = "";
  }
}

const running = new Set<Program>();

/** Ends all programs that run, for after the tests. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()));
}

process.once("exit", () => {
  for (const program of running) program.kill();
});
