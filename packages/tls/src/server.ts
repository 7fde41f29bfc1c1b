import { type Awaitable, run, type Steps, wait } from "@tlskit/crypto";
import {
  type ClientOffer,
  type Established,
  type HandshakeIo,
  type IdentifiedClient,
  type PeerVerifier,
  type ServerHandshakeSettings,
  serverHandshake,
} from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import { check, instanceOf } from "@tlskit/wire/arguments";
import type { VerifiedChain } from "@tlskit/x509";
import { selectCredential } from "./certificate-credential.ts";
import { attestationsWanted } from "./certificate-trust.ts";
import { type CheckClient, type ClientTrust, clientVerifier } from "./client-verifier.ts";
import { Connection, type ConnectionInfo, type OwnToConnection, type Role } from "./connection.ts";
import { ServerContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { bothKeyLogs } from "./key-log.ts";
import { bindingOf } from "./session-binding.ts";

/**
 * What a server knows of a connection: the client's chain, which was verified, or nothing of a client that showed none: that
 * has a pre-shared key if there is an `externalPsk`.
 */
export type ServerInfo = ConnectionInfo<VerifiedChain | undefined>;

/** What the servers have in common. */
export abstract class ServerConnection<Evidence> extends Connection<Evidence, ConnectionInfo<Evidence | undefined>> {
  readonly #role: ServerRole<Evidence>;

  /** @internal */
  constructor(role: ServerRole<Evidence>, handlers: ConnectionHandlers<ConnectionInfo<Evidence | undefined>>) {
    super(role.context.settings, role, handlers);
    this.#role = role;
  }

  /** The context that the handshake goes by: its own, until `contextFor` has chosen another. */
  get context(): ServerContext {
    return this.#role.context;
  }

  /**
   * RFC 9846 §4.7.2: asks the client for a certificate, after the handshake, by what the context's `clientCertificates`
   * say; the handler `clientAnswered` is told what has come of it, which may take as long as a person takes. A certificate
   * that isn't accepted ends the connection, and so does none where one is `required`.
   * @returns which request it is, for the handler
   * @throws {TlsError} `not_established`; `closed`; `client_not_askable` if the client hasn't offered to be asked, the
   * context says nothing of clients' certificates, or it is HTTP/2, which forbids it (RFC 9113 §9.2.3);
   * `too_many_certificate_requests` while four wait for their answers (the caller's fault)
   */
  requestClientCertificate(): Uint8Array {
    return this.askForCertificate();
  }
}

/** A server's end of a connection. */
export class TlsServer extends ServerConnection<VerifiedChain> {
  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  constructor(context: ServerContext, handlers: ConnectionHandlers<ServerInfo>) {
    check(context, "context", instanceOf(ServerContext, "@tlskit/tls"));
    super(new ServerRole(context, verifiedSettings), handlers);
  }
}

/** What makes a server believe a client. */
type Verifying<Evidence> = (trust: ClientTrust, checkClient: CheckClient | undefined) => PeerVerifier<Evidence>;

/** @internal What a context's handshakes go by. */
export type SettingsOf<Evidence> = (context: ServerContext) => ServerHandshakeSettings<Evidence>;

/** @internal Settings that are made once for a context, and shared by its connections: so they are checked once. */
export function settingsByContext<Evidence>(verifying: Verifying<Evidence>): SettingsOf<Evidence> {
  const made = new WeakMap<ServerContext, ServerHandshakeSettings<Evidence>>();
  return (context) => {
    const known = made.get(context);
    if (known !== undefined) return known;
    const { clientCertificates: policy } = context;
    const settings: ServerHandshakeSettings<Evidence> = {
      ...context.settings,
      selectCredential: (request) => {
        const chosen = selectCredential(context.credentials, request);
        const { ocspResponseFor } = context.settings;
        if (chosen === undefined || ocspResponseFor === undefined || !request.attestations.ocspResponses) return chosen;
        return chosen.stapledBy(ocspResponseFor);
      },
      clientAuthentication: policy && {
        ...policy,
        attestations: attestationsWanted(policy.trust),
        verifyPeer: verifying(policy.trust, policy.checkClient),
      },
      sessionBinding: sessionBinding(context),
    };
    made.set(context, settings);
    return settings;
  };
}

const verifiedSettings: SettingsOf<VerifiedChain> = /* @__PURE__ */ settingsByContext(clientVerifier);

/** @internal A server's part of a connection, whatever makes it believe the client. */
export class ServerRole<Evidence> implements Role<Evidence, ConnectionInfo<Evidence | undefined>> {
  readonly name = "server";
  readonly #context: ServerContext;
  #chosen: ServerContext | undefined;
  readonly #settingsOf: SettingsOf<Evidence>;

  constructor(context: ServerContext, settingsOf: SettingsOf<Evidence>) {
    this.#context = context;
    this.#settingsOf = settingsOf;
  }

  get context(): ServerContext {
    return this.#chosen ?? this.#context;
  }

  handshake(io: HandshakeIo, own: OwnToConnection): Steps<Established<Evidence>> {
    const context = this.#context;
    const { contextFor } = context;
    const settings = this.#settings(context, own);
    if (contextFor === undefined) return serverHandshake(io, settings);
    const forClient = (offer: ClientOffer): Awaitable<ServerHandshakeSettings<Evidence>> =>
      run(this.#settingsOfChosen(contextFor(offer), own));
    return serverHandshake(io, { ...settings, forClient });
  }

  #settings(context: ServerContext, { keyLog, findExternalPsk }: OwnToConnection): ServerHandshakeSettings<Evidence> {
    const settings = this.#settingsOf(context);
    const finds = findExternalPsk !== undefined && typeof settings.externalPsks === "function";
    if (keyLog === undefined && !finds) return settings;
    return {
      ...settings,
      keyLog: bothKeyLogs(settings.keyLog, keyLog),
      externalPsks: finds ? findExternalPsk : settings.externalPsks,
    };
  }

  *#settingsOfChosen(choice: Awaitable<ServerContext>, own: OwnToConnection): Steps<ServerHandshakeSettings<Evidence>> {
    const chosen = yield* wait(choice);
    check(chosen, "what contextFor gave", instanceOf(ServerContext, "@tlskit/tls"));
    // Records are protected by the connection's provider, which has to know every suite that can be chosen.
    if (chosen.settings.provider !== this.#context.settings.provider) {
      throw callerError("unsupported_choice", "contextFor gave a context with another provider");
    }
    this.#chosen = chosen;
    return this.#settings(chosen, own);
  }

  info({ negotiated, peer }: Established<Evidence>): ConnectionInfo<Evidence | undefined> {
    return { role: "server", ...negotiated, peer };
  }

  identified(
    info: ConnectionInfo<Evidence | undefined>,
    { peer, certificate, signatureScheme }: IdentifiedClient<Evidence>,
  ): ConnectionInfo<Evidence | undefined> {
    const clientCertificates = certificate.certificateList.map(({ certData }) => certData);
    return { ...info, peer: peer.evidence, clientCertificates, clientSignatureScheme: signatureScheme };
  }
}

/** What a context's sessions belong to, besides what the handshake sees. */
function sessionBinding({ settings, clientCertificates }: ServerContext): Uint8Array {
  const { sessionContext, alpnProtocols } = settings;
  return bindingOf(sessionContext, alpnProtocols, clientCertificates?.binding ?? "");
}
