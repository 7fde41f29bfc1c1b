import { aFunction, check, type Expectations, objectWith, optional } from "@tlskit/wire/arguments";
import type { ConnectionHandlers } from "./handlers.ts";

const handlersExpected = objectWith("handlers of a connection", {
  ciphertext: aFunction,
  plaintext: aFunction,
  earlyPlaintext: optional(aFunction),
  earlyDataOutcome: optional(aFunction),
  session: optional(aFunction),
  keyLog: optional(aFunction),
  established: optional(aFunction),
  renegotiating: optional(aFunction),
  renegotiated: optional(aFunction),
  findExternalPsk: optional(aFunction),
  clientAnswered: optional(aFunction),
  ended: optional(aFunction),
  truncated: optional(aFunction),
  sendEnded: optional(aFunction),
  closed: aFunction,
  drained: optional(aFunction),
  trace: optional(aFunction),
} satisfies Expectations<ConnectionHandlers<unknown>>);

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkHandlers(handlers: ConnectionHandlers<never>): void {
  check(handlers, "handlers", handlersExpected);
}
