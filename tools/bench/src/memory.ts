import { setTimeout } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";

/**
 * Resident bytes of this process when what nobody holds has been collected. V8's young generation isn't among them: how
 * many pages it keeps, up to some tens of megabytes, follows from how much garbage there was, not from what is held.
 */
export async function residentBytes(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("memory is measured with --expose-gc");
  for (let i = 0; i < 3; i += 1) {
    gc();
    // What is freed by callbacks that run when others are done.
    await setTimeout(20);
  }
  const young = getHeapSpaceStatistics().filter(({ space_name }) => space_name.startsWith("new_"));
  return young.reduce((left, { physical_space_size }) => left - physical_space_size, process.memoryUsage.rss());
}
