import {
  availableCipherSuites,
  availableNamedGroups,
  availableSignatureSchemes,
  type CipherSuite,
  defaultCipherSuites,
  defaultNamedGroups,
  defaultSignatureSchemes,
  type NamedGroup,
  type Registered,
  type SignatureScheme,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import type { Awaitable, CryptoProvider, Random } from "@tlskit/crypto";
import type { ExternalPsk } from "@tlskit/keyschedule";
import type { RawExtension, TicketCounts } from "@tlskit/messages";
import {
  type Cookies,
  defaultSessionLifetime,
  maxSessionLifetime,
  type ReplayGuard,
  type Tickets,
} from "@tlskit/sessions";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  anyOf,
  aString,
  bytes,
  check,
  checkArguments,
  type Expectation,
  type Expectations,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import type { AttestationRequest } from "./attestations.ts";
import { type ClientAuthentication, howClientsAuthenticate } from "./client-authentication.ts";
import type { AnswerExtensions, ClientOffer, SelectAlpnProtocol } from "./client-offer.ts";
import type { ClientCredentialRequest, Credential, CredentialRequest } from "./credential.ts";
import type { PreviousHandshake } from "./established.ts";
import { choices } from "./expectations.ts";
import type { ExternalPskFor } from "./external-psk-for.ts";
import type { ExternalPskOffers } from "./external-psk-offers.ts";
import { checkExternalPsks, externalPskList, type FindExternalPsk } from "./external-psks.ts";
import {
  defaultEarlyDataTolerance,
  defaultMaxSkippedEarlyData,
  defaultTicketCount,
  earlyDataOverhead,
  maxTicketCount,
} from "./limits.ts";
import { checkOwnExtensions } from "./own-extensions.ts";
import type { PeerVerifier } from "./peer-verifier.ts";
import type { SessionResumption } from "./session-resumption.ts";
import type { PostHandshakeAuthentication } from "./tls13/certificate-answers.ts";
import { someVersions, tls13Version, type Version } from "./versions.ts";

/** What both roles choose from, for any number of handshakes. Every list is best first. */
interface Settings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /** `[tls13]` unless told otherwise. The newest that both sides have is used, whatever their order here. */
  readonly versions: readonly Version[];
  /**
   * TLS 1.3's: `defaultCipherSuites`, as far as the provider has them and in its order, unless told otherwise. Told nothing, a
   * server gives ChaCha20-Poly1305 to clients that like it best (`followClientToChaCha20`).
   */
  readonly cipherSuites: readonly CipherSuite[];
  /** `defaultNamedGroups`, as far as the provider has them and in its order, unless told otherwise. */
  readonly namedGroups: readonly NamedGroup[];
  /** `defaultSignatureSchemes`, as far as the provider has them, unless told otherwise. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /**
   * What clients sign their CertificateVerify with, and what may stand in their certificates: at a server what it asks
   * for, at a client what it is ready to use. The same as `signatureSchemes` unless told otherwise. It is the only place for
   * the schemes of RFC 9963 (`rsa_pkcs1_sha256_legacy` and its like), for clients whose keys can't do better.
   */
  readonly clientSignatureSchemes: readonly SignatureScheme[];
  /** Application protocols (RFC 7301), printable ASCII: `["h2", "http/1.1"]`. None unless told otherwise: no ALPN. */
  readonly alpnProtocols: readonly string[];
  /**
   * Gets the lines of an NSS key log (RFC 9850; `SSLKEYLOGFILE`). Whoever reads them reads the traffic: for debugging
   * alone.
   */
  readonly keyLog: ((line: string) => void) | undefined;
  /**
   * Seconds after the server's last CertificateVerify in which sessions are resumed, over however many: 24 hours unless
   * told otherwise, seven days at most (RFC 9846 §4.7.1).
   */
  readonly sessionLifetime: number;
  /**
   * draft-ietf-tls-cross-sni-resumption: whether sessions are resumed for other names than the one they were made for. At a
   * server, that they may be, for clients to whom its certificate is good for both. They aren't unless told otherwise.
   */
  readonly resumptionAcrossNames: boolean;
  /**
   * Whether pre-shared keys, of sessions and from outside, are used alone, without a key exchange (psk_ke): whoever gets at
   * the key, the session or the ticket key, now or later, can read what is sent then. They aren't unless told otherwise.
   */
  readonly dangerousPskWithoutKeyExchange: boolean;
  /**
   * RFC 7627 §5.3: whether sessions of TLS 1.2 and earlier without an extended main secret are resumed, with peers that haven't
   * got it. A man in the middle who has made two such connections have one secret can resume the one as the other (the triple
   * handshake attack). They aren't unless told otherwise.
   */
  readonly dangerousResumptionWithoutExtendedMainSecret: boolean;
  /**
   * RFC 8773: whether a certificate is shown besides a pre-shared key from outside, whose secret is in all keys then: who
   * records the connection reads nothing without it, even if the key exchange is broken one day. A client insists on both, and
   * resumes no sessions; a server does so for clients that ask for it, and gives them no tickets. It isn't unless told
   * otherwise: the combination has been looked at less than the rest (RFC 9846 §4.4.2).
   */
  readonly certificateWithExternalPsk: boolean;
  /** Told of the failures of stores, tickets and guards, which mean a full handshake, and early data that is declined. */
  readonly resumptionFailed: ((error: unknown) => void) | undefined;
}

