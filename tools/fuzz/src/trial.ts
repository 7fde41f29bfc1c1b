import { getHeapStatistics } from "node:v8";
import { LimitExceeded, type Meter } from "./meter.ts";
import { BrokenPromise, type Target, usualBudget } from "./target.ts";

/** What came of an input. */
export type Outcome =
  | { readonly type: "accepted" | "refused" }
  | {
      readonly type: "finding";
      /** The same for what is likely the same defect. */
      readonly signature: string;
      readonly error: unknown;
    };

/** Bytes of objects that an input may make: generous, since a collector's accounts are not exact. */
function heapBudget(length: number): number {
  return 64 * 2 ** 20 + 50_000 * length;
}

/** Gives a target one input, and judges how that ends. */
export function tried(target: Target, input: Uint8Array, meter?: Meter): Outcome {
  meter?.restart((target.budget ?? usualBudget)(input.length));
  const heapBefore = heapBytes();
  const given = input.slice();
  let outcome: Outcome;
  try {
    target.run(given);
    outcome = { type: "accepted" };
  } catch (error) {
    outcome = target.isRefusal(error) ? { type: "refused" } : finding(error);
  }
  meter?.release();
  // Whatever became of the exception on its way here.
  if (meter?.exceeded !== undefined) return finding(meter.exceeded);
  if (outcome.type !== "finding" && Buffer.compare(given, input) !== 0) {
    return finding(new BrokenPromise("bytes that are given are never written to"));
  }
  const heap = heapBytes() - heapBefore;
  if (heap > heapBudget(input.length)) return finding(new LimitExceeded("memory", `${heap} bytes of objects`));
  return outcome;
}

function heapBytes(): number {
  // Node's types lag behind: `total_allocated_bytes` counts what was allocated since the start, collected or not.
  const statistics: object = getHeapStatistics();
  return "total_allocated_bytes" in statistics ? Number(statistics.total_allocated_bytes) : 0;
}

function finding(error: unknown): Outcome {
  return { type: "finding", signature: signatureOf(error), error };
}

function signatureOf(error: unknown): string {
  if (error instanceof LimitExceeded) return error.what;
  if (!(error instanceof Error)) return String(error);
  const place = /\/packages\/([^ )]+:\d+):\d+/.exec(error.stack ?? "")?.[1];
  const code = "code" in error ? ` ${String(error.code)}` : "";
  // A promise is told by its words, without the numbers in them.
  if (error instanceof BrokenPromise) return `${error.name}: ${error.message.replaceAll(/\d+/g, "#")}`;
  return `${error.name}${code} at ${place ?? "?"}`;
}
