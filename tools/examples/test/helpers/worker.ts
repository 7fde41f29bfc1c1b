import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "@tlskit/interop/scratch";
import { Workerd } from "@tlskit/interop/workerd";
import { bundled } from "./bundled.ts";

const bundles = new Map<string, Promise<string>>();

/**
 * Runs an example's Worker as its `config.capnp` says.
 * @param example its folder.
 * @param files what else is to lie beside the configuration, by name.
 */
export async function startWorker(
  example: string,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Workerd> {
  const bundle = bundles.get(example) ?? bundled(`${example}/worker.ts`);
  bundles.set(example, bundle);
  const folder = scratchFolder(example);
  const config = join(folder, "config.capnp");
  copyFileSync(new URL(`../../${example}/config.capnp`, import.meta.url), config);
  const all = { ...files, "worker.js": await bundle };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  return await Workerd.serve(config, environment);
}
