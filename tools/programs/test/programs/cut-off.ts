import { once } from "node:events";
import { connect } from "node:net";

/** Has everybody cut off who is connected to the relay whose other port this is. */
export async function cutOff(cutPort: number): Promise<void> {
  await once(connect(cutPort, "127.0.0.1"), "close");
}

/** Tries until it succeeds: how often it has to depends on how far the news has come. */
export async function untilItSucceeds<T>(attempt: () => Promise<T>, tries: number = 10): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (tries === 1) throw error;
    return await untilItSucceeds(attempt, tries - 1);
  }
}
