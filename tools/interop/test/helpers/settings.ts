import type { Identity } from "../../src/certificates.ts";
import type { OurClientOptions, OurEnd, OurServerOptions } from "../../src/ours.ts";
import { payload } from "../../src/payload.ts";
import type { PeerEnd } from "../../src/peer.ts";

/** A client that trusts the authority of an identity. */
export function trusting(identity: Identity, options: Partial<OurClientOptions> = {}): OurClientOptions {
  return { anchors: identity.anchors, ...options };
}

/** A server with these certificates. */
export function showing(identities: readonly Identity[], options: Partial<OurServerOptions> = {}): OurServerOptions {
  return { certificates: identities.map(({ chain, key }) => ({ chain, key })), ...options };
}

/** A little data each way, when the handshake is done. */
export async function expectData(ours: OurEnd, peer: PeerEnd): Promise<void> {
  await ours.established();
  await peer.exchange(ours, payload(10));
}

/** Key log lines, without those that say something else, in an order of their own. */
export function keyLogLines(text: string | readonly string[]): readonly string[] {
  const lines = typeof text === "string" ? text.split("\n") : text;
  return lines
    .map((line) => line.trim())
    .filter((line) => /^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+$/i.test(line))
    .map((line) => line.replace(/ .*/, (hex) => hex.toLowerCase()))
    .toSorted();
}

/** Host names enough for a certificate that doesn't fit into one record; localhost is among them. */
export const manyNames: readonly string[] = [
  "localhost",
  ...Array.from({ length: 800 }, (_, index) => `host-${String(index).padStart(4, "0")}.interop.example`),
];
