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
} from "@tlskit/ciphersuites";
import type { Awaitable, CryptoProvider, Random } from "@tlskit/crypto";
import type { RawExtension } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  aString,
  bytes,
  check,
  checkArguments,
  type Expectation,
  type Expectations,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import type { AnswerExtensions, ClientOffer } from "./client-offer.ts";
import type { Credential, CredentialRequest } from "./credential.ts";
import { choices } from "./expectations.ts";
import { defaultMaxSkippedEarlyData } from "./limits.ts";
import { checkOwnExtensions } from "./own-extensions.ts";
import type { PeerVerifier } from "./peer-verifier.ts";

/** What both roles choose from, for any number of handshakes. Every list is best first. */
interface Settings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /**
   * `defaultCipherSuites`, as far as the provider has them and in its order, unless told otherwise. Told nothing, a
   * server gives ChaCha20-Poly1305 to clients that like it best (`followClientToChaCha20`).
   */
  readonly cipherSuites: readonly CipherSuite[];
  /** `defaultNamedGroups`, as far as the provider has them and in its order, unless told otherwise. */
  readonly namedGroups: readonly NamedGroup[];
  /** `defaultSignatureSchemes`, as far as the provider has them, unless told otherwise. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /** Application protocols (RFC 7301), printable ASCII: `["h2", "http/1.1"]`. None unless told otherwise: no ALPN. */
  readonly alpnProtocols: readonly string[];
  /**
   * Gets the lines of an NSS key log (RFC 9850; `SSLKEYLOGFILE`). Whoever reads them reads the traffic: for debugging
   * alone.
   */
  readonly keyLog: ((line: string) => void) | undefined;
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
   * Extensions of the caller's own, such as QUIC's transport parameters, to be sent in ClientHello, in the clear; the
   * server's answers, which it need not give, are `peerExtensions` of what was negotiated. None that the handshake owns,
   * or that is answered elsewhere than in EncryptedExtensions. None unless told otherwise.
   */
  readonly extensions: readonly RawExtension[];
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
   * otherwise. More ends the connection.
   */
  readonly maxSkippedEarlyData: number;
  /**
   * Answers, at once or later, the extensions of a client's hello that the handshake doesn't own, known or not, with
   * extensions of the caller's own for EncryptedExtensions: only such as the client offers. What it was asked about is
   * `peerExtensions` of what was negotiated.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `missing_extension`; anything
   * else that it throws is `internal_error` for the client
   */
  readonly answerExtensions: AnswerExtensions | undefined;
}

/** A client's settings, with what is this handshake's alone. */
export interface ClientHandshakeSettings<Evidence> extends ClientSettings {
  /** The host name for the server_name extension, without trailing dot; none for an IP address (RFC 6066 §3). */
  readonly serverName: string | undefined;
  readonly verifyPeer: PeerVerifier<Evidence>;
}

/** A server's settings, with what it chooses by a client's hello. */
export interface ServerHandshakeSettings extends ServerSettings {
  /**
   * Gives the settings for a client by what its hello offers; without it these here are for everybody. What the settings
   * that it gives say of `forClient` is not looked at.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `access_denied`
   */
  readonly forClient?: ((offer: ClientOffer) => Awaitable<ServerHandshakeSettings>) | undefined;
  /**
   * The certificate for a client, by what its hello says; none if there is none for it.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `unrecognized_name`
   */
  readonly selectCredential: (hello: CredentialRequest) => Awaitable<Credential | undefined>;
}

/** The same settings before they are checked: whatever has a default can be left out. */
type BeforeChecks<Checked extends Settings> = Pick<Checked, "provider" | "random"> & {
  readonly [Name in Exclude<keyof Checked, "provider" | "random">]?: Checked[Name] | undefined;
};

/** What a client can be told for any number of handshakes. */
export type ClientHandshakeOptions = BeforeChecks<ClientSettings>;
/** What a server can be told for any number of handshakes. */
export type ServerHandshakeOptions = BeforeChecks<ServerSettings>;

const expectations: Expectations<Settings> = {
  provider: objectWith("a provider of cryptography, as of @tlskit/crypto-noble", {
    hashes: listOf(objectWith("a hash", { name: aString })),
    aeads: listOf(objectWith("an AEAD", { name: aString })),
    keyExchanges: listOf(objectWith("a key exchange", { name: aString })),
    signatures: listOf(objectWith("signatures", { type: aString })),
  }),
  random: aFunction,
  cipherSuites: choices,
  namedGroups: choices,
  signatureSchemes: choices,
  alpnProtocols: listOf(aString),
  keyLog: optional(aFunction),
};

