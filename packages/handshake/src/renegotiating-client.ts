import type { Steps } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { clientHandshake } from "./client.ts";
import type { Established } from "./established.ts";
import { illegalParameter } from "./extension-rules.ts";
import type { HandshakeIo } from "./io.ts";
import { isMultiplexed } from "./multiplexed.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/**
 * RFC 5246 §7.4.1.1, RFC 5746 §3.5: a client's next handshake in a connection of a version before TLS 1.3, for which the
 * server has asked. It is a full one, protected by what the last one has left, and bound to it. Version, application
 * protocol, server name and the server's certificates stay what they are; what the server may ask for now is the client's.
 * @param context that of the last handshake.
 * @throws {TlsError} `no_renegotiation` (the caller's fault) where {@link mayBeRenegotiated} says no
 */
export function* renegotiatingClient<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  previous: Established<Evidence>,
): Steps<Established<Evidence>> {
  const { version, alpnProtocol } = previous.negotiated;
  if (!mayBeRenegotiated(previous)) throw callerError("no_renegotiation", "the connection can't be renegotiated");
  const next = yield* clientHandshake(io, {
    ...context,
    versions: context.versions.filter(({ code }) => code === version),
    alpnProtocols: alpnProtocol === undefined ? [] : [alpnProtocol],
    // What another connection could resume would be of a client that this one hadn't identified yet, or the reverse.
    sessions: undefined,
    earlyDataLength: undefined,
    renegotiates: previous,
  });
  // Beside the certificates, which are looked at when they come, what shows who the server is.
  if (next.negotiated.externalPsk !== previous.negotiated.externalPsk) {
    throw illegalParameter("external_psk_changed", "the server has another pre-shared key in a later handshake");
  }
  return next;
}

/**
 * RFC 5746 §4.2#refused, RFC 7627 §5.4#no-renegotiation: whether a later handshake of a client can be bound to this one, so
 * that nobody can put a connection of theirs in front of it. HTTP/2 forbids it (RFC 9113 §9.2.1).
 */
export function mayBeRenegotiated({
  negotiated,
  secrets,
}: Pick<Established<unknown>, "negotiated" | "secrets">): boolean {
  if (isMultiplexed(negotiated.alpnProtocol)) return false;
  return secrets.type === "earlier" && secrets.extendedMainSecret && secrets.renegotiation !== undefined;
}
