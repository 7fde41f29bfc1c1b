import type { RawExtension } from "@tlskit/messages";
import type { Version } from "../version.ts";

/** A ClientHello to send: what isn't said has the value that most servers answer to. */
export interface HelloOffer {
  /** Which versions are offered: TLS 1.3 by supported_versions, what is older by the hello's own version. */
  readonly versions: readonly Version[];
  /** Codes, in this order. SSL 2.0 has its own, of three octets. */
  readonly cipherSuites: readonly number[];
  /** The target's host unless told otherwise; `null`: no server_name at all. */
  readonly serverName?: string | null | undefined;
  /**
   * Codes of groups, in this order; those that the provider has, and before TLS 1.3 all that are registered, unless told
   * otherwise; none: no such extension.
   */
  readonly groups?: readonly number[] | undefined;
  /** Which groups have a key share (TLS 1.3): the first of `groups` that the provider has unless told otherwise. */
  readonly keyShares?: readonly number[] | undefined;
  /** Codes, in this order; all that are registered unless told otherwise; none: no such extension. */
  readonly signatureSchemes?: readonly number[] | undefined;
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Codes; null (0) alone unless told otherwise. */
  readonly compressionMethods?: readonly number[] | undefined;
  readonly sessionId?: Uint8Array | undefined;
  /** Extensions besides, or instead: one of a code that the hello would have anyway replaces it. */
  readonly extensions?: readonly RawExtension[] | undefined;
  /** Codes of extensions that are left out. */
  readonly leftOut?: readonly number[] | undefined;
  /** The hello's own version (`legacy_version`), where it shall not be what `versions` makes it. */
  readonly legacyVersion?: number | undefined;
  /** The version in the records' headers, where it shall not be the usual one. */
  readonly recordVersion?: number | undefined;
  /** Octets that a record has at most: the hello is split. */
  readonly recordSize?: number | undefined;
}

/** How much of the answer is read. */
export type ReadUntil =
  /** The ServerHello, or HelloRetryRequest. */
  | "hello"
  /** The server's whole flight: ServerHelloDone, or in TLS 1.3 its Finished, which is decrypted and not verified. */
  | "flight";
