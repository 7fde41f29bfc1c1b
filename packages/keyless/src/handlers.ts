import type { TlsError } from "@tlskit/wire";
import { aFunction, type Expectation, type Expectations, objectWith, optional } from "@tlskit/wire/arguments";

/** What a connection calls, in the very calls that lead to it. */
export interface ConnectionHandlers {
  /** Bytes for the peer, in order: whole messages. They belong to whoever gets them. */
  bytes(bytes: Uint8Array): void;
  /** It is over: orderly, or with an error, such as what the peer did wrong. The stream is to be ended. Nothing comes after it. */
  closed(error: TlsError | undefined): void;
  /** `unread` has come back to zero: the transport may read on. */
  drained?(): void;
}

export const expectedHandlers: Expectation = objectWith("handlers of a connection", {
  bytes: aFunction,
  closed: aFunction,
  drained: optional(aFunction),
} satisfies Expectations<ConnectionHandlers>);
