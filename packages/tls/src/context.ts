import type { Awaitable } from "@tlskit/crypto";
import {
  type ClientHandshakeOptions,
  type ClientOffer,
  type ClientSessions,
  type ClientSettings,
  clientExpectations,
  clientSettings,
  hasExternalPsks,
  type ServerHandshakeOptions,
  type ServerSettings,
  type SessionResumption,
  serverExpectations,
  serverSettings,
} from "@tlskit/handshake";
import { ClientHello, messageLimits } from "@tlskit/messages";
import { maxPlaintextLength, newBuffer } from "@tlskit/record";
import type { SessionStore } from "@tlskit/sessions";
import { callerError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  anObject,
  anything,
  aString,
  checkOptions,
  type Expectations,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { CertificateCredential, type CertificateWithKey, type OcspResponseFor } from "./certificate-credential.ts";
import { certificateTrust, type TrustOptions, trustOptionsExpected } from "./certificate-trust.ts";
import {
  type ClientCertificatePolicy,
  type ClientCertificates,
  clientCertificatePolicy,
} from "./client-certificates.ts";
import type { ConnectionSettings } from "./connection.ts";
import { defaultHandshakeTimeout } from "./limits.ts";
import type { CheckedCertificates, OwnCertificates } from "./own-certificates.ts";
import { checkedRecordSize } from "./record-size.ts";
import type { Renegotiation } from "./renegotiation.ts";
import type { ServerTrust } from "./server-verifier.ts";
import { clientSessionBinding } from "./session-binding.ts";
import { type TlsVersion, tls13 } from "./version.ts";

/** What both roles are given besides what is the handshake's. */
interface ContextOptions extends Pick<ConnectionSettings, "clock"> {
  readonly versions?: ConnectionSettings["versions"] | undefined;
  readonly handshakeTimeout?: ConnectionSettings["handshakeTimeout"] | undefined;
  readonly recordSize?: ConnectionSettings["recordSize"] | undefined;
  readonly recordPadding?: ConnectionSettings["recordPadding"];
  readonly allocate?: ConnectionSettings["allocate"] | undefined;
}

/** What a client is given. */
export interface ClientOptions extends Omit<ClientHandshakeOptions, "versions">, ContextOptions, TrustOptions {
  /**
   * Where sessions are kept that connections resume: `new MemorySessionStore({ clock })` of `@tlskit/sessions`, or anything
   * that gives each once. The same one can serve several contexts: each verifies a session's certificate by its own trust.
   * None unless told otherwise: then sessions are resumed only if a target has one. It needs `resumption` beside it.
   */
  readonly sessions?: SessionStore | undefined;
  /**
   * `resumption` of this package: sessions are resumed, those of `sessions` and of targets, and kept, and the handler `session`
   * is told of them; early data goes with them. Without it there are full handshakes alone, and nothing of this is bundled.
   */
  readonly resumption?: ((sessions: ClientSessions) => SessionResumption) | undefined;
  /**
   * What is shown to a server that asks for a certificate: `ownCertificates([{ chain, key }])`, or `ownCertificates` of a
   * function that chooses. Nothing unless told.
   */
  readonly certificates?: OwnCertificates | undefined;
  /**
   * `renegotiation` of `@tlskit/tls/renegotiation`: another handshake is made in a connection of TLS 1.2 or earlier when the
   * server asks for one, ten times at most (RFC 5746). Meanwhile what is sent waits. HTTP/2 forbids it (RFC 9113
   * §9.2.1). Without it, and beyond that, the server is told `no_renegotiation`, and the connection goes on.
   */
  readonly renegotiation?: Renegotiation | undefined;
  /**
   * What sessions belong to besides the server and the certificates that there are to show: another text means other
   * sessions. Contexts with a choice of certificates that share `sessions` and choose alike have one in common; without it their
   * sessions are theirs alone, since under another's the server would take them for whom that has shown.
   */
  readonly sessionContext?: string | undefined;
}

/** What a server is given. */
export interface ServerOptions extends Omit<ServerHandshakeOptions, "versions">, ContextOptions {
  /**
   * At least one, but with `externalPsks` (or suites that are called dangerous): without any, only clients that have one of these succeed. The first is for
   * clients that name nobody whom the others are for.
   */
  readonly certificates: readonly CertificateWithKey[];
  /** Whom clients are asked to be. Unless told otherwise they are asked nothing, and anybody. */
  readonly clientCertificates?: ClientCertificates | undefined;
  /**
   * Bytes that the body of a ClientHello may have: 2^16 unless told otherwise, 131,396 at most, which is all that there
   * can be. A longer one ends the connection.
   */
  readonly maxClientHelloLength?: number | undefined;
  /**
   * Gives an OCSP response to show beside the certificate that was chosen, to a client that wants one, at once or later: the
   * handshake waits for it. It is shown as it is. Nothing: what the certificate's own `ocspStaple` has, which is checked,
   * kept and renewed, and for which no handshake waits: the better way for whoever isn't asked for each connection.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert; anything else that it throws is
   * `internal_error` for the client
   */
  readonly ocspResponseFor?: OcspResponseFor | undefined;
  /**
   * Gives the context for a client by what its hello offers, at once or later: other certificates, other application
   * protocols, other choices. Without it this one is for everybody. The two have the same provider; the connection keeps
   * this one's clock, handshake time, size and padding of records, length of a ClientHello, and the records (`cbc`) of
   * versions before TLS 1.3. Its version is chosen by this one's `versions`, and refused if the other's haven't got it;
   * everything else, cipher suites and key exchanges included, is chosen by the other's.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `access_denied`; anything else
   * that it throws is `internal_error` for the client
   */
  readonly contextFor?: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
  /**
   * What sessions belong to besides certificate, name and application protocols: another text means other sessions. Contexts
   * that share `tickets`, in one process or a fleet, and differ in whom they serve what, need different ones: otherwise a
   * client can take a session of the one to the other. Empty unless told otherwise.
   */
  readonly sessionContext?: string | undefined;
}

const expectations: Expectations<ContextOptions> = {
  versions: optional(listOf(objectWith("a version, such as tls13", { connection: optional(anObject) }))),
  clock: aFunction,
  handshakeTimeout: optional(aNumber),
  recordSize: optional(aNumber),
  recordPadding: optional(aFunction),
  allocate: optional(aFunction),
};

/** @internal What each option of a client has to be. */
export const ofClients: Expectations<ClientOptions> = /* @__PURE__ */ (() => ({
  ...clientExpectations,
  ...expectations,
  ...trustOptionsExpected,
  sessions: optional(
    objectWith("a session store, such as new MemorySessionStore", {
      put: aFunction,
      take: aFunction,
      forget: aFunction,
    }),
  ),
  certificates: optional(objectWith("what ownCertificates gives", { checkedBy: aFunction })),
  resumption: optional(aFunction),
  renegotiation: optional(objectWith("renegotiation of @tlskit/tls/renegotiation", { handshake: aFunction })),
  sessionContext: optional(aString),
}))();

const ofServers: Expectations<ServerOptions> = /* @__PURE__ */ (() => ({
  ...serverExpectations,
  ...expectations,
  certificates: listOf(anything), // each is checked where it is made a credential
  clientCertificates: optional(anything), // checked where it is made a policy
  maxClientHelloLength: optional(aNumber),
  ocspResponseFor: optional(aFunction),
  contextFor: optional(aFunction),
  sessionContext: optional(aString),
}))();

/** What a client's handshakes and connections go by. */
export type ClientContextSettings = ClientSettings &
  ConnectionSettings &
  Pick<ClientOptions, "sessions" | "resumption" | "renegotiation">;

/**
 * @internal A client's settings, out of options that are what they have to be.
 * @param dangerouslyAnonymous whether it asks nobody who they are.
 */
export function clientContextSettings(
  options: ClientHandshakeOptions & ContextOptions & Pick<ClientOptions, "sessions" | "resumption" | "renegotiation">,
  dangerouslyAnonymous: boolean = false,
): ClientContextSettings {
  const { sessions, resumption, renegotiation, provider, versions = [] } = options;
  const [anonymous] = versions.flatMap(({ earlier }) => earlier?.anonymousSuite(provider) ?? []);
  if (anonymous !== undefined && !dangerouslyAnonymous) {
    throw callerError("unsupported_choice", `cipherSuites has ${anonymous.name}, in which nobody shows who they are`);
  }
  checkResumption(sessions, resumption);
  return {
    ...clientSettings(options),
    ...connectionSettings(options),
    messageLimits,
    sessions,
    resumption,
    renegotiation,
  };
}

/**
 * @internal Whoever has sessions is to have what resumes them.
 * @throws {TlsError} `no_resumption` (the caller's fault)
 */
export function checkResumption(
  sessions: SessionStore | Uint8Array | undefined,
  resumption: ClientOptions["resumption"],
): void {
  if (sessions === undefined || resumption !== undefined) return;
  throw callerError(
    "no_resumption",
    "sessions are resumed by `resumption` of @tlskit/tls, which the context hasn't got",
  );
}

/** A client's settings, checked: made once, shared by any number of connections. */
export class ClientContext {
  /** What was given, completed: what handshakes and connections go by. */
  readonly settings: ClientContextSettings;
  readonly trust: ServerTrust;
  /** What is shown to servers that ask; nothing if nothing is. */
  readonly ownCertificates: CheckedCertificates | undefined;
  /** What sessions belong to besides their server. */
  readonly sessionBinding: () => Uint8Array | undefined;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_trust_anchors`, `unsupported_choice`,
   *   `invalid_alpn_protocol`, `out_of_range`; `no_resumption` for `sessions` without `resumption`; `psk_client_needed` for `externalPsks` instead of certificates; and for its
   *   certificates what a {@link CertificateCredential} throws (the caller's fault)
   */
  constructor(options: ClientOptions) {
    checkOptions("ClientContext", options, ofClients);
    this.settings = clientContextSettings(options);
    if (hasExternalPsks(this.settings) && !this.settings.certificateWithExternalPsk) {
      throw callerError(
        "psk_client_needed",
        "pre-shared keys instead of certificates are for a PskClientContext; certificateWithExternalPsk is for both",
      );
    }
    this.trust = certificateTrust(this.settings, options);
    this.ownCertificates = options.certificates?.checkedBy(this.settings);
    this.sessionBinding = clientSessionBinding(this.settings, this.ownCertificates, options.sessionContext);
  }

  /** As that of a {@link ServerContext}, for servers that ask clients for OCSP responses. */
  async renewStaples(): Promise<void> {
    await this.ownCertificates?.renewStaples();
  }
}

/** What a server's handshakes and connections go by. */
export type ServerContextSettings = ServerSettings &
  ConnectionSettings &
  Pick<ServerOptions, "ocspResponseFor"> & { readonly sessionContext: string };

/** A server's settings, checked: made once, shared by any number of connections. */
export class ServerContext {
  /** What was given, completed: what handshakes and connections go by. */
  readonly settings: ServerContextSettings;
  readonly credentials: readonly CertificateCredential[];
  readonly clientCertificates: ClientCertificatePolicy | undefined;
  readonly contextFor: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_certificates`, `certificate_key_mismatch`,
   *   `no_trust_anchors`, `unsuitable_certificate`, `unsupported_key`, `unsupported_choice`, `invalid_alpn_protocol`,
   *   `conflicting_options`, `out_of_range` (the
   *   caller's fault)
   */
  constructor(options: ServerOptions) {
    checkOptions("ServerContext", options, ofServers);
    const settings = serverSettings(options);
    this.settings = {
      ...settings,
      ...connectionSettings(options),
      sessionContext: options.sessionContext ?? "",
      ocspResponseFor: options.ocspResponseFor,
      messageLimits: { ...messageLimits, ClientHello: checkedHelloLength(options.maxClientHelloLength) },
    };
    const { externalPsks, certificateWithExternalPsk } = settings;
    const hasPsks = typeof externalPsks === "function" || externalPsks.length > 0;
    const isAnonymous = settings.versions.some(
      ({ earlier }) => earlier?.anonymousSuite(settings.provider) !== undefined,
    );
    // Whoever chooses a context for each client may have none of its own to show.
    const needsNone = isAnonymous || (hasPsks && !certificateWithExternalPsk) || options.contextFor !== undefined;
    // RFC 5246 §7.4.4: who shows no certificate asks for none, so that such clients would get by without.
    if (isAnonymous && options.clientCertificates?.demand === "required") {
      throw callerError(
        "unsupported_choice",
        "clientCertificates are required, and anonymous suites can't ask for them",
      );
    }
    if (options.certificates.length === 0 && !needsNone) {
      throw callerError("no_certificates", "a server needs a certificate, or pre-shared keys");
    }
    this.credentials = options.certificates.map((certificate) => new CertificateCredential(settings, certificate));
    for (const { earlier } of this.settings.versions) {
      earlier?.checkCredentials?.(settings.provider, this.credentials);
    }
    this.clientCertificates =
      options.clientCertificates && clientCertificatePolicy(settings, options.clientCertificates);
    this.contextFor = options.contextFor;
  }

  /**
   * Asks for OCSP responses to show beside the certificates where there are none, or it is time for newer ones, as a
   * handshake does. Whoever can wait for a timer calls it before the first connection and every few minutes, so that each
   * client gets a fresh one. Ends when all have come, or failed, which `ocspStapleFailed` of the certificate is told.
   */
  async renewStaples(): Promise<void> {
    await Promise.all(this.credentials.map((credential) => credential.renewStaples()));
  }
}

function connectionSettings({
  provider,
  random,
  clock,
  handshakeTimeout = defaultHandshakeTimeout,
  recordSize = maxPlaintextLength,
  recordPadding,
  allocate = newBuffer,
  versions = [tls13],
}: ContextOptions & Pick<ConnectionSettings, "provider" | "random">): Omit<ConnectionSettings, "messageLimits"> {
  for (const { name, earlier, connection } of versions) {
    if (earlier !== undefined && connection === undefined) {
      throw callerError("unsupported_choice", `versions has a ${name} that is a handshake's and not a connection's`);
    }
  }
  return {
    provider,
    random,
    clock,
    handshakeTimeout,
    recordSize: checkedRecordSize(recordSize),
    recordPadding,
    allocate,
    versions: newestFirst(versions),
  };
}

/** As the handshake has them. */
function newestFirst(versions: readonly TlsVersion[]): readonly TlsVersion[] {
  return versions.toSorted((one, other) => other.code - one.code);
}

function checkedHelloLength(length: number = messageLimits.ClientHello): number {
  if (!(Number.isInteger(length) && length > 0 && length <= ClientHello.maxLength)) {
    throw callerError("out_of_range", `maxClientHelloLength is 1 to ${ClientHello.maxLength} bytes, not ${length}`);
  }
  return length;
}
