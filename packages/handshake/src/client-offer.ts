import type { Awaitable } from "@tlskit/crypto";
import type { RawExtension } from "@tlskit/messages";

/** What a client's hello offers, whether or not it is known here: code points, in the client's order. */
export interface ClientOffer {
  /** The host name in server_name. */
  readonly serverName: string | undefined;
  /** RFC 7301; bytes that are not printable ASCII are escaped. */
  readonly alpnProtocols: readonly string[];
  readonly versions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly namedGroups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** The ClientHello as it came, with its header. */
  readonly bytes: Uint8Array;
}

/** The application protocols that a client offers, to be chosen from. */
export interface AlpnOffer {
  /** What the client asks for in server_name. */
  readonly serverName: string | undefined;
  /** RFC 7301, in the client's order; bytes that are not printable ASCII are escaped, and such a one can't be chosen. */
  readonly alpnProtocols: readonly string[];
}

/** Chooses one of them, at once or later; nothing if none will do. */
export type SelectAlpnProtocol = (offer: AlpnOffer) => Awaitable<string | undefined>;

/** What a client's hello offers besides what the handshake owns. */
export interface OwnExtensionsOffer {
  /** In the client's order; their data is in copies. */
  readonly extensions: readonly RawExtension[];
  /** What the client asks for in server_name. */
  readonly serverName: string | undefined;
  /** The application protocol that has been chosen. */
  readonly alpnProtocol: string | undefined;
}

/** Answers what a client offers of its own. */
export type AnswerExtensions = (offer: OwnExtensionsOffer) => Awaitable<readonly RawExtension[]>;
