import { randomFillSync } from "node:crypto";
import type { CreateServerOptions } from "@tlskit/node";
import { StoredTickets } from "@tlskit/sessions";
import { maxEarlyData, maxTickets } from "./limits.ts";
import { UsageError } from "./usage.ts";

/** What `serve` is told of resumption. */
export interface ResumptionOptions {
  readonly tickets?: string | undefined;
  readonly "early-data"?: boolean | undefined;
}

/** What a server is told of it. */
export function resumption({
  tickets,
  "early-data": earlyData,
}: ResumptionOptions): Pick<CreateServerOptions, "tickets" | "ticketCount" | "earlyData"> {
  const ticketCount = tickets === undefined ? undefined : parseCount(tickets);
  if (ticketCount === 0) {
    if (earlyData === true) throw new UsageError("--early-data takes tickets, and --tickets 0 gives none");
    return { tickets: false };
  }
  if (earlyData !== true) return { ticketCount };
  // RFC 9846 §8.1: each takes early data once, from the first second on.
  const stored = new StoredTickets({ random: (length) => randomFillSync(new Uint8Array(length)), clock: Date.now });
  return { tickets: stored, ticketCount, earlyData: { maxSize: maxEarlyData, guard: stored.singleUse } };
}

function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= maxTickets)) {
    throw new UsageError(`--tickets takes a number up to ${maxTickets}, got ${JSON.stringify(text)}`);
  }
  return count;
}
