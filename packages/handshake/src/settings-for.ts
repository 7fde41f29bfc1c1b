import { type Steps, wait } from "@tlskit/crypto";
import {
  applicationLayerProtocolNegotiation,
  type ClientHello,
  extensionIn,
  signatureAlgorithms,
  supportedGroups,
} from "@tlskit/messages";
import { printable } from "@tlskit/wire";
import { hostNameOf } from "./server-name.ts";
import type { ServerHandshakeSettings } from "./settings.ts";
import { versionsOffered } from "./versions.ts";

/** The settings for this client. */
export function* settingsFor<Evidence>(
  settings: ServerHandshakeSettings<Evidence>,
  hello: ClientHello,
  bytes: Uint8Array,
): Steps<ServerHandshakeSettings<Evidence>> {
  if (settings.forClient === undefined) return settings;
  const offer = {
    serverName: hostNameOf(hello),
    alpnProtocols: (extensionIn(hello, applicationLayerProtocolNegotiation) ?? []).map(printable),
    versions: versionsOffered(hello),
    cipherSuites: hello.cipherSuites,
    namedGroups: extensionIn(hello, supportedGroups) ?? [],
    signatureSchemes: extensionIn(hello, signatureAlgorithms) ?? [],
    bytes,
  };
  return yield* wait(settings.forClient(offer));
}
