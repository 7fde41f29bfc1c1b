import { Alert, type ClientOffer, type ServerContext, TlsError } from "@tlskit/tls";
import { noContext, notOffered, twoAlpnChoices } from "./callback-errors.ts";
import type { ServerConnectionOptions } from "./options.ts";
import { SecureContext, type ServerRules } from "./secure-context.ts";

/** Milliseconds that a handshake may take at a server, as in `node:tls`. */
const defaultHandshakeTimeout = 120_000;

/** What a server has besides its options. */
export interface ServerParts {
  /** Gives the context for whoever asks for no name, or for one that nobody has. */
  readonly own: () => SecureContext;
  /** Gives the context for a name, from `addContext`. */
  readonly named?: ((servername: string) => SecureContext | undefined) | undefined;
  readonly tickets?: ServerRules["tickets"];
  readonly ocspResponseFor?: ServerRules["ocspResponseFor"];
}

/**
 * What a server asks of its connections, made once for each server.
 * @throws {TypeError} `ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS`
 */
export function serverRules(
  options: ServerConnectionOptions,
  { own, named = () => undefined, tickets, ocspResponseFor }: ServerParts,
): ServerRules {
  const { requestCert, rejectUnauthorized, sessionIdContext, handshakeTimeout = defaultHandshakeTimeout } = options;
  const { ALPNCallback, ALPNProtocols, SNICallback, pskCallback, pskIdentityHint } = options;
  if (ALPNCallback && ALPNProtocols) throw twoAlpnChoices();
  const rules: ServerRules = {
    requestCert,
    rejectUnauthorized: requestCert === true ? rejectUnauthorized : undefined,
    sessionContext: sessionIdContext,
    handshakeTimeout,
    // A connection finds the key itself, since the callback is told which one it is.
    externalPsks: pskCallback && (() => undefined),
    pskIdentityHint,
    selectAlpnProtocol: ALPNCallback && selecting(ALPNCallback),
    contextFor: ({ serverName }) => {
      const contextOf = (context: SecureContext): ServerContext => context.serverContext(rules, ALPNProtocols);
      if (serverName === undefined) return contextOf(own());
      if (!SNICallback) return contextOf(named(serverName) ?? own());
      return chosenBy(SNICallback, serverName).then((context) => contextOf(context ?? own()));
    },
    ...(tickets === undefined ? {} : { tickets }),
    ...(ocspResponseFor === undefined ? {} : { ocspResponseFor }),
  };
  return rules;
}

/** What `SNICallback` says, at once or later. */
function chosenBy(
  callback: NonNullable<ServerConnectionOptions["SNICallback"]>,
  servername: NonNullable<ClientOffer["serverName"]>,
): Promise<SecureContext | undefined> {
  return new Promise((resolve, reject) => {
    callback(servername, (error, context) => {
      if (error !== null && error !== undefined) reject(error);
      else if (context === null || context === undefined) resolve(undefined);
      else if (context instanceof SecureContext) resolve(context);
      else reject(noContext());
    });
  });
}

function selecting(
  callback: NonNullable<ServerConnectionOptions["ALPNCallback"]>,
): NonNullable<ServerRules["selectAlpnProtocol"]> {
  return ({ serverName, alpnProtocols }) => {
    // As of node:tls, whose types say nothing of a client that asks for no name.
    const servername = (serverName ?? false) as string;
    const chosen = callback({ servername, protocols: [...alpnProtocols] });
    if (chosen !== undefined && !alpnProtocols.includes(chosen)) {
      const cause = notOffered(chosen, alpnProtocols);
      throw new TlsError("internal", "alpn_not_offered", cause.message, { alert: Alert.noApplicationProtocol, cause });
    }
    return chosen;
  };
}
