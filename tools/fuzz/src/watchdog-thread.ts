import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { storeInput } from "./files.ts";

/** What the watchdog's thread is given. */
export interface WatchdogData {
  /** The number of inputs, the length of the latest, and its bytes. */
  readonly shared: SharedArrayBuffer;
  readonly headerBytes: number;
  readonly target: string;
  readonly secondsPerInput: number;
  readonly folder: string;
}

// Whoever starts this thread, which is watchdog.ts alone, gives it that.
const { shared, headerBytes, target, secondsPerInput, folder } = workerData as WatchdogData;
const state = new Int32Array(shared, 0, 2);
let last = -1;
let seconds = 0;

setInterval(() => {
  const now = Atomics.load(state, 0);
  seconds = now === last ? seconds + 1 : 0;
  last = now;
  if (seconds < secondsPerInput) return;
  const input = new Uint8Array(shared, headerBytes, state[1] ?? 0).slice();
  const path = storeInput(folder, target, input, "hang-");
  // The main thread, through which a thread's process.stderr goes, is busy for ever, and can't be asked to end either.
  writeSync(2, `an input took more than ${secondsPerInput} s: ${path}\n`);
  process.kill(process.pid, "SIGKILL");
}, 1000);
