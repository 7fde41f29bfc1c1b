import { setTimeout } from "node:timers/promises";

/** Resident bytes of this process when what nobody holds has been collected. */
export async function residentBytes(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("memory is measured with --expose-gc");
  for (let i = 0; i < 3; i += 1) {
    gc();
    // What is freed by callbacks that run when others are done.
    await setTimeout(20);
  }
  return process.memoryUsage.rss();
}
