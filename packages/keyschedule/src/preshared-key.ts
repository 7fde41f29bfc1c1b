import type { HashFunction } from "@tlskit/crypto";
import { bytes, checkArguments } from "@tlskit/wire/arguments";
import { aHash } from "./expectations.ts";
import type { ExternalPsk } from "./external-psk.ts";

/** Where a pre-shared key comes from: out of a ticket, from outside TLS as it is, or from there by an importer (RFC 9258). */
export type PskKind = "resumption" | "external" | "imported";

/**
 * RFC 9846 §7.1, RFC 9258 §5.2: binder keys differ with where a key comes from, so that a key of one kind can't pass for
 * one of another.
 */
export const binderLabels: Readonly<Record<PskKind, string>> = {
  resumption: "res binder",
  external: "ext binder",
  imported: "imp binder",
};

/** Tells secrets' owners apart from whoever has the object alone. */
let keyOf: (psk: PresharedKey) => Uint8Array;
let make: <Kind extends PskKind>(
  kind: Kind,
  hash: HashFunction,
  key: Uint8Array,
  from: ExternalPsk,
) => PresharedKey<Kind>;

/**
 * A pre-shared key as TLS 1.3 uses it, of a kind that is part of its type, for the one hash that it may be used with (RFC
 * 9846 §4.3.11). One from outside comes of an `ExternalPsk`.
 */
export class PresharedKey<Kind extends PskKind = PskKind> {
  readonly kind: Kind;
  readonly hash: HashFunction;
  /** What it was made of, if it comes from outside. */
  readonly externalPsk: ExternalPsk | undefined;
  readonly #key: Uint8Array;

  static {
    keyOf = (psk) => psk.#key;
    make = (kind, hash, key, from) => new PresharedKey(kind, hash, key, from);
  }

  private constructor(kind: Kind, hash: HashFunction, key: Uint8Array, externalPsk: ExternalPsk | undefined) {
    this.kind = kind;
    this.hash = hash;
    this.externalPsk = externalPsk;
    this.#key = new Uint8Array(key);
  }

  /**
   * A ticket's key: what {@link ResumptionSecret.presharedKey} gave.
   * @param hash of the connection that the ticket came on.
   * @param key which is copied, so that the caller's can be wiped.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  static ofTicket(hash: HashFunction, key: Uint8Array): PresharedKey<"resumption"> {
    checkArguments({ hash, key }, { hash: aHash, key: bytes });
    return new PresharedKey("resumption", hash, key, undefined);
  }
}

/** The key itself, for the schedule alone. */
export function keyBytes(psk: PresharedKey): Uint8Array {
  return keyOf(psk);
}

/** A key from outside, for who knows that it is one. */
export function presharedKey<Kind extends Exclude<PskKind, "resumption">>(
  kind: Kind,
  hash: HashFunction,
  key: Uint8Array,
  from: ExternalPsk,
): PresharedKey<Kind> {
  return make(kind, hash, key, from);
}
