import type { Awaitable, Steps } from "@tlskit/crypto";
import {
  type AttestationRequest,
  type ClientHandshakeSettings,
  clientHandshake,
  type Established,
  type HandshakeIo,
  type PeerVerifier,
  type SessionResumption,
} from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aString,
  bytes,
  check,
  checkOptions,
  type Expectations,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import type { ReferenceIdentity, VerifiedChain } from "@tlskit/x509";
import { attestationsWanted, type CertificateTrust } from "./certificate-trust.ts";
import { Connection, type ConnectionInfo, type OwnToConnection, type Role } from "./connection.ts";
import { ClientContext, type ClientContextSettings, checkResumption } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { hostIdentity } from "./host-identity.ts";
import { bothKeyLogs } from "./key-log.ts";
import type { CheckedCertificates } from "./own-certificates.ts";
import { serverVerifier } from "./server-verifier.ts";

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
  /**
   * A session to resume, instead of one out of the context's store: what a handler `session` got, for this server. If it
   * isn't understood, or over, or the server doesn't take it, there is a full handshake. Used twice, it shows whoever looks
   * on that both connections are one client's (RFC 9846 §C.4). The context has to have `resumption`.
   */
  readonly session?: Uint8Array | undefined;
  /**
   * Under what name the context's store has sessions for this server: `host` unless told otherwise. With its port, where
   * several servers have one host.
   */
  readonly sessionsFor?: string | undefined;
  /** Whether no session is resumed, so that the server proves anew who it is. Sessions that come are kept all the same. */
  readonly requireFullHandshake?: boolean | undefined;
}

/** @internal What each client's target has to be. */
export const anyTarget: Expectations<Omit<ClientTarget, "checkServer">> = {
  host: aString,
  sendServerName: optional(aBoolean),
  session: optional(bytes),
  sessionsFor: optional(aString),
  requireFullHandshake: optional(aBoolean),
};
/** @internal The same of a client that asks about servers. */
export const checkedTarget: Expectations<ClientTarget> = { ...anyTarget, checkServer: optional(aFunction) };

/**
 * @internal What a client is made with, at the door.
 * @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault)
 */
export function checkClient(context: ClientContext, target: object, expected: Expectations<object>): void {
  check(context, "context", instanceOf(ClientContext, "@tlskit/tls"));
  checkOptions("target", target, expected);
}

/** What the clients have in common. */
export abstract class ClientConnection<Evidence, Info> extends Connection<Evidence, Info> {
  /**
   * Early data (0-RTT), before `start`: it goes with the first flight if there is a session that allows it, as a whole or
   * not at all, never where the context has no `resumption`. The handler `earlyDataOutcome` is told what became of it, and
   * gets it back unless it was accepted.
   *
   * Whoever sees it on its way can send it to the server again, which may act on it once more; whoever gets at the
   * server's ticket key, even later, can read it. Only for what does no harm when it is done twice.
   * @throws {TlsError} `invalid_argument`; `started`; `no_early_data_handler` (the caller's fault)
   */
  sendEarly(data: Uint8Array): void {
    this.addEarlyData(data);
  }

