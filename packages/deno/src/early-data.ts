import type { EarlyDataOutcome } from "@tlskit/tls";

/** Early data (0-RTT), and whoever learns what became of it. */
export interface EarlyDataOption {
  /**
   * What is sent with the first flight, as a whole or not at all, if there is a session that allows it. Whoever sees it on
   * its way can send it to the server again, which may act on it once more; whoever gets at the server's ticket key, even
   * later, can read it (RFC 9846 §8). Only what does no harm when it is done twice: a GET without side effects, say.
   */
  readonly replayable: Uint8Array;
  /**
   * Told, once, what became of it. Unless it was accepted it is given back: it is never sent again by itself. Until then
   * what is written goes behind it.
   */
  outcome(outcome: EarlyDataOutcome, data: Uint8Array): void;
}
