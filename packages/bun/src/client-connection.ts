import {
  ClientContext,
  type ConnectionHandlers,
  callerError,
  DangerousTlsClient,
  PskClient,
  PskClientContext,
  TlsClient,
} from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  aString,
  bytes,
  checkArguments,
  type Expectation,
  type Expectations,
  instanceOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { takenOptions } from "./options/bun-options.ts";
import { type ClientContextOptions, createClientContext } from "./options/client-context.ts";
import { allowsUnverified, type Place, type TargetOptions, targetOf } from "./options/target.ts";
import type { SocketInfo } from "./socket-info.ts";
import type { TlsSocketParts } from "./tls-socket.ts";

/** What a client is told of TLS: in Bun's words, what its contexts have, and what is one connection's alone. */
export interface ClientTlsOptions extends TargetOptions, ClientContextOptions {}

const ofCertificates = instanceOf(ClientContext, "@tlskit/tls");
const aClientContext: Expectation = (value, name) =>
  value instanceof PskClientContext ? undefined : ofCertificates(value, name);

/** What is one connection's alone; the rest is for contexts to check. */
const targetExpected: Expectations<TargetOptions> = {
  context: optional(aClientContext),
  serverName: optional(aString),
  servername: optional(aString),
  sendServerName: optional(aBoolean),
  checkServer: optional(aFunction),
  checkServerIdentity: optional(aFunction),
  rejectUnauthorized: optional(aBoolean),
  dangerouslyAllowUnverified: optional(aBoolean),
  dangerouslyAcceptTruncation: optional(aBoolean),
  session: optional(bytes),
  sessionsFor: optional(aString),
  requireFullHandshake: optional(aBoolean),
  earlyData: optional(
    objectWith("data that may be replayed, and whom to tell what became of it", {
      replayable: bytes,
      outcome: aFunction,
    }),
  ),
  trace: optional(aFunction),
};

/** What a client's options make of a socket. */
export type ClientParts = Pick<
  TlsSocketParts<unknown>,
  "acceptTruncation" | "earlyDataOutcome" | "open" | "role" | "trace"
>;

/**
 * Everything that can be wrong with the option `tls` of a client, before anybody is connected to.
 * @throws {TlsError} and {X509Error} as `createClientContext` does; `no_host`, `invalid_host`, `conflicting_options` (the
 *   caller's fault)
 */
export function clientParts(tls: ClientTlsOptions | true | undefined, place: Place): ClientParts {
  const options = takenOptions(tls);
  const [own, shared] = parted(options);
  checkArguments(own, targetExpected);
  const unverified = allowsUnverified(own);
  const context = contextOf(own, shared);
  if (unverified && context instanceof PskClientContext) {
    throw callerError(
      "conflicting_options",
      "pre-shared keys accept nobody else: dangerouslyAllowUnverified has no meaning",
    );
  }
  const { earlyData } = own;
  if (earlyData?.replayable.length === 0) {
    throw callerError("out_of_range", "earlyData.replayable is empty: there is nothing that could become of it");
  }
  return {
    role: "client",
    acceptTruncation: own.dangerouslyAcceptTruncation ?? false,
    trace: own.trace,
    earlyDataOutcome: earlyData && ((outcome, data) => earlyData.outcome(outcome, data)),
    open: (handlers, { session, serverName }) => {
      const target = targetOf(session === undefined ? own : { ...own, session }, place, serverName);
      const client = clientOf(context, target, unverified, handlers);
      if (earlyData !== undefined) client.sendEarly(earlyData.replayable);
      return client;
    },
  };
}

/** What is one connection's alone, and what is a context's. */
function parted(options: ClientTlsOptions): readonly [TargetOptions, ClientContextOptions] {
  const own: Record<string, unknown> = {};
  const shared: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(targetExpected, name)) own[name] = value;
    else shared[name] = value;
  }
  return [own, shared];
}

/** A context that is there already has its options: others beside it would be dropped. */
function contextOf({ context }: TargetOptions, shared: ClientContextOptions): ClientContext | PskClientContext {
  if (context === undefined) return createClientContext(shared);
  const [name] = Object.keys(shared);
  if (name === undefined) return context;
  throw callerError("conflicting_options", `${name} is an option of contexts, and there is a context already`);
}

function clientOf(
  context: ClientContext | PskClientContext,
  target: ReturnType<typeof targetOf>,
  unverified: boolean,
  handlers: ConnectionHandlers<SocketInfo>,
): TlsClient | PskClient | DangerousTlsClient {
  if (context instanceof PskClientContext) return new PskClient(context, target, handlers);
  return unverified ? new DangerousTlsClient(context, target, handlers) : new TlsClient(context, target, handlers);
}