/** A client's settings: made by {@link clientSettings}, for any number of handshakes. */
export interface ClientSettings extends Settings {
  /**
   * The groups, out of `namedGroups` and in its order, to send key shares for at once: unless told otherwise the first
   * that resists quantum computers and the first that doesn't, so that few servers have to ask again. May be empty.
   */
  readonly keyShareGroups: readonly NamedGroup[];
  /** RFC 9846 §E.4: whether the handshake looks like one of TLS 1.2 to middleboxes. It does unless told otherwise. */
  readonly middleboxCompatibility: boolean;
  /**
   * RFC 5746 §4.1: whether servers of TLS 1.2 and earlier are taken that have no renegotiation_info. Such a server can't tell
   * the client's handshake from a renegotiation: somebody in between may have sent it something before, which it takes for the
   * client's. For old devices. They aren't unless told otherwise (RFC 9325 §3.5), and never renegotiate.
   */
  readonly dangerousServersWithoutRenegotiationInfo: boolean;
  /**
   * Extensions of the caller's own, such as QUIC's transport parameters, to be sent in ClientHello, in the clear; the
   * server's answers, which it need not give, are `peerExtensions` of what was negotiated. None that the handshake owns,
   * or that is answered elsewhere than in EncryptedExtensions. None unless told otherwise.
   */
  readonly extensions: readonly RawExtension[];
  /**
   * `postHandshakeAuthentication`: the server may ask for a certificate after the handshake (RFC 9846 §4.3.6), and is answered.
   * It may not unless told otherwise, and never under HTTP/2 (RFC 9113 §9.2.3).
   */
  readonly postHandshakeAuth: PostHandshakeAuthentication | undefined;
  /**
   * How many tickets the server is asked for (RFC 9149), after a full handshake and after one that was resumed, 0 to 255:
   * as many as connections are to be opened. Unless told otherwise it isn't asked.
   */
  readonly ticketRequest: TicketCounts | undefined;
  /**
   * Names of the authorities that the server's certificate should lead to, in DER (RFC 9846 §4.3.4): `name.der` of
   * `@tlskit/x509`. They tell whoever looks on whom the client trusts; few servers have a certificate for them to choose
   * by. Empty unless told otherwise: then they aren't sent.
   */
  readonly certificateAuthorities: readonly Uint8Array[];
  /**
   * Pre-shared keys from outside, any of which authenticates both ends to each other, without certificates; the first is
   * liked best. None unless told otherwise. They are offered behind a session to resume, and never for early data.
   */
  readonly externalPsks: readonly ExternalPsk[];
  /**
   * Gives another such key when it is wanted, liked least, for whoever knows it then: once in each handshake that offers TLS
   * 1.3, and, by the server's hint, in one that comes to a suite of TLS 1.2 with a pre-shared key. Sessions of TLS 1.2 that
   * began with it aren't resumed. A key is for one protocol alone (RFC 9257 §4.2), which nobody checks here. Nobody is asked
   * unless told.
   */
  readonly externalPskFor: ExternalPskFor | undefined;
  /** `externalPskOffers`, for whoever has such keys, or gets some. */
  readonly externalPskOffers: ExternalPskOffers | undefined;
}

