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
import { type ClientOffer, checkOwnExtensions, type OwnExtensionsOffer } from "@tlskit/handshake";
import { ClientHello, type MessageLimits, messageLimits, type RawExtension } from "@tlskit/messages";
import { maxPlaintextLength } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import type { IntermediateSource, TrustAnchors } from "@tlskit/x509";
import { defaultHandshakeTimeout, defaultMaxSkippedEarlyData, minRecordSize } from "./limits.ts";
import { type ServerCertificate, ServerCredential } from "./server-credential.ts";

/** What both roles are given. Lists are best first. */
export interface ContextOptions {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them: for certificates' validity and the handshake's time. */
  readonly clock: () => number;
  /**
   * `defaultCipherSuites`, as far as the provider has them and in its order, unless told otherwise. Told nothing, a
   * server gives ChaCha20-Poly1305 to clients that like it best, since they have no AES in hardware.
   */
  readonly cipherSuites?: readonly CipherSuite[] | undefined;
  /** `defaultNamedGroups`, as far as the provider has them and in its order, unless told otherwise. */
  readonly namedGroups?: readonly NamedGroup[] | undefined;
  /** `defaultSignatureSchemes`, as far as the provider has them, unless told otherwise. */
  readonly signatureSchemes?: readonly SignatureScheme[] | undefined;
  /** Application protocols (RFC 7301): `["h2", "http/1.1"]`. None unless told otherwise. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Milliseconds that a handshake may take: 30,000 unless told otherwise. */
  readonly handshakeTimeout?: number | undefined;
  /**
   * Bytes of content that a record of ours has at most: 64 to 2^14, which it is unless told otherwise. Small records
   * can be read before much has come, large ones cost less.
   */
  readonly recordSize?: number | undefined;
  /**
   * Gets the lines of an NSS key log (RFC 9850; `SSLKEYLOGFILE`). Whoever reads them reads the traffic: for debugging
   * alone.
   */
  readonly keyLog?: ((line: string) => void) | undefined;
}

/** What a client is given. */
export interface ClientOptions extends ContextOptions {
  /** The authorities that servers' certificates must lead to. There is no default: whom to trust is the caller's to say. */
  readonly anchors: TrustAnchors;
  /**
   * Who gets the intermediates that a server forgot to send (RFC 5280 §4.2.2.1): `fetchCaIssuers` of `@tlskit/x509`, which
   * tells what that tells whom. It has the time that the handshake has. Nobody unless told.
   */
  readonly missingIntermediates?: IntermediateSource | undefined;
  /**
   * The groups to send key shares for at once: unless told otherwise the first that resists quantum computers and the
   * first that doesn't, so that few servers have to ask again.
   */
  readonly keyShareGroups?: readonly NamedGroup[] | undefined;
  /** RFC 9846 §E.4: whether the handshake looks like one of TLS 1.2 to middleboxes. It does unless told otherwise. */
  readonly middleboxCompatibility?: boolean | undefined;
  /**
   * Extensions of the application's own to be sent in ClientHello, in the clear: none that TLS owns. What the server
   * answers, which it need not do, is in `info.peerExtensions`.
   */
  readonly extensions?: readonly RawExtension[] | undefined;
}

/** What a server is given. */
export interface ServerOptions extends ContextOptions {
  /** At least one; the first is for clients that name nobody whom the others are for. */
  readonly certificates: readonly ServerCertificate[];
  /**
   * Bytes of records of early data, which isn't accepted, that are passed over (RFC 9846 §4.3.10): 2^16 unless told
   * otherwise. More ends the connection.
   */
  readonly maxSkippedEarlyData?: number | undefined;
  /**
   * Bytes that the body of a ClientHello may have: 2^16 unless told otherwise, 131,396 at most, which is all that there
   * can be. A longer one ends the connection.
   */
  readonly maxClientHelloLength?: number | undefined;
  /**
   * Gives the context for a client by what its hello offers, at once or later: other certificates, other application
   * protocols, other choices. Without it this one is for everybody. The two have the same provider; the connection keeps
   * this one's clock, handshake time, record size and length of a ClientHello.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `access_denied`; anything else
   * that it throws is `internal_error` for the client
   */
  readonly contextFor?: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
  /**
   * Answers, at once or later, the extensions of a client's hello that TLS doesn't own, with extensions of the
   * application's own: only such as the client offers. What it was asked about is in `info.peerExtensions`.
   * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `missing_extension`; anything
   * else that it throws is `internal_error` for the client
   */
  readonly answerExtensions?: ((offer: OwnExtensionsOffer) => Awaitable<readonly RawExtension[]>) | undefined;
}

/** What both roles settle once, for any number of connections. */
class Context {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly clock: () => number;
  readonly cipherSuites: readonly CipherSuite[];
  readonly namedGroups: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly alpnProtocols: readonly string[];
  readonly handshakeTimeout: number;
  readonly recordSize: number;
  readonly keyLog: ((line: string) => void) | undefined;
  readonly messageLimits: MessageLimits = messageLimits;

