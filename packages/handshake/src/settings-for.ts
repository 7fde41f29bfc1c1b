import { type Steps, wait } from "@tlskit/crypto";
import {
  applicationLayerProtocolNegotiation,
  type ClientHello,
  extensionIn,
  signatureAlgorithms,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, peerError, printable } from "@tlskit/wire";
import { hostNameOf } from "./server-name.ts";
import type { ServerHandshakeSettings } from "./settings.ts";
import { namesOf, versionsOffered } from "./versions.ts";

/**
 * The settings for this client.
 * @param version that the handshake has come to, by `settings`.
 * @throws {TlsError} `protocol_version` for settings that haven't got it, and what `forClient` throws
 */
export function* settingsFor<Evidence>(
  settings: ServerHandshakeSettings<Evidence>,
  hello: ClientHello,
  bytes: Uint8Array,
  version: number,
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
  const chosen = yield* wait(settings.forClient(offer));
  // RFC 9846 §6.2: otherwise a host that has given up a version would have it by another one's leave.
  if (!chosen.versions.some(({ code }) => code === version)) {
    throw peerError(
      "protocol_version",
      Alert.protocolVersion,
      `only ${namesOf(chosen.versions)} is accepted for what the client asks for`,
    );
  }
  return chosen;
}
