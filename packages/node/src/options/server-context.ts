import { type Awaitable, type ClientOffer, callerError, ServerContext, type ServerOptions } from "@tlskit/tls";
import {
  type ClientAuthenticationOptions,
  checkChosen,
  clientCertificatesOf,
  rememberWhomToAsk,
} from "./client-authentication.ts";
import { commonOptions } from "./common-options.ts";
import { type CommonOptions, nodeSettings } from "./context.ts";
import { serverOptions } from "./server-options.ts";
import { rememberTicketKeys, serverTickets, type TicketOptions } from "./server-tickets.ts";
import { checkedOptions, type HandedOn, handedOn, type NotTaken, type OptionTable } from "./table.ts";

/** Gives the context for a name, as in `node:tls`: one of `createServerContext`, or none to go on with the server's own. */
export type SniCallback = (
  servername: string,
  done: (error: Error | null, context?: ServerContext | null) => void,
) => void;

/** What a server can be told that its connections share. */
export interface ServerContextOptions
  extends CommonOptions,
    ClientAuthenticationOptions,
    TicketOptions,
    HandedOn<typeof serverOptions, ServerOptions>,
    NotTaken<typeof serverOptions> {
  /** Gives the context for a client by what its hello offers, or throws a `peerError` to refuse it. */
  readonly contextFor?: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
  /** The same by the name that the client asks for, if it asks for one. An error ends the handshake. */
  readonly SNICallback?: SniCallback | undefined;
  /** The same as `sessionContext` under the name that it has in `node:tls`. */
  readonly sessionIdContext?: string | undefined;
}

/** Every option of a server. */
export const serverTables: readonly OptionTable[] = [commonOptions, serverOptions];

/**
 * What `createServer` makes of its options, to be made once and shared.
 * @throws {TlsError} `unknown_option`, `refused_option`, `conflicting_options`, `no_certificates`,
 *   `certificate_key_mismatch`, `unsupported_choice`, … (the caller's fault)
 * @throws {X509Error} for a `cert`, `key` or `pfx` that can't be read
 */
export function createServerContext(options: ServerContextOptions): ServerContext {
  const checked = checkedOptions("createServerContext", options, serverTables, ["context"]);
  const settings = nodeSettings(checked, hasCertificate(checked));
  const { tickets, keys } = serverTickets(checked, settings);
  const context: ServerContext = new ServerContext({
    ...handedOn(checked, serverTables),
    ...settings,
    tickets,
    sessionContext: checked.sessionContext ?? checked.sessionIdContext,
    clientCertificates: clientCertificatesOf(checked),
    contextFor: contextForOf(checked, () => context),
  });
  rememberWhomToAsk(context, checked);
  rememberTicketKeys(context, keys);
  return context;
}

function hasCertificate({ cert, pfx, certificates = [] }: ServerContextOptions): boolean {
  return cert !== undefined || pfx !== undefined || certificates.length > 0;
}

function contextForOf(options: ServerContextOptions, own: () => ServerContext): ServerContextOptions["contextFor"] {
  const choose = choiceOf(options, own);
  if (choose === undefined) return undefined;
  const checked = (chosen: ServerContext): ServerContext => checkChosen(own(), chosen);
  return (offer) => {
    const chosen = choose(offer);
    return chosen instanceof ServerContext ? checked(chosen) : Promise.resolve(chosen).then(checked);
  };
}

function choiceOf(
  { contextFor, SNICallback }: ServerContextOptions,
  own: () => ServerContext,
): ServerContextOptions["contextFor"] {
  if (SNICallback === undefined) return contextFor;
  if (contextFor !== undefined) {
    throw callerError("conflicting_options", "contextFor and SNICallback both choose the context: give one of them");
  }
  return ({ serverName }) => (serverName === undefined ? own() : chosenBy(SNICallback, serverName, own));
}

function chosenBy(callback: SniCallback, serverName: string, own: () => ServerContext): Promise<ServerContext> {
  return new Promise((resolve, reject) => {
    callback(serverName, (error, context) => {
      if (error !== null && error !== undefined) reject(error);
      else if (context === undefined || context === null) resolve(own());
      else if (context instanceof ServerContext) resolve(context);
      else reject(callerError("unsupported_choice", "SNICallback gave something else than createServerContext makes"));
    });
  });
}