  protected constructor(options: ContextOptions) {
    const { provider } = options;
    this.provider = provider;
    this.random = options.random;
    this.clock = options.clock;
    this.cipherSuites = chosen("cipher suites", options.cipherSuites, defaultCipherSuites, (suites) =>
      availableCipherSuites(provider, suites),
    );
    this.namedGroups = chosen("groups", options.namedGroups, defaultNamedGroups, (groups) =>
      availableNamedGroups(provider, groups),
    );
    this.signatureSchemes = chosen("signature schemes", options.signatureSchemes, defaultSignatureSchemes, (schemes) =>
      availableSignatureSchemes(provider, schemes),
    );
    this.alpnProtocols = [...(options.alpnProtocols ?? [])];
    for (const protocol of this.alpnProtocols) checkAlpnProtocol(protocol);
    this.handshakeTimeout = options.handshakeTimeout ?? defaultHandshakeTimeout;
    this.recordSize = options.recordSize ?? maxPlaintextLength;
    if (!(this.recordSize >= minRecordSize && this.recordSize <= maxPlaintextLength)) {
      throw callerError(
        "out_of_range",
        `records have ${minRecordSize} to ${maxPlaintextLength} bytes of content, not ${this.recordSize}`,
      );
    }
    this.keyLog = options.keyLog;
  }
}

/** A client's settings, checked: made once, shared by any number of connections. */
export class ClientContext extends Context {
  readonly anchors: TrustAnchors;
  readonly missingIntermediates: IntermediateSource | undefined;
  readonly keyShareGroups: readonly NamedGroup[];
  readonly middleboxCompatibility: boolean;
  readonly extensions: readonly RawExtension[];

  /**
   * @throws {TlsError} `no_trust_anchors`, `unsupported_choice`, `invalid_alpn_protocol`, `out_of_range`,
   * `extension_not_own`, `duplicate_extension` (the caller's fault)
   */
  constructor(options: ClientOptions) {
    super(options);
    if (options.anchors.size === 0) {
      throw callerError("no_trust_anchors", "there are no trust anchors, so no server's certificate could be verified");
    }
    this.anchors = options.anchors;
    this.missingIntermediates = options.missingIntermediates;
    const shares = options.keyShareGroups ?? defaultShares(this.namedGroups);
    // RFC 9846 §4.3.8#shares-in-order, §4.3.8#one-share-a-group: shares are for groups that are offered, in their order.
    this.keyShareGroups = this.namedGroups.filter((group) => shares.includes(group));
    if (this.keyShareGroups.length !== shares.length) {
      throw callerError("unsupported_choice", "keyShareGroups has a group that namedGroups hasn't");
    }
    this.middleboxCompatibility = options.middleboxCompatibility ?? true;
    const extensions = options.extensions ?? [];
    checkOwnExtensions(extensions);
    // not slice: a Buffer's slice is a view
    this.extensions = extensions.map(({ code, data }) => ({ code, data: new Uint8Array(data) }));
  }
}

/** A server's settings, checked: made once, shared by any number of connections. */
export class ServerContext extends Context {
  readonly credentials: readonly ServerCredential[];
  /** Whether clients that like ChaCha20-Poly1305 best get it: only if nobody has said which order is ours. */
  readonly followClientToChaCha20: boolean;
  readonly maxSkippedEarlyData: number;
  override readonly messageLimits: MessageLimits;
  readonly contextFor: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
  readonly answerExtensions: ((offer: OwnExtensionsOffer) => Awaitable<readonly RawExtension[]>) | undefined;

  /** @throws {TlsError} `no_certificates`, `certificate_key_mismatch`, `unsupported_choice`, `invalid_alpn_protocol`, `out_of_range` (the caller's fault) */
  constructor(options: ServerOptions) {
    super(options);
    if (options.certificates.length === 0) {
      throw callerError("no_certificates", "a server needs a certificate");
    }
    this.credentials = options.certificates.map((certificate) => new ServerCredential(this, certificate));
    this.followClientToChaCha20 = options.cipherSuites === undefined;
    this.maxSkippedEarlyData = options.maxSkippedEarlyData ?? defaultMaxSkippedEarlyData;
    if (!Number.isSafeInteger(this.maxSkippedEarlyData) || this.maxSkippedEarlyData < 0) {
      throw callerError("out_of_range", `maxSkippedEarlyData is ${this.maxSkippedEarlyData}, not a number of bytes`);
    }
    const maxClientHelloLength = options.maxClientHelloLength ?? messageLimits.ClientHello;
    if (
      !(
        Number.isInteger(maxClientHelloLength) &&
        maxClientHelloLength > 0 &&
        maxClientHelloLength <= ClientHello.maxLength
      )
    ) {
      throw callerError(
        "out_of_range",
        `maxClientHelloLength is 1 to ${ClientHello.maxLength} bytes, not ${maxClientHelloLength}`,
      );
    }
    this.messageLimits = { ...messageLimits, ClientHello: maxClientHelloLength };
    this.contextFor = options.contextFor;
    this.answerExtensions = options.answerExtensions;
  }
}

function defaultShares(namedGroups: readonly NamedGroup[]): readonly NamedGroup[] {
  const [first] = namedGroups;
  const other = namedGroups.find(({ postQuantum }) => postQuantum !== first?.postQuantum);
  return namedGroups.filter((group) => group === first || group === other);
}

function chosen<T extends Registered>(
  what: string,
  wanted: readonly T[] | undefined,
  defaults: readonly T[],
  availableOf: (entries: readonly T[]) => readonly T[],
): readonly T[] {
  const available = availableOf(wanted ?? defaults);
  const list = wanted ?? available;
  if (list.length === 0) throw callerError("unsupported_choice", `there are no ${what} to choose from`);
  for (const entry of list) {
    if (!available.includes(entry)) {
      throw callerError("unsupported_choice", `the provider does not support ${entry.name}`);
    }
  }
  // RFC 9846 §4.3.7#no-duplicates
  if (new Set(list.map(({ code }) => code)).size !== list.length)
    throw callerError("unsupported_choice", `one of the ${what} comes twice`);
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
