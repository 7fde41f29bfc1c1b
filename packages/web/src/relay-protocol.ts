/**
 * What a page and a relay say to each other over a WebSocket whose subprotocol is {@link relayProtocol}: data in binary
 * messages, and everything else as texts, in JSON: each end says how much it takes, and when its direction is over. That of
 * {@link CreditedStream}; for whoever writes another end.
 *
 * When both directions are over the WebSocket is closed with 1000. Closed before that, what went over it was cut off.
 * @module
 */
import type { CreditMessage } from "./credit-message.ts";

export type { CreditMessage } from "./credit-message.ts";
export { creditWindow, maxCredit, maxCreditedMessage } from "./limits.ts";

/** The subprotocol's name (RFC 6455 §1.9). Where it isn't agreed upon there are binary messages alone. */
export const relayProtocol = "tlskit-relay";

/** Why a WebSocket is closed (RFC 6455 §7.4). Those from 4000 on are the relay's own. */
export const CloseCode = {
  /** Both directions are over. */
  normal: 1000,
  /** The relay ends. */
  goingAway: 1001,
  /** The other end broke the protocol: more data than it has credit for, data behind its end, a text without a meaning. */
  protocolError: 1002,
  /** A text where there are binary messages alone. */
  unsupportedData: 1003,
  /** A message that is too long. */
  messageTooBig: 1009,
  /** This end has given the stream up. */
  reset: 4000,
  /** The target can't be connected to. */
  targetUnreachable: 4001,
  /** The connection to the target failed. */
  targetFailed: 4002,
  /** For too long no byte has gone either way. */
  idleTimeout: 4003,
} as const;

/** The longest text that can mean something. */
const longestMessage = 64;

/** What a text says; nothing if it means nothing. */
export function readCreditMessage(text: string): CreditMessage | undefined {
  if (text.length > longestMessage) return undefined;
  const said = parsed(text);
  if (typeof said !== "object" || said === null) return undefined;
  if ("grant" in said) {
    const { grant } = said;
    return typeof grant === "number" && Number.isSafeInteger(grant) && grant > 0 ? { grant } : undefined;
  }
  if ("end" in said && said.end === true) return { end: true };
  if ("reset" in said && said.reset === true) return { reset: true };
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The path at which a relay has a target.
 * @param host a name or an address, that of IPv6 without brackets.
 */
export function relayPath(host: string, port: number): string {
  const name = encodeURIComponent(host);
  return host.includes(":") ? `/[${name}]:${port}` : `/${name}:${port}`;
}
