import { applicationLayerProtocolNegotiation, extensionIn, type HasExtensions } from "@tlskit/messages";
import { asciiBytes, decodeError, equalBytes, printable } from "@tlskit/wire";
import { illegalParameter } from "./extension-rules.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** RFC 7301 §3.1: the application protocol that a server has chosen, if it has: one of those that were offered. */
export function chosenAlpnProtocol(
  context: ClientHandshakeSettings<unknown>,
  message: HasExtensions,
): string | undefined {
  const chosen = extensionIn(message, applicationLayerProtocolNegotiation);
  if (chosen === undefined) return undefined;
  const [protocol] = chosen;
  if (protocol === undefined || chosen.length !== 1) {
    throw decodeError(`the server chose ${chosen.length} application protocols, not one`);
  }
  const name = context.alpnProtocols.find((offered) => equalBytes(asciiBytes(offered), protocol));
  if (name === undefined) {
    throw illegalParameter(
      "alpn_not_offered",
      `the server chose the application protocol ${printable(protocol)}, which was not offered`,
    );
  }
  return name;
}