  /**
   * Begins another handshake in the connection unasked (RFC 5246 §7.4.1.2), of TLS 1.2 or earlier, as the context's
   * `renegotiation` makes it; the handlers `renegotiating` and `renegotiated` tell of it. Few servers let clients do so: a server
   * that says so, by `no_renegotiation`, has ended the connection by it.
   * @throws {TlsError} `not_established`, `closed`; `no_renegotiation` where the connection can't be renegotiated: without
   *   `renegotiation` or with a server without what that needs, in TLS 1.3 and under HTTP/2, ten times in a connection, and while
   *   another handshake is under way (the caller's fault)
   */
  renegotiate(): void {
    this.wantHandshake();
  }
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
export class TlsClient extends ClientConnection<VerifiedChain, ClientInfo> {
  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host`, `no_resumption` (the caller's fault) */
  constructor(context: ClientContext, target: ClientTarget, handlers: ConnectionHandlers<ClientInfo>) {
    checkClient(context, target, checkedTarget);
    const verifier = serverVerifier(context.trust, target.host, target.checkServer);
    super(context.settings, new VerifyingClientRole(context, target, verifier), handlers);
  }
}

/** What a client's role needs of its context. */
interface RoleContext {
  readonly settings: ClientContextSettings;
  /** What certificates are verified by; nothing where none is accepted. */
  readonly trust: CertificateTrust | undefined;
  /** What is shown to servers that ask; nothing if nothing is. */
  readonly ownCertificates: CheckedCertificates | undefined;
  /** What sessions belong to besides their server. */
  readonly sessionBinding: () => Uint8Array | undefined;
}

/** @internal A client's part of a connection, whatever makes it believe the server. */
export abstract class ClientRole<Evidence, Info> implements Role<Evidence, Info> {
  readonly name = "client";
  readonly #settings: ClientContextSettings;
  readonly #ownCertificates: CheckedCertificates | undefined;
  readonly #sessionBinding: () => Uint8Array | undefined;
  readonly #attestations: AttestationRequest | undefined;
  readonly #sendServerName: boolean;
  readonly #host: ReferenceIdentity;
  readonly #verifier: PeerVerifier<Evidence> | undefined;
  readonly #target: ClientTarget;

  /** @param verifier of certificates; nothing where none is accepted. */
  constructor(
    { settings, trust, ownCertificates, sessionBinding }: RoleContext,
    target: ClientTarget,
    verifier: PeerVerifier<Evidence> | undefined,
  ) {
    const { host, sendServerName = true } = target;
    checkResumption(target.session, settings.resumption);
    this.#settings = settings;
    this.#ownCertificates = ownCertificates;
    this.#sessionBinding = sessionBinding;
    this.#attestations = trust && attestationsWanted(trust);
    this.#target = target;
    this.#sendServerName = sendServerName;
    this.#host = hostIdentity(host);
    this.#verifier = verifier;
  }

  abstract info(established: Established<Evidence>): Info;

  handshake(io: HandshakeIo, own: OwnToConnection): Steps<Established<Evidence>> {
    return clientHandshake(io, this.#handshakeSettings(own));
  }

  /** Another handshake after the last one; nothing if there is to be none. */
  renegotiate(
    io: HandshakeIo,
    own: OwnToConnection,
    previous: Established<Evidence>,
  ): Steps<Established<Evidence>> | undefined {
    const { renegotiation } = this.#settings;
    if (renegotiation?.mayFollow(previous) !== true) return undefined;
    return renegotiation.handshake(io, this.#handshakeSettings(own), previous);
  }

  #handshakeSettings({ earlyDataLength, session, keyLog }: OwnToConnection): ClientHandshakeSettings<Evidence> {
    const host = this.#host;
    return {
      ...this.#settings,
      keyLog: bothKeyLogs(this.#settings.keyLog, keyLog),
      // RFC 9846 §9.2#server-name; RFC 6066 §3#sent, §3#kept, RFC 9325 §3.7#server-name: names alone, no addresses.
      serverName: this.#sendServerName && "dnsName" in host ? host.dnsName : undefined,
      verifyPeer: this.#verifier,
      attestations: this.#attestations,
      selectCredential: this.#ownCertificates?.select,
      sessionBinding: this.#sessionBinding(),
      sessions: this.#sessions(session),
      earlyDataLength,
    };
  }

  /** Where sessions come from and go to; nothing if nobody wants any. */
  #sessions(told: ((session: Uint8Array) => void) | undefined): SessionResumption | undefined {
    const { sessions: store, resumption } = this.#settings;
    const { host, session, sessionsFor = host, requireFullHandshake = false } = this.#target;
    if (store === undefined && session === undefined && told === undefined) return undefined;
    return resumption?.({
      take: () => (requireFullHandshake ? undefined : (session ?? store?.take(sessionsFor))),
      keep: (bytes, expiresAt) => {
        // Whoever is told may do with it as he likes, and the store is to know it again.
        told?.(store === undefined ? bytes : bytes.slice());
        return store?.put(sessionsFor, bytes, expiresAt);
      },
      forget: (bytes) => store?.forget(sessionsFor, bytes),
    });
  }
}

/** @internal The part of a client that believes a server by its certificate alone. */
export class VerifyingClientRole<Evidence> extends ClientRole<Evidence, ConnectionInfo<Evidence>> {
  info(established: Established<Evidence>): ConnectionInfo<Evidence> {
    const { peer } = established;
    if (peer === undefined)
      throw callerError("unverified", "a client's handshake never ends without a verified server");
    return { role: "client", ...established.negotiated, peer };
  }
}
