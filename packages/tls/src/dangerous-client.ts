import type { Awaitable } from "@tlskit/crypto";
import { aBoolean, aFunction, type Expectations, optional } from "@tlskit/wire/arguments";
import type { VerifiedChain } from "@tlskit/x509";
import { anyTarget, ClientConnection, type ClientTarget, checkClient, VerifyingClientRole } from "./client.ts";
import type { ConnectionInfo } from "./connection.ts";
import type { ClientContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { lenientServerVerifier } from "./server-verifier.ts";
import type { UnverifiedPeer } from "./unverified-peer.ts";

/** What such a client knows of a connection: `peer` tells whether the server was verified. */
export type DangerousClientInfo = ConnectionInfo<VerifiedChain | UnverifiedPeer>;

/** Whom such a client connects to, and what decides instead of the verification. */
export interface DangerousClientTarget extends Omit<ClientTarget, "checkServer"> {
  /**
   * Whether the certificate has to be for `host` to be verified. It has to unless told otherwise: with `false` a chain that
   * is verified may be anybody's, and `judge` has to look at the name.
   */
  readonly nameChecked?: boolean | undefined;
  /**
   * Asked about whoever answers, verified or not, in the handshake, before anything else goes out: for hosts that have rules of
   * their own. It may answer later. Without it everybody is accepted.
   * @throws {TlsError} made by `peerError`, to refuse the server with an alert, such as the `refusal` of an `UnverifiedPeer`;
   *   anything else that it throws is `internal_error` for the server
   */
  readonly judge?: ((peer: VerifiedChain | UnverifiedPeer) => Awaitable<void>) | undefined;
}

const judgedTarget: Expectations<DangerousClientTarget> = {
  ...anyTarget,
  nameChecked: optional(aBoolean),
  judge: optional(aFunction),
};

/**
 * A client's end of a connection to whoever answers: a server whose certificate can't be verified is accepted, and told
 * by `info.peer`, unless `judge` refuses it. Whoever is between the two ends can read and change everything. For tests of
 * one's own servers, and for hosts that judge themselves.
 */
export class DangerousTlsClient extends ClientConnection<VerifiedChain | UnverifiedPeer, DangerousClientInfo> {
  /**
   * @param target without a `checkServer`: who accepts everybody has nothing to ask.
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host` (the caller's fault)
   */
  constructor(
    context: ClientContext,
    target: DangerousClientTarget,
    handlers: ConnectionHandlers<DangerousClientInfo>,
  ) {
    checkClient(context, target, judgedTarget);
    const { host, nameChecked = true, judge } = target;
    const verifier = lenientServerVerifier(context.trust, nameChecked ? host : undefined, judge);
    super(context.settings, new VerifyingClientRole(context, target, verifier), handlers);
  }
}