/** What a server takes early data by. */
export interface EarlyDataSettings {
  /** Bytes of a connection's early data at most, which tickets promise to take. */
  readonly maxSize: number;
  /** What keeps it from being taken twice: one for all servers that share tickets. */
  readonly guard: ReplayGuard;
  /**
   * Milliseconds by which the age of a ticket may differ from what it should be: 10,000 unless told otherwise, and half of
   * the guard's window at most.
   */
  readonly tolerance?: number | undefined;
}

/** A server's settings: made by {@link serverSettings}, for any number of handshakes. */
export interface ServerSettings extends Settings {
  /**
   * Whether a client that likes ChaCha20-Poly1305 best gets it though it isn't our first choice: such a client has no AES
   * in hardware. It does unless told otherwise, or told `cipherSuites`: their order is the caller's.
   */
  readonly followClientToChaCha20: boolean;
  /**
   * Bytes of records of early data, which isn't accepted, that are passed over (RFC 9846 §4.3.10): 2^16 unless told
   * otherwise, or four times what would be accepted if that is more. More ends the connection.
   */
  readonly maxSkippedEarlyData: number;
  /**
   * Whether a client that names a server is told that its name was used (RFC 6066 §3), which changes nothing for it. It is
   * unless told otherwise: one that chooses nothing by names needn't say so.
   */
  readonly acknowledgeServerName: boolean;
  /**
   * Chooses the application protocol, instead of `alpnProtocols`, for clients that offer some: one of theirs. A client of
   * which it takes none is refused with `no_application_protocol`. Sessions are resumed under whatever it chooses then.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert of its own; anything else that it throws is
   * `internal_error` for the client
   */
  readonly selectAlpnProtocol: SelectAlpnProtocol | undefined;
  /**
   * Answers, at once or later, the extensions of a client's hello that the handshake doesn't own, known or not, with
   * extensions of the caller's own for EncryptedExtensions: only such as the client offers. What it was asked about is
   * `peerExtensions` of what was negotiated.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `missing_extension`; anything
   * else that it throws is `internal_error` for the client
   */
  readonly answerExtensions: AnswerExtensions | undefined;
  /** What tickets are made with, and sessions found by. None unless told otherwise: then no session is ever resumed. */
  readonly tickets: Tickets | undefined;
  /**
   * Tickets that a client gets after a full handshake, if it doesn't ask for another number: two unless told otherwise, 0
   * to 8. After a handshake that was resumed it gets one, in place of the one that it used.
   */
  readonly ticketCount: number;
  /**
   * Takes early data (0-RTT), which spares a client a round trip. It can be recorded and sent again by anybody, and whoever
   * gets at the ticket key reads it: only for what may be done twice. None is taken unless this is given.
   */
  readonly earlyData: EarlyDataSettings | undefined;
  /**
   * Pre-shared keys from outside, any of which authenticates both ends to each other, without certificates: a list, best
   * first, or what finds one by the name that the client gives it. None unless told otherwise. A client that offers one gets
   * a handshake with it, and otherwise one with a certificate, if there is any. Whoever has a name can find out by a handshake
   * with a wrong binder whether it is known; where there are no certificates at all, by the time alone that it takes (RFC 9846
   * §F.6).
   */
  readonly externalPsks: readonly ExternalPsk[] | FindExternalPsk;
}

