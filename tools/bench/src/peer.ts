import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { whenMeasured } from "./closing.ts";
import type { PeerTarget, PeerTaskName } from "./peer-process.ts";

/** Starts a peer in a process of its own, which connects by `node:tls` and does its task. */
export function startPeer(task: PeerTaskName, target: PeerTarget): void {
  const child = fork(fileURLToPath(new URL("peer-process.ts", import.meta.url)), [task], { execArgv: [] });
  child.send(target);
  whenMeasured(() => child.disconnect());
}
