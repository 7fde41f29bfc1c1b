import { bun } from "./bun.ts";
import { chromium } from "./chromium.ts";
import { deno } from "./deno.ts";
import { nodes } from "./node.ts";
import type { Runtime } from "./runtime.ts";
import { workerd } from "./workerd.ts";

/** All, in the order of the tables. */
export const runtimes: readonly Runtime[] = [...nodes, deno, bun, workerd, chromium];
