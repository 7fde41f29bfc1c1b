/**
 * Puts `@tlskit/node/tls` in place of `node:tls` in a program that can't be changed: `node --import @tlskit/node/register`, or
 * `--require`. A warning says so if it isn't in force, or not everywhere.
 * @module
 */
import { nodeOptions } from "./tls/command-line.ts";
import { putInPlace } from "./tls/in-place.ts";
import { warn } from "./warning.ts";

const told: readonly string[] = [...doubts()];

/** Whether it is in force: nothing was warned of. */
export const isInForce: boolean = told.length === 0;

if (told.length > 0) warn("TLSKIT_NOT_IN_FORCE", `TLS may not be that of tlskit: ${told.join("; ")}`);

/** Why it may be that some TLS is not ours. */
function* doubts(): Generator<string> {
  const { versions, version } = process;
  if (versions["bun"] !== undefined || versions["deno"] !== undefined) {
    yield "this runtime isn't Node, and has its own below node:tls";
    return;
  }
  const failed = putInPlace();
  if (failed.length > 0) yield `this Node (${version}) doesn't let us replace ${failed.join(", ")}`;
  if (!isPreloaded()) {
    yield "@tlskit/node/register was loaded by the program, and what was loaded before it may have kept functions of node:tls (node --import comes first)";
  }
}

/** Whether the program hasn't begun yet. Node doesn't say so: what can be seen is that something is loaded before it. */
function isPreloaded(): boolean {
  const preloads = nodeOptions().some((option) => /^(?:--import|--require|-r)(?:=|$)/.test(option));
  return preloads && process.mainModule === undefined;
}
