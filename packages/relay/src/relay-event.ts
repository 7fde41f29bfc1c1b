/** Why a request was refused, before there was a connection. */
export type Refusal =
  | "malformed_target"
  | "origin_not_allowed"
  | "target_not_allowed"
  | "not_authorized"
  | "closing"
  | "too_many_connections";

/** What happens at a relay: for its log. It has no contents of a connection. */
export type RelayEvent =
  | {
      readonly type: "refused";
      readonly reason: Refusal;
      /** What the page asked for, and the site that it is of, as it said: the words of a stranger. */
      readonly target?: string | undefined;
      readonly origin?: string | undefined;
      readonly address?: string | undefined;
    }
  | {
      readonly type: "opened";
      /** Which connection, counted from 1. */
      readonly id: number;
      readonly target: string;
      readonly origin: string | undefined;
      readonly address: string | undefined;
      /** Whether the page has the protocol of credits, `tlskit-relay`. */
      readonly credits: boolean;
    }
  | {
      readonly type: "closed";
      readonly id: number;
      /** Why the WebSocket was closed: a code of RFC 6455 §7.4 or of the relay's protocol; 1006 if it was cut off. */
      readonly code: number;
      /** What the relay says of it, a stable word, if the relay closed it. */
      readonly reason: string | undefined;
      /** What failed, of the connection to the target: a code of the system's, `ECONNREFUSED`. */
      readonly cause?: string | undefined;
      readonly bytesToTarget: number;
      readonly bytesToPage: number;
    };
