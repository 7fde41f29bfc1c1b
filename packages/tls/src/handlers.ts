import type { TlsError } from "@tlskit/wire";
import type { TraceEvent } from "./trace.ts";

/**
 * What a connection calls. Calls come when the step that caused them has settled, one after the other; whatever they
 * call on the connection is done after they return.
 */
export interface ConnectionHandlers<Info> {
  /** Bytes for the peer, in order. They belong to whoever gets them. */
  ciphertext(bytes: Uint8Array): void;
  /** Data from the peer, in order, which has been verified. It belongs to whoever gets it. */
  plaintext(bytes: Uint8Array): void;
  /** The handshake is done: what was negotiated and verified. */
  established?(info: Info): void;
  /** The peer sends no more (`close_notify`); it may still be sent to. */
  ended?(): void;
  /** What `close` caused has been handed to `ciphertext`, our `close_notify` last: it gets no more. */
  sendEnded?(): void;
  /**
   * The connection is over: orderly in both directions, or with an error. Nothing comes after it. What `ciphertext`
   * got before may have to be sent still: an alert, most likely.
   */
  closed(error: TlsError | undefined): void;
  /** Everything that was given to `send` has been handed to `ciphertext`; called if `unsent` had grown above zero. */
  drained?(): void;
  /** Each step, for whoever wants to see it. Costs nothing when absent. */
  trace?(event: TraceEvent): void;
}
