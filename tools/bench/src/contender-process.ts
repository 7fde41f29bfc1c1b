/**
 * A process that measures contenders of one comparison, whenever it is told to:
 * `contender-process.ts ROW COMPARISON EFFORT`. Gets a contender's name, and answers with a {@link Reply}.
 */
import { closeEverything } from "./closing.ts";
import { type Measure, quick, thorough } from "./row.ts";
import { rows } from "./rows.ts";

/** What it answers. */
export type Reply = { readonly value: number } | { readonly absent: string };

const [row = "", index = "", effortName] = process.argv.slice(2);
const comparison = rows[row]?.comparisons[Number(index)];
const effort = effortName === "quick" ? quick : thorough;
const ready = new Map<string, Measure>();

async function measure(name: string): Promise<Reply> {
  let once = ready.get(name);
  if (once === undefined) {
    const contender = comparison?.contenders.find((one) => one.name === name);
    if (contender === undefined) throw new Error(`${row} ${index} has no contender ${name}`);
    const prepared = await contender.prepare(effort);
    if (typeof prepared !== "function") return prepared;
    ready.set(name, prepared);
    once = prepared;
  }
  return { value: await once() };
}

/** Ends with what was started for the measurement, also if that failed: whoever waits for an answer sees the end. */
async function end(error?: unknown): Promise<void> {
  if (error !== undefined) console.error(error);
  await closeEverything();
  process.exit(error === undefined ? 0 : 1);
}

process.on("uncaughtException", end);
process.on("message", (name: string) => measure(name).then((reply) => process.send?.(reply), end));
process.on("disconnect", () => end());
