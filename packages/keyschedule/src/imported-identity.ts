import type { HashName } from "@tlskit/crypto";
import { type Codec, decode, opaqueVector, struct, TlsError, uint16 } from "@tlskit/wire";
import { bytes, check } from "@tlskit/wire/arguments";

/** RFC 9258 §5.1: the identity of an imported key, as it is on the wire: everything that the key is made for. */
export interface ImportedIdentity {
  /** Of the key that was imported. */
  readonly externalIdentity: Uint8Array;
  /** What the two ends agree upon beside it, in the clear; empty if nothing. */
  readonly context: Uint8Array;
  /** ProtocolVersion code point: 0x0304 for TLS 1.3. */
  readonly targetProtocol: number;
  /** TLS KDF Identifier (RFC 9258 §10), known or not. */
  readonly targetKdf: number;
}

/** RFC 9258 §5.1. */
export const ImportedIdentity: Codec<ImportedIdentity> = struct<ImportedIdentity>("ImportedIdentity", {
  externalIdentity: opaqueVector(1, 0xffff),
  context: opaqueVector(0, 0xffff),
  targetProtocol: uint16,
  targetKdf: uint16,
});

/** The hashes of TLS 1.3's key schedules. */
export type PskHash = Extract<HashName, "SHA-256" | "SHA-384">;

/** RFC 9258 §10: the TLS KDF Identifiers of TLS 1.3's cipher suites. */
export const tlsKdfs: Readonly<Record<PskHash, number>> = { "SHA-256": 0x0001, "SHA-384": 0x0002 };

/**
 * An identity of a ClientHello as that of an imported key; nothing if it isn't one. A label of another kind may look like
 * one by chance: it means something only to who has such a key.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function parseImportedIdentity(identity: Uint8Array): ImportedIdentity | undefined {
  check(identity, "identity", bytes);
  try {
    return decode(ImportedIdentity, identity);
  } catch (error) {
    if (error instanceof TlsError && error.code === "decode_error") return undefined;
    throw error;
  }
}