/** A client's settings, with what is this handshake's alone. */
export interface ClientHandshakeSettings<Evidence> extends ClientSettings {
  /** The host name for the server_name extension, without trailing dot; none for an IP address (RFC 6066 §3). */
  readonly serverName: string | undefined;
  /** What the server is asked to show beside its certificates, for `verifyPeer`. Nothing unless told. */
  readonly attestations?: AttestationRequest | undefined;
  /** Without it no certificate is accepted: only a server that has one of `externalPsks`. */
  readonly verifyPeer: PeerVerifier<Evidence> | undefined;
  /**
   * The certificate for a server that asks for one, by what it asks for, at once or later; none to show none, as without
   * it. The handshake's time runs meanwhile. It is asked when the server has proved who it is.
   */
  readonly selectCredential?: ((request: ClientCredentialRequest) => Awaitable<Credential | undefined>) | undefined;
  /**
   * Where a session to resume comes from, and those go that are made: `resumption({ take, keep })`. Without it there is nothing
   * but full handshakes.
   */
  readonly sessions?: SessionResumption | undefined;
  /**
   * What sessions belong to besides the server: they are resumed under the same alone. For a client that shows
   * certificates, which one that is.
   */
  readonly sessionBinding?: Uint8Array | undefined;
  /** Bytes of early data that there are to send. Without it none is offered. */
  readonly earlyDataLength?: number | undefined;
  /** The handshake before this one in its connection, if there is one: `renegotiatingClient` says which. */
  readonly renegotiates?: PreviousHandshake | undefined;
  /**
   * Whether key exchanges that authenticate nobody are offered, where a version before TLS 1.3 has some. They aren't unless
   * told.
   */
  readonly dangerouslyAnonymous?: boolean | undefined;
}

/** A server's settings, with what it chooses by a client's hello. */
export interface ServerHandshakeSettings<Evidence = unknown> extends ServerSettings {
  /**
   * Gives the settings for a client by what its hello offers; without it these here are for everybody. The version is
   * chosen by these here; settings that haven't got it refuse the client. What the settings that it gives say of
   * `forClient` is not looked at.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `access_denied`
   */
  readonly forClient?: ((offer: ClientOffer) => Awaitable<ServerHandshakeSettings<Evidence>>) | undefined;
  /**
   * The certificate for a client, by what its hello says; none if there is none for it.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `unrecognized_name`
   */
  readonly selectCredential: (hello: CredentialRequest) => Awaitable<Credential | undefined>;
  /** Who clients are. Without it they are asked nothing, and anybody. */
  readonly clientAuthentication?: ClientAuthentication<Evidence> | undefined;
  /**
   * What the cookies of HelloRetryRequests are made and understood with, `new SealedCookies` of `@tlskit/sessions` (RFC 9846
   * §4.3.2), so that a host needn't keep a handshake that waits for a second ClientHello: it may stop one that has sent a
   * HelloRetryRequest, and give the ClientHello with the cookie to another one, in another process too. For hosts whose
   * clients needn't be there, as with datagrams; without it a HelloRetryRequest has no cookie. What the settings that
   * `forClient` gives say of it is not looked at.
   */
  readonly cookies?: Cookies | undefined;
  /** Whom a cookie is for, up to 255 bytes: its address, so that nobody else can use it. Nobody in particular unless told. */
  readonly cookieBinding?: Uint8Array | undefined;
  /**
   * What sessions belong to besides certificate and name: they are resumed under the same alone. What differs between
   * virtual hosts that share ticket keys, and isn't in a certificate, has to be in it: whose clients have to show which
   * certificates, most of all (CVE-2025-23419).
   */
  readonly sessionBinding?: Uint8Array | undefined;
}

/** The same settings before they are checked: whatever has a default can be left out. */
type BeforeChecks<Checked extends Settings> = Pick<Checked, "provider" | "random" | "clock"> & {
  readonly [Name in Exclude<keyof Checked, "provider" | "random" | "clock">]?: Checked[Name] | undefined;
};

/** What a client can be told for any number of handshakes. */
export type ClientHandshakeOptions = BeforeChecks<ClientSettings>;
/** What a server can be told for any number of handshakes. */
export type ServerHandshakeOptions = BeforeChecks<ServerSettings>;

