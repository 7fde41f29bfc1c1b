import { fileURLToPath } from "node:url";
import type { RunningRuntime, Runtime } from "./runtimes/runtime.ts";

/** What a suite's cases need of the machine: servers, other programs, files. */
export interface Prepared {
  /** For the cases; what JSON can say. */
  readonly given: unknown;
  stop(): Promise<void>;
}

/** A suite with what belongs to it outside of the runtime. */
export interface HostedSuite {
  /** As the tables have it; each another. */
  readonly name: string;
  /** What it holds, for users: a part of a sentence behind the name. */
  readonly about: string;
  /** The module that exports `cases`. */
  readonly module: string;
  /** Of one over something that carries connections: what stops a writer whom nobody reads from. */
  readonly backPressure?: string;
  /** Which runtimes it is for: all unless told. */
  readonly on?: (runtime: Runtime) => boolean;
  /** What keeps it from being run on this machine, in a sentence; nothing if it can be. */
  readonly missing?: string | undefined;
  /** Called before each run of it. */
  readonly prepare?: (running: RunningRuntime, runtime: Runtime) => Promise<Prepared>;
}

/** @param url `import.meta.url` of the suite, beside whose module lies `cases.ts`. */
export function besides(url: string): string {
  return fileURLToPath(new URL("cases.ts", url));
}
