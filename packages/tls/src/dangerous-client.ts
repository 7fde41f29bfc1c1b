import type { VerifiedChain } from "@tlskit/x509";
import { ClientConnection, type ClientTarget, checkClient, VerifyingClientRole } from "./client.ts";
import type { ConnectionInfo } from "./connection.ts";
import type { ClientContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { lenientServerVerifier } from "./server-verifier.ts";
import type { UnverifiedPeer } from "./unverified-peer.ts";

/** What such a client knows of a connection: `peer` tells whether the server was verified. */
export type DangerousClientInfo = ConnectionInfo<VerifiedChain | UnverifiedPeer>;

/**
 * A client's end of a connection to whoever answers: a server whose certificate can't be verified is accepted, and told
 * by `info.peer`. Whoever is between the two ends can read and change everything. For tests of one's own servers.
 */
export class DangerousTlsClient extends ClientConnection<VerifiedChain | UnverifiedPeer, DangerousClientInfo> {
  /**
   * @param target without a `checkServer`: who accepts everybody has nothing to ask.
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host` (the caller's fault)
   */
  constructor(
    context: ClientContext,
    target: Omit<ClientTarget, "checkServer">,
    handlers: ConnectionHandlers<DangerousClientInfo>,
  ) {
    checkClient(context, target, false);
    const verifier = lenientServerVerifier(context.trust, target.host);
    super(context.settings, new VerifyingClientRole(context, target, verifier), handlers);
  }
}
