import { randomFillSync } from "node:crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  MemorySessionStore,
  type ReplayGuard,
  RotatingTicketKeys,
  SealedTickets,
  StoredTickets,
} from "@tlskit/sessions";
import type { OurServerOptions } from "../../src/ours.ts";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** A store for a client's context. */
export function sessions(): MemorySessionStore {
  return new MemorySessionStore({ clock: Date.now });
}

/** Tickets for a server's context. */
export function tickets(): Pick<OurServerOptions, "tickets"> {
  const keys = new RotatingTicketKeys({ random, clock: Date.now });
  return { tickets: new SealedTickets({ provider: nodeProvider, random, keys }) };
}

/** Tickets that allow early data, which a guard answers for in these tests by what it is told to. */
export function earlyData(guard: "admits" | "declines"): Partial<OurServerOptions> {
  const answering: ReplayGuard = { admit: () => guard === "admits" };
  return { ...tickets(), earlyData: { maxSize: 16_384, guard: answering } };
}

/** Sessions that a server keeps, and knows by identifiers and by tickets that are no more. */
export function stored(): Pick<OurServerOptions, "tickets"> {
  return { tickets: new StoredTickets({ random, clock: Date.now }) };
}