const expectations: Expectations<Settings> = {
  provider: once(
    objectWith("a provider of cryptography, as of @tlskit/crypto-noble", {
      hashes: listOf(objectWith("a hash", { name: aString })),
      aeads: listOf(objectWith("an AEAD", { name: aString })),
      keyExchanges: listOf(objectWith("a key exchange", { name: aString })),
      signatures: listOf(objectWith("signatures", { type: aString })),
    }),
  ),
  random: aFunction,
  clock: aFunction,
  versions: someVersions,
  cipherSuites: choices,
  namedGroups: choices,
  signatureSchemes: choices,
  clientSignatureSchemes: choices,
  alpnProtocols: listOf(aString),
  keyLog: optional(aFunction),
  sessionLifetime: aNumber,
  resumptionAcrossNames: aBoolean,
  dangerousPskWithoutKeyExchange: aBoolean,
  dangerousResumptionWithoutExtendedMainSecret: aBoolean,
  certificateWithExternalPsk: aBoolean,
  resumptionFailed: optional(aFunction),
};

const ofClients: Expectations<ClientSettings> = /* @__PURE__ */ (() => ({
  ...expectations,
  keyShareGroups: choices,
  middleboxCompatibility: aBoolean,
  dangerousServersWithoutRenegotiationInfo: aBoolean,
  postHandshakeAuth: optional(aFunction),
  extensions: listOf(objectWith("an extension", { code: aNumber, data: bytes })),
  ticketRequest: optional(objectWith("counts of tickets", { newSessionCount: aNumber, resumptionCount: aNumber })),
  certificateAuthorities: listOf(bytes),
  externalPsks: externalPskList,
  externalPskFor: optional(aFunction),
  externalPskOffers: optional(objectWith("externalPskOffers of @tlskit/handshake", { offer: aFunction })),
}))();

const ofServers: Expectations<ServerSettings> = /* @__PURE__ */ (() => ({
  ...expectations,
  followClientToChaCha20: aBoolean,
  maxSkippedEarlyData: aNumber,
  acknowledgeServerName: aBoolean,
  selectAlpnProtocol: optional(aFunction),
  answerExtensions: optional(aFunction),
  tickets: optional(
    objectWith("tickets, such as new SealedTickets", {
      ticketFor: aFunction,
      sessionOf: aFunction,
      identifiers: optional(
        objectWith("identifiers of sessions", {
          besideTickets: optional(aBoolean),
          next: aFunction,
          keep: aFunction,
          forget: optional(aFunction),
        }),
      ),
    }),
  ),
  ticketCount: aNumber,
  earlyData: optional(
    objectWith("what early data is taken by", {
      maxSize: aNumber,
      guard: objectWith("a replay guard, such as new MemoryReplayGuard", { admit: aFunction }),
      tolerance: optional(aNumber),
    }),
  ),
  externalPsks: anyOf("a list of pre-shared keys or a function that finds one", externalPskList, aFunction),
}))();

// @__NO_SIDE_EFFECTS__
function beforeChecks<Checked extends Settings>(checked: Expectations<Checked>): Expectations<BeforeChecks<Checked>> {
  const { provider, random, clock } = checked;
  const all = Object.entries<Expectation>(checked).map(([name, expected]) => [name, optional(expected)]);
  // the same names, which Object.entries forgets
  return { ...Object.fromEntries(all), provider, random, clock } as Expectations<BeforeChecks<Checked>>;
}

/** What each option of a client has to be; for hosts that check them together with options of their own. */
export const clientExpectations: Expectations<ClientHandshakeOptions> = beforeChecks(ofClients);

/** What each option of a server has to be; for hosts that check them together with options of their own. */
export const serverExpectations: Expectations<ServerHandshakeOptions> = beforeChecks(ofServers);

const ofClientHandshakes: Expectations<ClientHandshakeSettings<unknown>> = /* @__PURE__ */ (() => ({
  ...ofClients,
  serverName: optional(aString),
  attestations: optional(
    objectWith("what to ask for", { ocspResponses: aBoolean, signedCertificateTimestamps: aBoolean }),
  ),
  verifyPeer: optional(aFunction),
  selectCredential: optional(aFunction),
  sessions: optional(objectWith("what resumption gives", { recall: aFunction, keeping: aFunction })),
  sessionBinding: optional(bytes),
  earlyDataLength: optional(aNumber),
  renegotiates: optional(
    objectWith("a handshake that is done", {
      negotiated: anObject,
      verifyData: objectWith("both verify_data", { client: bytes, server: bytes }),
    }),
  ),
  dangerouslyAnonymous: optional(aBoolean),
}))();

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkClientHandshakeSettings(settings: ClientHandshakeSettings<unknown>): void {
  check(settings, "settings", anObject);
  checkArguments(settings, ofClientHandshakes);
  if (
    settings.verifyPeer === undefined &&
    settings.dangerouslyAnonymous !== true &&
    (!hasExternalPsks(settings) || settings.certificateWithExternalPsk)
  ) {
    throw callerError(
      "no_authentication",
      "without verifyPeer, and without pre-shared keys alone, no server is accepted",
    );
  }
}

