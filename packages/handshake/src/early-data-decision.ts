import type { CipherSuite } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import { asciiBytes, equalBytes } from "@tlskit/wire";
import type { EarlyDataDecline } from "./early-data.ts";
import { defaultEarlyDataTolerance } from "./limits.ts";
import type { SelectedPsk } from "./psk-selection.ts";
import type { ServerHandshakeSettings } from "./settings.ts";

/** What was negotiated, as far as early data depends on it. */
export interface EarlyDataCircumstances {
  readonly hostCan: boolean;
  readonly helloRetryRequest: boolean;
  readonly cipherSuite: CipherSuite;
  readonly alpnProtocol: string | undefined;
  readonly psk: SelectedPsk | undefined;
}

/**
 * RFC 9846 §4.3.10#conditions, §4.3.10#refused, §8#at-most-once: why early data that a client offers is declined; nothing
 * if it is taken. The guard is asked last, about what would be taken otherwise.
 */
export function* declineOfEarlyData(
  context: ServerHandshakeSettings,
  { hostCan, helloRetryRequest, cipherSuite, alpnProtocol, psk }: EarlyDataCircumstances,
): Steps<EarlyDataDecline | undefined> {
  const { earlyData } = context;
  if (earlyData === undefined || !hostCan) return "not_taken";
  if (helloRetryRequest) return "hello_retry_request";
  if (psk === undefined || psk.index !== 0) return "not_first_psk";
  if (!("session" in psk)) return "not_allowed_by_ticket";
  const { session, delay } = psk;
  if (session.maxEarlyData === 0) return "not_allowed_by_ticket";
  if (session.cipherSuite !== cipherSuite.code) return "other_cipher_suite";
  if (!equalBytes(session.alpnProtocol, asciiBytes(alpnProtocol ?? ""))) return "other_alpn_protocol";
  const { tolerance = defaultEarlyDataTolerance, guard } = earlyData;
  // RFC 9846 §4.3.10#ticket-age, §8.3
  if (Math.abs(delay) > tolerance) return "not_fresh";
  try {
    // When it was expected, and as late as it may come: as long as that, it could be sent again.
    const freshUntil = context.clock() - delay + tolerance;
    // RFC 9846 §8.2#storage-key; §8.2#false-positives: whatever the guard says, the handshake goes on.
    const attempt = { binder: psk.binder, ticket: psk.ticket, freshUntil };
    return (yield* wait(guard.admit(attempt))) === true ? undefined : "replay";
  } catch (error) {
    context.resumptionFailed?.(error);
    return "guard_failed";
  }
}
