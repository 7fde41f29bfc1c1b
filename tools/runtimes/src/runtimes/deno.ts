import { installed } from "./installed.ts";
import { processRuntime } from "./process.ts";
import type { Runtime } from "./runtime.ts";

export const deno: Runtime = processRuntime("Deno", {
  path: installed("node_modules/deno-npm/deno"),
  args: ["run", "--quiet", "--allow-all", "--no-config", "--no-lock"],
  environment: { DENO_NO_UPDATE_CHECK: "1" },
});
