import type { Awaitable, Steps } from "@tlskit/crypto";
import { clientHandshake, type Established, type HandshakeIo, type PeerVerifier } from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aString,
  check,
  checkOptions,
  type Expectations,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import type { ReferenceIdentity, VerifiedChain } from "@tlskit/x509";
import { Connection, type ConnectionInfo, type Role } from "./connection.ts";
import { ClientContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { hostIdentity } from "./host-identity.ts";
import { type ServerTrust, serverVerifier } from "./server-verifier.ts";

/** What a client knows of a connection: the server's certificate was verified, always. */
export type ClientInfo = ConnectionInfo<VerifiedChain>;

/** Whom one connection is to. */
export interface ClientTarget {
  /** The host that the server's certificate must be for: a DNS name (A-labels), which is also sent to it, or an IP address. */
  readonly host: string;
  /** Whether a DNS name is sent to the server (server_name), in the clear. It is unless told otherwise. */
  readonly sendServerName?: boolean | undefined;
  /**
   * Asked about the server when its chain has been verified, before it is believed: for what the application wants
   * besides, such as a key that it knows. It may answer later.
   * @throws {TlsError} made by `peerError`, to refuse the server with an alert, such as `certificate_unknown`; anything
   * else that it throws is `internal_error` for the server
   */
  readonly checkServer?: ((chain: VerifiedChain) => Awaitable<void>) | undefined;
}

const anyTarget: Expectations<Omit<ClientTarget, "checkServer">> = {
  host: aString,
  sendServerName: optional(aBoolean),
};
const checkedTarget: Expectations<ClientTarget> = { ...anyTarget, checkServer: optional(aFunction) };

/**
 * @internal What a client is made with, at the door.
 * @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault)
 */
export function checkClient(
  context: ClientContext,
  target: Omit<ClientTarget, "checkServer">,
  asksAboutServers: boolean,
): void {
  check(context, "context", instanceOf(ClientContext, "@tlskit/tls"));
  checkOptions<object>("target", target, asksAboutServers ? checkedTarget : anyTarget);
}

/**
 * A client's end of a connection.
 * ```ts
 * const client = new TlsClient(context, { host: "example.com" }, {
 *   ciphertext: (bytes) => wire.write(bytes),
 *   plaintext: (bytes) => app.push(bytes),
 *   closed: (error) => app.end(error),
 * });
 * client.start();
 * client.receive(bytesFromPeer);
 * ```
 */
export class TlsClient extends Connection<VerifiedChain, ClientInfo> {
  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host` (the caller's fault) */
  constructor(context: ClientContext, target: ClientTarget, handlers: ConnectionHandlers<ClientInfo>) {
    checkClient(context, target, true);
    super(context.settings, new ClientRole(context, target, serverVerifier), handlers);
  }
}

/** @internal A client's part of a connection, whatever makes it believe the server. */
export class ClientRole<Evidence> implements Role<Evidence, ConnectionInfo<Evidence>> {
  readonly name = "client";
  readonly #context: ClientContext;
  readonly #sendServerName: boolean;
  readonly #host: ReferenceIdentity;
  readonly #verifier: PeerVerifier<Evidence>;

  constructor(
    context: ClientContext,
    { host, sendServerName = true, checkServer }: ClientTarget,
    verifier: (trust: ServerTrust, host: string, checkServer: ClientTarget["checkServer"]) => PeerVerifier<Evidence>,
  ) {
    this.#context = context;
    this.#sendServerName = sendServerName;
    this.#host = hostIdentity(host);
    this.#verifier = verifier(context.trust, host, checkServer);
  }

  handshake(io: HandshakeIo): Steps<Established<Evidence>> {
    const host = this.#host;
    return clientHandshake(io, {
      ...this.#context.settings,
      // RFC 9846 §9.2#server-name; RFC 6066 §3: names alone, no addresses.
      serverName: this.#sendServerName && "dnsName" in host ? host.dnsName : undefined,
      verifyPeer: this.#verifier,
    });
  }

  info(established: Established<Evidence>): ConnectionInfo<Evidence> {
    const { peer } = established;
    if (peer === undefined)
      throw callerError("unverified", "a client's handshake never ends without a verified server");
    return { role: "client", ...established.negotiated, peer };
  }
}
