import { bundleSuite } from "./bundle.ts";
import type { HostedSuite } from "./hosted-suite.ts";
import type { RunningRuntime, Runtime } from "./runtimes/runtime.ts";
import type { Result } from "./suite.ts";

/** A suite's bundle is the same for every runtime. */
const bundles = new Map<string, Promise<string>>();

/** Whether a suite is for a runtime. */
export function isFor({ on }: HostedSuite, runtime: Runtime): boolean {
  return on === undefined || on(runtime);
}

export async function runSuite(
  runtime: Runtime,
  running: RunningRuntime,
  suite: HostedSuite,
): Promise<readonly Result[]> {
  const { module, prepare } = suite;
  const bundle = bundles.get(module) ?? bundleSuite(module);
  bundles.set(module, bundle);
  const prepared = await prepare?.(running, runtime);
  try {
    return await running.run(await bundle, prepared?.given);
  } finally {
    await prepared?.stop();
  }
}
