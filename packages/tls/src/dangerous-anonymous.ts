/**
 * TLS 1.2 with nobody in particular: key exchanges for the anonymous suites of `@tlskit/ciphersuites/dangerous`, and the client
 * that offers them. Whoever is between the two ends reads and changes everything, and neither notices. They are apart, so
 * that nobody has them who doesn't ask for them.
 * @module
 */
import { isAnonymous } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { clientHandshake, type Established, type HandshakeIo } from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aString,
  check,
  checkOptions,
  type Expectations,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import type { ClientTarget } from "./client.ts";
import { Connection, type ConnectionInfo, type OwnToConnection, type Role } from "./connection.ts";
import { type ClientContextSettings, type ClientOptions, clientContextSettings, ofClients } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { hostIdentity } from "./host-identity.ts";
import { bothKeyLogs } from "./key-log.ts";

export { dangerousDhAnon, dangerousEcdhAnon } from "@tlskit/handshake";

/** What such a client is given. */
export interface DangerousAnonymousOptions
  extends Pick<
    ClientOptions,
    | "provider"
    | "random"
    | "clock"
    | "namedGroups"
    | "alpnProtocols"
    | "keyLog"
    | "handshakeTimeout"
    | "recordSize"
    | "recordPadding"
    | "allocate"
  > {
  /**
   * With anonymous suites alone: `[tls12With({ cipherSuites: [TLS_ECDH_anon_WITH_AES_128_CBC_SHA], keyExchanges:
   * [dangerousEcdhAnon], cbc })]`.
   */
  readonly versions: NonNullable<ClientOptions["versions"]>;
}

const expected: Expectations<DangerousAnonymousOptions> = {
  provider: ofClients.provider,
  random: ofClients.random,
  clock: ofClients.clock,
  namedGroups: ofClients.namedGroups,
  alpnProtocols: ofClients.alpnProtocols,
  keyLog: ofClients.keyLog,
  handshakeTimeout: ofClients.handshakeTimeout,
  recordSize: ofClients.recordSize,
  recordPadding: ofClients.recordPadding,
  allocate: ofClients.allocate,
  versions: ofClients.versions,
};

/** The settings of a client that asks nobody who they are, checked: made once, shared by any number of connections. */
export class DangerousAnonymousContext {
  /** What was given, completed: what handshakes and connections go by. */
  readonly settings: ClientContextSettings;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range`; `unsupported_choice` for a version that has
   *   other suites than anonymous ones, as TLS 1.3 has (the caller's fault)
   */
  constructor(options: DangerousAnonymousOptions) {
    checkOptions("DangerousAnonymousContext", options, expected);
    this.settings = clientContextSettings(options, true);
    for (const { name, earlier } of this.settings.versions) {
      const suites = earlier?.cipherSuites(options.provider) ?? [];
      if (suites.length > 0 && suites.every(isAnonymous)) continue;
      throw callerError("unsupported_choice", `versions has ${name} with other suites than anonymous ones`);
    }
  }
}

/** What such a client knows of a connection: nothing of who the server is. */
export type DangerousAnonymousInfo = ConnectionInfo<undefined>;

/**
 * A client's end of a connection to whoever answers, without any certificate: `info.peer` is nothing, always. For looking at old
 * devices, and for tests of one's own servers.
 */
export class DangerousAnonymousClient extends Connection<never, DangerousAnonymousInfo> {
  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host` (the caller's fault) */
  constructor(
    context: DangerousAnonymousContext,
    target: Pick<ClientTarget, "host" | "sendServerName">,
    handlers: ConnectionHandlers<DangerousAnonymousInfo>,
  ) {
    check(context, "context", instanceOf(DangerousAnonymousContext, "@tlskit/tls/dangerous-anonymous"));
    checkOptions<object>("target", target, { host: aString, sendServerName: optional(aBoolean) });
    super(context.settings, new AnonymousRole(context.settings, target), handlers);
  }
}

class AnonymousRole implements Role<never, DangerousAnonymousInfo> {
  readonly name = "client";
  readonly #settings: ClientContextSettings;
  readonly #serverName: string | undefined;

  constructor(
    settings: ClientContextSettings,
    { host, sendServerName = true }: Pick<ClientTarget, "host" | "sendServerName">,
  ) {
    this.#settings = settings;
    const identity = hostIdentity(host);
    this.#serverName = sendServerName && "dnsName" in identity ? identity.dnsName : undefined;
  }

  handshake(io: HandshakeIo, { keyLog }: OwnToConnection): Steps<Established<never>> {
    return clientHandshake<never>(io, {
      ...this.#settings,
      keyLog: bothKeyLogs(this.#settings.keyLog, keyLog),
      serverName: this.#serverName,
      verifyPeer: undefined,
      sessions: undefined,
      dangerouslyAnonymous: true,
    });
  }

  info({ negotiated }: Established<never>): DangerousAnonymousInfo {
    return { role: "client", ...negotiated, peer: undefined };
  }
}
