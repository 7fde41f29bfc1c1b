import { installed } from "./installed.ts";
import { processRuntime } from "./process.ts";
import type { Runtime } from "./runtime.ts";

/** Each that is supported. */
export const nodes: readonly Runtime[] = [
  processRuntime("Node 20", { path: installed("tools/runtimes/node_modules/node-20/bin/node") }),
  processRuntime("Node 22", { path: installed("tools/runtimes/node_modules/node-22/bin/node") }),
  processRuntime("Node 24", { path: installed("tools/runtimes/node_modules/node-24/bin/node") }),
  processRuntime("Node 26", { path: installed("node_modules/node/bin/node") }),
];
