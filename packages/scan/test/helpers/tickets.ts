import { nodeProvider } from "@tlskit/crypto-node";
import { RotatingTicketKeys, SealedTickets, StoredTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { now } from "./in-memory-server.ts";

/** Tickets that are sessions, sealed under a key of the server's. */
export function sealedTickets(): SealedTickets {
  const keys = new RotatingTicketKeys({ random: seededRandom(4), clock: () => now });
  return new SealedTickets({ provider: nodeProvider, keys, random: seededRandom(5) });
}

/** Names of sessions that the server keeps, as tickets and as identifiers. */
export function storedTickets(): StoredTickets {
  return new StoredTickets({ random: seededRandom(6), clock: () => now });
}