const ofServerHandshakes: Expectations<ServerHandshakeSettings> = /* @__PURE__ */ (() => ({
  ...ofServers,
  forClient: optional(aFunction),
  selectCredential: aFunction,
  clientAuthentication: optional(once(howClientsAuthenticate)),
  cookies: optional(objectWith("cookies, such as new SealedCookies", { cookieFor: aFunction, stateOf: aFunction })),
  cookieBinding: optional(bytes),
  sessionBinding: optional(bytes),
}))();

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkServerHandshakeSettings(settings: ServerHandshakeSettings): void {
  check(settings, "settings", anObject);
  // Not for each of the handshakes that they are for.
  if (checked.has(settings)) return;
  checkArguments(settings, ofServerHandshakes);
  checked.add(settings);
}

const checked = new WeakSet<ServerHandshakeSettings>();

/** Whether a client has pre-shared keys from outside, or may get some. */
export function hasExternalPsks({
  externalPsks,
  externalPskFor,
}: Pick<ClientSettings, "externalPsks" | "externalPskFor">): boolean {
  return externalPsks.length > 0 || externalPskFor !== undefined;
}

/**
 * A client's settings, checked and completed. What else the options have isn't looked at, so that a host can hand on its
 * own as they are.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice`, `invalid_alpn_protocol`, `extension_not_own`,
 *   `duplicate_extension`, `out_of_range`, `no_psk_offers` (the caller's fault)
 */
export function clientSettings(options: ClientHandshakeOptions): ClientSettings {
  checkArguments(options, clientExpectations);
  const settings = completed(options);
  const { namedGroups } = settings;
  const shares = options.keyShareGroups ?? defaultShares(namedGroups);
  // RFC 9846 §4.3.8#shares-in-order, §4.3.8#one-share-a-group: shares are for groups that are offered, in their order.
  const keyShareGroups = namedGroups.filter((group) => shares.includes(group));
  if (keyShareGroups.length !== shares.length) {
    throw callerError("unsupported_choice", "keyShareGroups has a group that namedGroups hasn't");
  }
  const extensions = options.extensions ?? [];
  checkOwnExtensions(extensions);
  const externalPsks = [...(options.externalPsks ?? [])];
  const hashes = settings.cipherSuites.map(({ hash }) => hash);
  const { externalPskFor, externalPskOffers } = options;
  if (externalPskOffers !== undefined) externalPskOffers.check(externalPsks, hashes, earlierSuitesOf(settings));
  else if (hasExternalPsks({ externalPsks, externalPskFor })) {
    throw callerError("no_psk_offers", "pre-shared keys are offered by externalPskOffers, which isn't given");
  }
  if (settings.certificateWithExternalPsk && !hasExternalPsks({ externalPsks, externalPskFor })) {
    throw callerError("no_external_psks", "certificateWithExternalPsk needs externalPsks");
  }
  return {
    ...settings,
    keyShareGroups,
    middleboxCompatibility: options.middleboxCompatibility ?? true,
    dangerousServersWithoutRenegotiationInfo: options.dangerousServersWithoutRenegotiationInfo ?? false,
    postHandshakeAuth: options.postHandshakeAuth,
    // not slice: a Buffer's slice is a view
    extensions: extensions.map(({ code, data }) => ({ code, data: new Uint8Array(data) })),
    ticketRequest: options.ticketRequest && {
      newSessionCount: checkedNumber("newSessionCount", options.ticketRequest.newSessionCount, 0, 255),
      resumptionCount: checkedNumber("resumptionCount", options.ticketRequest.resumptionCount, 0, 255),
    },
    certificateAuthorities: checkedAuthorities(options.certificateAuthorities ?? []),
    externalPsks,
    externalPskFor,
    externalPskOffers,
  };
}

