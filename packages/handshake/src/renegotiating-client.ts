import type { Steps } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { clientHandshake } from "./client.ts";
import { keepingNone } from "./client-resumption.ts";
import { noEarlyData } from "./early-data-offer.ts";
import type { Established, RenegotiationState } from "./established.ts";
import type { HandshakeIo } from "./io.ts";
import { isMultiplexed } from "./multiplexed.ts";
import type { SessionResumption } from "./session-resumption.ts";
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
  return yield* boundHandshake(io, context, previous, boundTo(previous));
}

/**
 * The same where there is no extended main secret either: bound by renegotiation_info alone, so that somebody in between who
 * has made two connections have one secret can put the one in front of the other (RFC 7627 §1).
 * @throws {TlsError} `no_renegotiation` (the caller's fault) where {@link mayBeDangerouslyRenegotiated} says no
 */
export function* dangerouslyRenegotiatingClient<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  previous: Established<Evidence>,
): Steps<Established<Evidence>> {
  return yield* boundHandshake(io, context, previous, stateOf(previous));
}

function* boundHandshake<Evidence>(
  io: HandshakeIo,
  context: ClientHandshakeSettings<Evidence>,
  { negotiated }: Established<Evidence>,
  state: RenegotiationState | undefined,
): Steps<Established<Evidence>> {
  if (state === undefined) throw callerError("no_renegotiation", "the connection can't be renegotiated");
  const { version, alpnProtocol } = negotiated;
  return yield* clientHandshake(io, {
    ...context,
    versions: context.versions.filter(({ code }) => code === version),
    alpnProtocols: alpnProtocol === undefined ? [] : [alpnProtocol],
    sessions: neitherTakenNorKept,
    earlyDataLength: undefined,
    renegotiates: { ...state, negotiated },
  });
}

/**
 * What another connection could resume would be of a client that this one hadn't identified yet, or the reverse. A ticket is
 * asked for all the same: GnuTLS sends one in a later handshake whether or not it is.
 */
const neitherTakenNorKept: SessionResumption = {
  // biome-ignore lint/correctness/useYield: the others may have to wait, this one has nothing to wait for
  *recall() {
    return undefined;
  },
  offer: () => {
    throw callerError("no_renegotiation", "a handshake in a connection offers no session");
  },
  earlyData: () => noEarlyData,
  keeping: () => keepingNone,
  keepingOne: () => keepingNone,
};

/** Whether a client may make another handshake behind this one. HTTP/2 forbids it (RFC 9113 §9.2.1). */
export function mayBeRenegotiated(previous: Pick<Established<unknown>, "negotiated" | "secrets">): boolean {
  return boundTo(previous) !== undefined && !isMultiplexed(previous.negotiated.alpnProtocol);
}

/** The same without regard to the extended main secret. */
export function mayBeDangerouslyRenegotiated(previous: Pick<Established<unknown>, "negotiated" | "secrets">): boolean {
  return stateOf(previous) !== undefined && !isMultiplexed(previous.negotiated.alpnProtocol);
}

/**
 * RFC 5746 §4.2#refused, RFC 7627 §5.4#no-renegotiation: what another handshake is bound to, so that nobody can put a
 * connection of theirs in front of it; nothing without the extended main secret, which that takes.
 */
function boundTo(previous: Pick<Established<unknown>, "secrets">): RenegotiationState | undefined {
  const state = stateOf(previous);
  return state?.extendedMainSecret === true ? state : undefined;
}

function stateOf({ secrets }: Pick<Established<unknown>, "secrets">): RenegotiationState | undefined {
  return secrets.type === "earlier" ? secrets.renegotiation : undefined;
}
