/**
 * A relay from WebSocket to TCP with an allow-list, for TLS that begins in a page.
 * @module
 */
export {
  defaultConnectTimeout,
  defaultIdleTimeout,
  defaultMaxConnections,
  defaultMaxMessageLength,
  defaultMaxWaiting,
} from "./limits.ts";
export { Relay, type RelayOptions } from "./relay.ts";
export type { Refusal, RelayEvent } from "./relay-event.ts";