/**
 * A server's settings, checked and completed. What else the options have isn't looked at, so that a host can hand on its
 * own as they are.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice`, `invalid_alpn_protocol`, `conflicting_options`, `out_of_range`
 *   (the caller's fault)
 */
export function serverSettings(options: ServerHandshakeOptions): ServerSettings {
  checkArguments(options, serverExpectations);
  const { ticketCount = defaultTicketCount, earlyData, externalPsks = [] } = options;
  const settings = completed(options);
  if (typeof externalPsks !== "function") {
    const hashes = settings.cipherSuites.map(({ hash }) => hash);
    checkExternalPsks(externalPsks, hashes, earlierSuitesOf(settings));
  }
  const { maxSkippedEarlyData = skippedUnlessTold(earlyData) } = options;
  return {
    ...settings,
    followClientToChaCha20: options.followClientToChaCha20 ?? options.cipherSuites === undefined,
    maxSkippedEarlyData: checkedNumber("maxSkippedEarlyData", maxSkippedEarlyData, 0, Number.MAX_SAFE_INTEGER),
    acknowledgeServerName: options.acknowledgeServerName ?? true,
    selectAlpnProtocol: checkedSelection(options),
    answerExtensions: options.answerExtensions,
    tickets: options.tickets,
    ticketCount: checkedNumber("ticketCount", ticketCount, 0, maxTicketCount),
    earlyData: earlyData && {
      maxSize: checkedNumber("earlyData.maxSize", earlyData.maxSize, 1, 0xffff_ffff),
      guard: earlyData.guard,
      tolerance: checkedNumber("earlyData.tolerance", earlyData.tolerance ?? defaultEarlyDataTolerance, 1, 86_400_000),
    },
    externalPsks: typeof externalPsks === "function" ? externalPsks : [...externalPsks],
  };
}

/** Of a list and a choice one would be passed over. */
function checkedSelection({
  selectAlpnProtocol,
  alpnProtocols = [],
}: ServerHandshakeOptions): SelectAlpnProtocol | undefined {
  if (selectAlpnProtocol === undefined || alpnProtocols.length === 0) return selectAlpnProtocol;
  throw callerError(
    "conflicting_options",
    "alpnProtocols and selectAlpnProtocol both choose the protocol: give one of them",
  );
}

/** RFC 9846 §4.3.10: what is declined may be as much as would have been taken. */
function skippedUnlessTold(earlyData: EarlyDataSettings | undefined): number {
  return Math.max(defaultMaxSkippedEarlyData, earlyDataOverhead * (earlyData?.maxSize ?? 0));
}

function checkedNumber(option: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw callerError("out_of_range", `${option} is ${value}, and is to be a number from ${least} to ${most}`);
}

function completed(
  options: BeforeChecks<Settings> &
    Pick<ServerHandshakeOptions, "externalPsks"> &
    Pick<ClientHandshakeOptions, "externalPskFor">,
): Settings {
  const { provider, random, clock, keyLog, alpnProtocols = [], sessionLifetime = defaultSessionLifetime } = options;
  for (const protocol of alpnProtocols) checkAlpnProtocol(protocol);
  const available = (schemes: readonly SignatureScheme[]): readonly SignatureScheme[] =>
    availableSignatureSchemes(provider, schemes);
  const signatureSchemes = chosen("signatureSchemes", options.signatureSchemes, defaultSignatureSchemes, available);
  checkForServers(signatureSchemes);
  return {
    provider,
    random,
    clock,
    versions: chosenVersions(options),
    cipherSuites: chosen("cipherSuites", options.cipherSuites, defaultCipherSuites, (suites) =>
      availableCipherSuites(provider, suites),
    ),
    namedGroups: chosen("namedGroups", options.namedGroups, defaultNamedGroups, (groups) =>
      availableNamedGroups(provider, groups),
    ),
    signatureSchemes,
    clientSignatureSchemes: chosen(
      "clientSignatureSchemes",
      options.clientSignatureSchemes,
      signatureSchemes,
      available,
    ),
    alpnProtocols: [...alpnProtocols],
    keyLog,
    sessionLifetime: checkedNumber("sessionLifetime", sessionLifetime, 1, maxSessionLifetime),
    resumptionAcrossNames: options.resumptionAcrossNames ?? false,
    dangerousPskWithoutKeyExchange: options.dangerousPskWithoutKeyExchange ?? false,
    dangerousResumptionWithoutExtendedMainSecret: options.dangerousResumptionWithoutExtendedMainSecret ?? false,
    certificateWithExternalPsk: options.certificateWithExternalPsk ?? false,
    resumptionFailed: options.resumptionFailed,
  };
}

