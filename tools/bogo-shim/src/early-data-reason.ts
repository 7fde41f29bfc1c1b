import type { ClientSession } from "@tlskit/sessions";
import type { EarlyDataOutcome, ServerInfo } from "@tlskit/tls";
import type { Info } from "./expected.ts";
import type { Config } from "./flags.ts";

const tls13 = 0x0304;

type Decline = NonNullable<ServerInfo["earlyDataDeclined"]>;

/** What a server declines early data for, by the names that the runner has. */
const declines: Readonly<Record<Decline, string>> = {
  not_taken: "disabled",
  not_first_psk: "session_not_resumed",
  not_allowed_by_ticket: "unsupported_for_session",
  hello_retry_request: "hello_retry_request",
  other_cipher_suite: "session_not_resumed",
  other_alpn_protocol: "alpn_mismatch",
  not_fresh: "ticket_age_skew",
  replay: "replay",
  guard_failed: "guard_failed",
};

/** What became of a server's early data. */
export function reasonAtServer({ earlyData, earlyDataDeclined, resumed, version }: Info, config: Config): string {
  if (earlyData === "accepted") return "accept";
  // Where both are so, the runner names the one, and we the other.
  if (earlyDataDeclined === "hello_retry_request" && !resumed) return "session_not_resumed";
  if (earlyDataDeclined !== undefined) return declines[earlyDataDeclined];
  if (!config.enableEarlyData) return "disabled";
  if (version < tls13) return "protocol_version";
  return resumed ? "peer_declined" : "no_session_offered";
}

/** What became of a client's, by the session that was there for it. */
export function reasonAtClient(
  { helloRetryRequest, resumed, version }: Info,
  config: Config,
  session: ClientSession | undefined,
  outcome: EarlyDataOutcome | undefined,
): string {
  if (outcome === "accepted") return "accept";
  if (!config.enableEarlyData) return "disabled";
  if (version < tls13) return "protocol_version";
  if (session === undefined) return "no_session_offered";
  if (session.maxEarlyData === 0) return "unsupported_for_session";
  if (outcome !== "rejected") return "alpn_mismatch";
  if (helloRetryRequest) return "hello_retry_request";
  return resumed ? "peer_declined" : "session_not_resumed";
}
