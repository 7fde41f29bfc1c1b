import { Alert, type ClientOffer, peerError } from "@tlskit/tls";
import type { ServerConnectionOptions } from "./options.ts";
import type { SecureContext, ServerRules } from "./secure-context.ts";

/** Milliseconds that a handshake may take at a server, as in `node:tls`. */
const defaultHandshakeTimeout = 120_000;

/**
 * What a server asks of its connections, made once for each server.
 * @param own gives the context for whoever asks for no name, or for one that nobody has.
 * @param named gives the context for a name, from `addContext`.
 */
export function serverRules(
  options: ServerConnectionOptions,
  own: () => SecureContext,
  named: (servername: string) => SecureContext | undefined = () => undefined,
): ServerRules {
  const { requestCert, rejectUnauthorized, sessionIdContext, handshakeTimeout = defaultHandshakeTimeout } = options;
  const rules: ServerRules = {
    requestCert,
    rejectUnauthorized: requestCert === true ? rejectUnauthorized : undefined,
    sessionContext: sessionIdContext,
    handshakeTimeout,
    contextFor: async (offer) => {
      const context = await chosenContext(options, offer, own, named);
      return context.serverContext(rules, chosenProtocols(options, offer));
    },
  };
  return rules;
}

/** By the name that the client asks for, as `SNICallback` says, or `addContext` has said. */
async function chosenContext(
  { SNICallback }: ServerConnectionOptions,
  { serverName }: ClientOffer,
  own: () => SecureContext,
  named: (servername: string) => SecureContext | undefined,
): Promise<SecureContext> {
  if (serverName === undefined) return own();
  if (SNICallback === undefined) return named(serverName) ?? own();
  return await new Promise((resolve, reject) => {
    SNICallback(serverName, (error, context) => {
      if (error !== null && error !== undefined) reject(error);
      else resolve(context ?? own());
    });
  });
}

/** What the server's protocol is chosen from. */
function chosenProtocols(
  { ALPNCallback, ALPNProtocols }: ServerConnectionOptions,
  { serverName = "", alpnProtocols }: ClientOffer,
): ServerConnectionOptions["ALPNProtocols"] {
  if (ALPNCallback === undefined || alpnProtocols === undefined) return ALPNProtocols;
  const chosen = ALPNCallback({ servername: serverName, protocols: [...alpnProtocols] });
  if (chosen === undefined) {
    throw peerError("no_application_protocol", Alert.noApplicationProtocol, "ALPNCallback takes none of the protocols");
  }
  return [chosen];
}
