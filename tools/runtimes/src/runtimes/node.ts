import { installed } from "./installed.ts";
import { processRuntime } from "./process.ts";
import type { Runtime } from "./runtime.ts";

// Each that is supported.
export const node20: Runtime = processRuntime("Node 20", {
  path: installed("tools/runtimes/node_modules/node-20/bin/node"),
});
export const node22: Runtime = processRuntime("Node 22", {
  path: installed("tools/runtimes/node_modules/node-22/bin/node"),
});
export const node24: Runtime = processRuntime("Node 24", {
  path: installed("tools/runtimes/node_modules/node-24/bin/node"),
});
export const node26: Runtime = processRuntime("Node 26", { path: installed("node_modules/node/bin/node") });
