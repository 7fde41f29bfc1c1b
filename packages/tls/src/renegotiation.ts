/**
 * Other handshakes in a connection of a version before TLS 1.3, when the server asks for one (RFC 5746): an entry of its
 * own, so that nobody has it who doesn't ask for it.
 * @module
 */
import { mayBeRenegotiated, renegotiatingClient } from "@tlskit/handshake";

/** How a client makes another handshake in a connection. */
export interface Renegotiation {
  /** @internal Whether there may be another one after this one. */
  readonly mayFollow: typeof mayBeRenegotiated;
  /** @internal */
  readonly handshake: typeof renegotiatingClient;
}

/**
 * For the option `renegotiation` of a client's context, whose servers of TLS 1.2 or earlier still ask: to learn who a client
 * is that wants more than others, most of all. Only where both sides have renegotiation_info and extended_main_secret.
 */
export const renegotiation: Renegotiation = { mayFollow: mayBeRenegotiated, handshake: renegotiatingClient };
