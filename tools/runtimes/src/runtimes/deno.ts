import { installed } from "./installed.ts";
import { processRuntime } from "./process.ts";
import type { Runtime } from "./runtime.ts";

export const deno: Runtime = processRuntime("Deno", {
  path: installed("node_modules/deno-npm/deno"),
  // Without `--unstable-net` it has no WebTransport and no WebSocketStream.
  args: ["run", "--quiet", "--allow-all", "--no-config", "--no-lock", "--unstable-net"],
  environment: { DENO_NO_UPDATE_CHECK: "1" },
});
