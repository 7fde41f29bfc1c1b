/**
 * Other handshakes in a connection of a version before TLS 1.3, when the server asks for one or the client wants one (RFC
 * 5746): an entry of its own, so that nobody has it who doesn't ask for it.
 * @module
 */
import {
  dangerouslyRenegotiatingClient,
  mayBeDangerouslyRenegotiated,
  mayBeRenegotiated,
  renegotiatingClient,
} from "@tlskit/handshake";

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

/**
 * The same with servers that haven't got extended_main_secret, as RFC 7627 §5.4 forbids: somebody in between who has made two
 * connections have one secret can put the one in front of the other (the triple handshake attack). To find out what a server
 * does, with nothing in the connection that anybody could want.
 */
export const dangerousRenegotiation: Renegotiation = {
  mayFollow: mayBeDangerouslyRenegotiated,
  handshake: dangerouslyRenegotiatingClient,
};
