import type { Established } from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import { check, checkOptions, instanceOf } from "@tlskit/wire/arguments";
import type { VerifiedChain } from "@tlskit/x509";
import { ClientConnection, ClientRole, type ClientTarget, checkedTarget } from "./client.ts";
import type { ConnectionInfo } from "./connection.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { PskClientContext } from "./psk-client-context.ts";
import { serverVerifier } from "./server-verifier.ts";

/**
 * What a client with pre-shared keys knows of a connection: `externalPsk` is the one that the server has, or `peer` what its
 * certificate was verified by. One of the two is always there.
 */
export type PskClientInfo = ConnectionInfo<VerifiedChain | undefined>;

/**
 * A client's end of a connection to a server that has one of its pre-shared keys; or, if its context has `anchors`, one that
 * shows a certificate instead.
 * ```ts
 * const psk = new ExternalPsk({ identity: asciiBytes("client 1"), key });
 * const context = new PskClientContext({ provider, random, clock, externalPsks: [psk] });
 * const client = new PskClient(context, { host: "example.com" }, handlers);
 * client.start();
 * ```
 */
export class PskClient extends ClientConnection<VerifiedChain, PskClientInfo> {
  /**
   * @param target whose `checkServer` is asked about certificates alone.
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host` (the caller's fault)
   */
  constructor(context: PskClientContext, target: ClientTarget, handlers: ConnectionHandlers<PskClientInfo>) {
    check(context, "context", instanceOf(PskClientContext, "@tlskit/tls"));
    checkOptions<object>("target", target, checkedTarget);
    const { settings, trust } = context;
    const verifier = trust && serverVerifier(trust, target.host, target.checkServer);
    super(settings, new PskClientRole(context, target, verifier), handlers);
  }
}

class PskClientRole extends ClientRole<VerifiedChain, PskClientInfo> {
  info({ peer, negotiated }: Established<VerifiedChain>): PskClientInfo {
    if (peer === undefined && negotiated.externalPsk === undefined) {
      throw callerError("unverified", "a client's handshake never ends without a verified server");
    }
    return { role: "client", ...negotiated, peer };
  }
}
