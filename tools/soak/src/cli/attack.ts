import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Attacked, AttackPlan } from "./attack-worker.ts";

/** Attacks from a thread of its own, until called off. */
export function startAttack(plan: AttackPlan): { stop(): Promise<Attacked> } {
  const worker = new Worker(new URL("./attack-worker.ts", import.meta.url), { workerData: plan });
  const attacked = Promise.race([
    once(worker, "message").then(([message]) => message as Attacked), // what it posts
    once(worker, "exit").then(() => Promise.reject(new Error("the attackers' thread ended by itself"))),
  ]);
  attacked.catch(() => undefined); // whoever stops it is told
  return {
    stop: async () => {
      worker.postMessage("stop");
      return await attacked;
    },
  };
}
