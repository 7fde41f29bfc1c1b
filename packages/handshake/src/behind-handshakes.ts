import { type Awaitable, run, type Steps } from "@tlskit/crypto";
import type { ServerHandshakeSettings } from "./settings.ts";

/**
 * Asks a store for something that no handshake waits for. What it can't do means a full handshake later, and is told.
 * @returns what can be waited for all the same, and never fails.
 */
export function behindHandshakes(
  { resumptionFailed }: Pick<ServerHandshakeSettings, "resumptionFailed">,
  asking: Steps<void>,
): Awaitable<void> {
  return run(told(asking, resumptionFailed));
}

function* told(asking: Steps<void>, failed: ServerHandshakeSettings["resumptionFailed"]): Steps<void> {
  try {
    yield* asking;
  } catch (error) {
    failed?.(error);
  }
}
