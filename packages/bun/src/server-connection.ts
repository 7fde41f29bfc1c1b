import { callerError, DangerousTlsServer, ServerContext, TlsServer, type TraceEvent } from "@tlskit/tls";
import { aBoolean, aFunction, checkArguments, type Expectations, instanceOf, optional } from "@tlskit/wire/arguments";
import { takenOptions } from "./options/bun-options.ts";
import { acceptsUnverified, createServerContext, type ServerContextOptions } from "./options/server-context.ts";
import type { TlsSocketParts } from "./tls-socket.ts";

/** What is no affair of a server's context. */
interface OwnOptions {
  /** A context made once by `createServerContext`, instead of the options for contexts. */
  readonly context?: ServerContext | undefined;
  /** Gets each step of each connection. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /**
   * Takes an end of the stream without a close_notify for an orderly one, for peers that never send one. Whoever is on the
   * way can then cut off what the peer sends, and nobody notices (RFC 9846 §6.1): for protocols that say themselves where
   * their messages end. A handshake that is cut off fails as ever.
   */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
}

/** What a server is told of TLS: in Bun's words, and what its contexts have. */
export interface ServerTlsOptions extends ServerContextOptions, OwnOptions {}

const ownExpected: Expectations<OwnOptions> = {
  context: optional(instanceOf(ServerContext, "@tlskit/tls")),
  trace: optional(aFunction),
  dangerouslyAcceptTruncation: optional(aBoolean),
};

/** What a server's options make of each of its sockets. */
export interface ServerConnections {
  readonly context: ServerContext;
  parts(): Pick<TlsSocketParts<unknown>, "acceptTruncation" | "askForCertificate" | "open" | "role" | "trace">;
}

/**
 * @throws {TlsError} and {X509Error} as `createServerContext` does
 */
export function serverConnections(tls: ServerTlsOptions): ServerConnections {
  const { context: given, trace, dangerouslyAcceptTruncation = false, ...shared } = takenOptions(tls);
  checkArguments<OwnOptions>({ context: given, trace, dangerouslyAcceptTruncation }, ownExpected);
  const context = contextOf(given, shared);
  return {
    context,
    parts: () => {
      let server: TlsServer | DangerousTlsServer | undefined;
      return {
        role: "server",
        trace,
        acceptTruncation: dangerouslyAcceptTruncation,
        open: (handlers) => {
          server = acceptsUnverified(context)
            ? new DangerousTlsServer(context, handlers)
            : new TlsServer(context, handlers);
          return server;
        },
        askForCertificate: () => server?.requestClientCertificate() ?? new Uint8Array(0),
      };
    },
  };
}

/** A context that is there already has its options: others beside it would be dropped. */
function contextOf(given: ServerContext | undefined, shared: ServerContextOptions): ServerContext {
  if (given === undefined) return createServerContext(shared);
  const [name] = Object.keys(shared);
  if (name === undefined) return given;
  throw callerError("conflicting_options", `${name} is an option of contexts, and there is a context already`);
}