/** RFC 9963 §3#not-offered, §3#not-taken: those for clients' legacy keys are never for servers. */
function checkForServers(schemes: readonly SignatureScheme[]): void {
  const clientsOnly = schemes.find(
    ({ inCertificates, inCertificateVerify }) => !inCertificates && !inCertificateVerify.includes("server"),
  );
  if (clientsOnly !== undefined) {
    throw callerError("unsupported_choice", `${clientsOnly.name} is for clientSignatureSchemes alone`);
  }
}

/** Newest first. */
function chosenVersions({
  provider,
  versions = [tls13Version],
  certificateWithExternalPsk = false,
  externalPsks = [],
  externalPskFor,
}: BeforeChecks<Settings> &
  Pick<ServerHandshakeOptions, "externalPsks"> &
  Pick<ClientHandshakeOptions, "externalPskFor">): readonly Version[] {
  if (versions.length === 0) {
    throw callerError("unsupported_choice", "versions is empty: there is nothing to choose from");
  }
  if (new Set(versions.map(({ code }) => code)).size !== versions.length) {
    throw callerError("unsupported_choice", "versions has an entry twice");
  }
  for (const { earlier } of versions) {
    earlier?.check({ provider, versions, certificateWithExternalPsk, externalPsks, externalPskFor });
  }
  return versions.toSorted((one, other) => other.code - one.code);
}

function earlierSuitesOf({ versions, provider }: Settings): readonly Tls12CipherSuite[] {
  return versions.flatMap(({ earlier }) => earlier?.cipherSuites(provider) ?? []);
}

function defaultShares(namedGroups: readonly NamedGroup[]): readonly NamedGroup[] {
  const [first] = namedGroups;
  const other = namedGroups.find(({ postQuantum }) => postQuantum !== first?.postQuantum);
  return namedGroups.filter((group) => group === first || group === other);
}

function chosen<T extends Registered>(
  option: string,
  wanted: readonly T[] | undefined,
  defaults: readonly T[],
  availableOf: (entries: readonly T[]) => readonly T[],
): readonly T[] {
  const available = availableOf(wanted ?? defaults);
  const list = wanted ?? available;
  if (list.length === 0) throw callerError("unsupported_choice", `${option} is empty: there is nothing to choose from`);
  for (const entry of list) {
    if (!available.includes(entry)) {
      throw callerError("unsupported_choice", `${option} has ${entry.name}, which the provider does not support`);
    }
  }
  // RFC 9846 §4.3.7#no-duplicates
  if (new Set(list.map(({ code }) => code)).size !== list.length) {
    throw callerError("unsupported_choice", `${option} has an entry twice`);
  }
  return [...list];
}

/** RFC 9846 §4.3.4: `DistinguishedName authorities<3..2^16-1>`, of names of at least a byte. */
function checkedAuthorities(names: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = names.reduce((sum, name) => sum + 2 + name.length, 0);
  if (length > 0xffff || names.some((name) => name.length === 0)) {
    throw callerError(
      "out_of_range",
      `certificateAuthorities are names in DER, of 65535 bytes with their lengths, not ${length}`,
    );
  }
  // not slice: a Buffer's slice is a view
  return names.map((name) => new Uint8Array(name));
}

/** RFC 7301 §3.1: 1 to 255 bytes. */
function checkAlpnProtocol(protocol: string): void {
  if (!/^[\x20-\x7e]{1,255}$/.test(protocol)) {
    throw callerError(
      "invalid_alpn_protocol",
      `an ALPN protocol has 1 to 255 ASCII characters: ${JSON.stringify(protocol)}`,
    );
  }
}