const ofClients: Expectations<ClientSettings> = {
  ...expectations,
  keyShareGroups: choices,
  middleboxCompatibility: aBoolean,
  extensions: listOf(objectWith("an extension", { code: aNumber, data: bytes })),
};

const ofServers: Expectations<ServerSettings> = {
  ...expectations,
  followClientToChaCha20: aBoolean,
  maxSkippedEarlyData: aNumber,
  answerExtensions: optional(aFunction),
};

function beforeChecks<Checked extends Settings>(checked: Expectations<Checked>): Expectations<BeforeChecks<Checked>> {
  const { provider, random } = checked;
  const all = Object.entries<Expectation>(checked).map(([name, expected]) => [name, optional(expected)]);
  // the same names, which Object.entries forgets
  return { ...Object.fromEntries(all), provider, random } as Expectations<BeforeChecks<Checked>>;
}

/** What each option of a client has to be; for hosts that check them together with options of their own. */
export const clientExpectations: Expectations<ClientHandshakeOptions> = beforeChecks(ofClients);

/** What each option of a server has to be; for hosts that check them together with options of their own. */
export const serverExpectations: Expectations<ServerHandshakeOptions> = beforeChecks(ofServers);

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkClientHandshakeSettings(settings: ClientHandshakeSettings<unknown>): void {
  check(settings, "settings", anObject);
  checkArguments(settings, { ...ofClients, serverName: optional(aString), verifyPeer: aFunction });
}

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkServerHandshakeSettings(settings: ServerHandshakeSettings): void {
  check(settings, "settings", anObject);
  checkArguments(settings, { ...ofServers, forClient: optional(aFunction), selectCredential: aFunction });
}

/**
 * A client's settings, checked and completed. What else the options have isn't looked at, so that a host can hand on its
 * own as they are.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice`, `invalid_alpn_protocol`, `extension_not_own`,
 *   `duplicate_extension`, `out_of_range` (the caller's fault)
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
  return {
    ...settings,
    keyShareGroups,
    middleboxCompatibility: options.middleboxCompatibility ?? true,
    // not slice: a Buffer's slice is a view
    extensions: extensions.map(({ code, data }) => ({ code, data: new Uint8Array(data) })),
  };
}

/**
 * A server's settings, checked and completed. What else the options have isn't looked at, so that a host can hand on its
 * own as they are.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice`, `invalid_alpn_protocol`, `out_of_range` (the caller's
 *   fault)
 */
export function serverSettings(options: ServerHandshakeOptions): ServerSettings {
  checkArguments(options, serverExpectations);
  const maxSkippedEarlyData = options.maxSkippedEarlyData ?? defaultMaxSkippedEarlyData;
  if (!Number.isSafeInteger(maxSkippedEarlyData) || maxSkippedEarlyData < 0) {
    throw callerError("out_of_range", `maxSkippedEarlyData is ${maxSkippedEarlyData}, not a number of bytes`);
  }
  return {
    ...completed(options),
    followClientToChaCha20: options.followClientToChaCha20 ?? options.cipherSuites === undefined,
    maxSkippedEarlyData,
    answerExtensions: options.answerExtensions,
  };
}

function completed(options: BeforeChecks<Settings>): Settings {
  const { provider, random, keyLog, alpnProtocols = [] } = options;
  for (const protocol of alpnProtocols) checkAlpnProtocol(protocol);
  return {
    provider,
    random,
    cipherSuites: chosen("cipherSuites", options.cipherSuites, defaultCipherSuites, (suites) =>
      availableCipherSuites(provider, suites),
    ),
    namedGroups: chosen("namedGroups", options.namedGroups, defaultNamedGroups, (groups) =>
      availableNamedGroups(provider, groups),
    ),
    signatureSchemes: chosen("signatureSchemes", options.signatureSchemes, defaultSignatureSchemes, (schemes) =>
      availableSignatureSchemes(provider, schemes),
    ),
    alpnProtocols: [...alpnProtocols],
    keyLog,
  };
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

/** RFC 7301 §3.1: 1 to 255 bytes. */
function checkAlpnProtocol(protocol: string): void {
  if (!/^[\x20-\x7e]{1,255}$/.test(protocol)) {
    throw callerError(
      "invalid_alpn_protocol",
      `an ALPN protocol has 1 to 255 ASCII characters: ${JSON.stringify(protocol)}`,
    );
  }
}
