import { bun } from "./bun.ts";
import { chromium } from "./chromium.ts";
import { deno } from "./deno.ts";
import { node20, node22, node24, node26 } from "./node.ts";
import type { Runtime } from "./runtime.ts";
import { workerd } from "./workerd.ts";

/** All, in the order of the tables. */
export const runtimes: readonly Runtime[] = [node20, node22, node24, node26, deno, bun, workerd, chromium];
