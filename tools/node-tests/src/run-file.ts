import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flagsOf } from "./flags.ts";

/** What became of a file: `skipped` is what it says itself. */
export type Outcome = "passed" | "failed" | "skipped" | "timed out";

export interface Result {
  readonly file: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** What it printed, if it didn't pass; why it skips itself, if it does. */
  readonly output: string;
}

export interface RunOptions {
  /** The folder `test` of a checkout of Node. */
  readonly tests: string;
  /** The program that runs it. */
  readonly node: string;
  /** What is to stand in place of `node:tls`, for the process and those that it starts: a URL. None is the control. */
  readonly preload: string | undefined;
  readonly timeoutSeconds: number;
}

/** How much of what a test prints is kept. A stack of Node's is some twenty lines. */
const maxOutput = 6_000;

/** Node 26 warns whoever looks whether there is a `localStorage`, as these tests do, and some of them expect no warning. */
const always = ["--no-webstorage"];

/** What a machine may have set for its programs, and these tests don't expect. */
const meansSomething: ReadonlySet<string> = new Set([
  "NODE_EXTRA_CA_CERTS",
  "NODE_OPTIONS",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "NODE_USE_SYSTEM_CA",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "SSLKEYLOGFILE",
]);

/** One file, in a process of its own, as Node's `tools/test.py` runs it. `serial` sets it apart from those beside it. */
export async function runFile(file: string, serial: number, options: RunOptions): Promise<Result> {
  const { tests, node, preload, timeoutSeconds } = options;
  const path = join(tests, "parallel", file);
  const source = await readFile(path, "utf8");
  const folder = await mkdtemp(join(tmpdir(), "tlskit-node-tests-"));
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !meansSomething.has(name)));
  const env = {
    ...inherited,
    ...environmentOf(source),
    NODE_TEST_DIR: folder,
    TEST_SERIAL_ID: String(serial),
    TEST_THREAD_ID: String(serial),
    TEST_PARALLEL: "1",
    // By way of the environment, so that processes and workers which a test starts have it too.
    NODE_OPTIONS: [...always, ...(preload === undefined ? [] : [`--import=${preload}`])].join(" "),
  };
  const started = performance.now();
  const child = spawn(node, [...flagsOf(source), path], {
    cwd: join(tests, ".."),
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that what it starts can be ended with it
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(0, maxOutput);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child.pid);
  }, timeoutSeconds * 1000);
  const status = await new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("exit", (code, signal) => {
      endGroup(child.pid);
      // What it started may hold the pipes open.
      const atLast = setTimeout(() => resolve(code ?? signal), 1000);
      child.once("close", () => {
        clearTimeout(atLast);
        resolve(code ?? signal);
      });
    });
  });
  clearTimeout(timer);
  await rm(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const skipped = /^1\.\.0 # Skipped: (.*)$/m.exec(output)?.[1];
  if (timedOut) return { file, outcome: "timed out", seconds, output };
  if (status !== 0) return { file, outcome: "failed", seconds, output: `${output}\n(ended with ${status})` };
  if (skipped !== undefined) return { file, outcome: "skipped", seconds, output: skipped };
  return { file, outcome: "passed", seconds, output: "" };
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
}
