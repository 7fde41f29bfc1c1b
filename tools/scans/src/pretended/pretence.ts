import type { KeyObject } from "node:crypto";
import type { ReceivedHello } from "./received-hello.ts";
import type { PretendedSuite } from "./suites.ts";

/** What a pretended server would have. */
export interface Pretence {
  /** Versions from SSL 3.0 (0x0300) to TLS 1.2 (0x0303). */
  readonly versions: readonly number[];
  /** In its own order. */
  readonly cipherSuites: readonly PretendedSuite[];
  /** Whose order counts: its own unless told otherwise. */
  readonly order?: "server" | "client" | undefined;
  /** DER, its own first. */
  readonly chain: readonly Uint8Array[];
  /** Where another one is shown, or none at all, to hellos without a name (RFC 6066 §3): `chain` unless told otherwise. */
  readonly chainWithoutName?: readonly Uint8Array[] | "refused" | undefined;
  /** Groups of ECDHE, in its own order: secp256r1 and x25519 unless told otherwise. */
  readonly groups?: readonly number[] | undefined;
  /** What it signs by, in its own order: rsa_pkcs1_sha256 unless told otherwise. */
  readonly signatureSchemes?: readonly number[] | undefined;
  /** What it has for DHE: ffdhe2048 unless told otherwise. */
  readonly dh?: { readonly prime: Uint8Array; readonly generator: Uint8Array } | undefined;
  /** Whether all its key shares, of DHE and of each group, are the same. */
  readonly reusesShares?: boolean | undefined;
  /** Methods that it prefers to null if a client has them. */
  readonly compressionMethods?: readonly number[] | undefined;
  /** What it answers to extensions, by code, where a client has them: nothing to all that aren't here. */
  readonly extensions?: Readonly<Record<number, Uint8Array>> | undefined;
  /** RFC 7366: whether it has it, for suites that it is for. */
  readonly encryptThenMac?: boolean | undefined;
  /** RFC 5746: whether it answers. */
  readonly secureRenegotiation?: boolean | undefined;
  /** RFC 7507. */
  readonly fallbackScsv?: boolean | undefined;
  /** ALPN's protocols, in its own order, and it refuses who has none of them; or it takes the client's first, whatever it is. */
  readonly alpn?: readonly string[] | "anything" | undefined;
  /** An OCSP response that it staples (RFC 6066 §8). */
  readonly staple?: Uint8Array | undefined;
  /** SSL 2.0's cipher kinds, if it speaks that. */
  readonly ssl2?: readonly number[] | undefined;
  /** What it does about a hello that it can't stand, instead of an answer. */
  readonly intolerant?: ((hello: ReceivedHello) => Intolerance | undefined) | undefined;
  /** Faults of implementations that it has, in what it says to a client that goes on. */
  readonly flaws?: PretendedFlaws | undefined;
  /** TLS 1.3, as far as a ServerHello goes: behind it comes what nobody can decrypt. */
  readonly tls13?: PretendedTls13 | undefined;
  /** RFC 5246 §7.4.4: whether it asks for a certificate, and of which authorities, by their names' DER. */
  readonly asksForCertificates?: readonly Uint8Array[] | undefined;
}

/** What servers do about hellos that they can't stand: an alert by its description, an end, or nothing at all. */
export type Intolerance = number | "close" | "silence";

/** Faults that are known by name. */
export interface PretendedFlaws {
  /** CVE-2014-0160: it answers a heartbeat with more than came. */
  readonly heartbleed?: boolean | undefined;
  /** CVE-2014-0224: it takes an early change_cipher_spec, and everything behind it for encrypted. */
  readonly ccsInjection?: boolean | undefined;
  /** Bleichenbacher's oracle: with its RSA key it tells by an alert of its own what was no block of PKCS #1. */
  readonly robot?: KeyObject | undefined;
  /** CVE-2016-9244: it answers every session identifier with 32 octets. */
  readonly ticketbleed?: boolean | undefined;
}

/** What there is of TLS 1.3. */
export interface PretendedTls13 {
  /** In its own order. */
  readonly cipherSuites: readonly number[];
  /** In its own order, with how long its shares are. */
  readonly groups: readonly { readonly code: number; readonly shareLength: number }[];
  /** Whether it asks for a group that it prefers although another has a share. */
  readonly retriesForPreferred?: boolean | undefined;
}
