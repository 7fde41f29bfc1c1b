import { installed } from "./installed.ts";
import { processRuntime } from "./process.ts";
import type { Runtime } from "./runtime.ts";

export const bun: Runtime = processRuntime("Bun", {
  path: installed("node_modules/bun-npm/bin/bun.exe"),
  args: ["run"],
});
