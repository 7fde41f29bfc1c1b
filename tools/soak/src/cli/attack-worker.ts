/** A thread of attackers, so that the honest client's time is not theirs. */
import { setMaxListeners } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { seededRandom } from "@tlskit/testing";
import { attacks } from "./attacks.ts";
import type { Target } from "./server-under-test.ts";
import { Grudge } from "./wire.ts";

/** What the thread is given. */
export interface AttackPlan {
  readonly targets: readonly Target[];
  readonly seed: number;
}

/** What it tells at the end. */
export interface Attacked {
  /** How many connections there were of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** What a server did that it should not. */
  readonly failures: readonly string[];
}

const { targets, seed } = workerData as AttackPlan; // from startAttack
const stop = new AbortController();
setMaxListeners(0, stop.signal);
const counts: Record<string, number> = Object.fromEntries(attacks.map(({ name }) => [name, 0]));
const failures: string[] = [];

async function keepAttacking(index: number): Promise<void> {
  const random = seededRandom(seed + index);
  const { name, run } = lines[index] ?? never();
  // Each line turns to the servers one after the other.
  for (let turn = index; !stop.signal.aborted; turn += 1) {
    counts[name] = (counts[name] ?? 0) + 1;
    const target = targets[turn % targets.length] ?? never();
    try {
      await run(target, random, stop.signal);
    } catch (error) {
      if (!(error instanceof Grudge)) throw error;
      failures.push(`tlskit serve, ${target.service}: ${name}: ${error.message}`);
    }
  }
}

function never(): never {
  throw new Error("there is an attack for each line, and a target for each attack");
}

parentPort?.once("message", () => stop.abort());
const lines = attacks.flatMap((attack) => Array.from({ length: attack.at }, () => attack));
await Promise.all(lines.map((_, index) => keepAttacking(index)));
parentPort?.postMessage({ counts, failures } satisfies Attacked);
