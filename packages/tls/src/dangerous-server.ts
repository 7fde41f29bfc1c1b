import { check, instanceOf } from "@tlskit/wire/arguments";
import type { VerifiedChain } from "@tlskit/x509";
import { lenientClientVerifier } from "./client-verifier.ts";
import type { ConnectionInfo } from "./connection.ts";
import { ServerContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { ServerConnection, ServerRole, type SettingsOf, settingsByContext } from "./server.ts";
import type { UnverifiedPeer } from "./unverified-peer.ts";

/** What such a server knows of a connection: `peer` tells whether the client was verified. */
export type DangerousServerInfo = ConnectionInfo<VerifiedChain | UnverifiedPeer | undefined>;

const lenientSettings: SettingsOf<VerifiedChain | UnverifiedPeer> =
  /* @__PURE__ */ settingsByContext(lenientClientVerifier);

/**
 * A server's end of a connection whose client may show whatever certificate it likes: one that can't be verified is
 * accepted, and told by `info.peer`, and so is why. It has proved that it has the key of that certificate, and nothing
 * else: for whoever knows clients by their keys, or decides later. A context's `checkClient` is asked about clients that
 * were verified, and one whose certificates are `required` still refuses a client that shows none.
 */
export class DangerousTlsServer extends ServerConnection<VerifiedChain | UnverifiedPeer> {
  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  constructor(context: ServerContext, handlers: ConnectionHandlers<DangerousServerInfo>) {
    check(context, "context", instanceOf(ServerContext, "@tlskit/tls"));
    super(new ServerRole(context, lenientSettings), handlers);
  }
}
