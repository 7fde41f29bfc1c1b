import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import {
  type Awaitable,
  type CryptoProvider,
  constantTimeEqual,
  type HashName,
  type Steps,
  wait,
} from "@tlskit/crypto";
import {
  type ExternalPsk,
  type ImportedIdentity,
  type PskHash,
  type PskProtocol,
  parseImportedIdentity,
} from "@tlskit/keyschedule";
import { type ClientHello, extensionIn, offeredPsks } from "@tlskit/messages";
import { callerError, equalBytes, toHex } from "@tlskit/wire";
import { aFunction, check, type Expectation, listOf, objectWith, optional } from "@tlskit/wire/arguments";
import { maxExternalPskBytes, maxIdentitiesTried } from "./limits.ts";

/** A name that a client offers a pre-shared key under. */
export interface OfferedIdentity {
  /** As it came. */
  readonly identity: Uint8Array;
  /** What it says if the key is imported (RFC 9258); nothing if it can't be that. */
  readonly imported: ImportedIdentity | undefined;
  /** What the key has to be for: a name may be that of two. */
  readonly protocol: PskProtocol;
}

/**
 * Gives the pre-shared key that a client names, at once or later; nothing for a name that isn't known, which may be a ticket
 * of this very server's. It is asked about four names of a client's at most, and what it gives is taken only under the name
 * that it was asked about.
 * @throws {TlsError} made by `peerError`, to refuse the client with an alert; anything else that it throws is
 * `internal_error` for the client
 */
export type FindExternalPsk = (offered: OfferedIdentity) => Awaitable<ExternalPsk | undefined>;

/** By what it can do: the class is bundled by whoever makes one. */
export const anExternalPsk: Expectation = objectWith("an ExternalPsk of @tlskit/keyschedule", {
  hashesAmong: aFunction,
  isUsedOtherwise: aFunction,
});
export const externalPskList: ReturnType<typeof listOf> = listOf(anExternalPsk);

/**
 * Keys that a context has, checked together.
 * @param earlierSuites of the versions before TLS 1.3.
 * @throws {TlsError} `unsupported_choice` for one that goes with no cipher suite; `duplicate_external_psk` for two of one
 *   name; `external_psk_reused` for a key that is used in two ways (the caller's fault)
 */
export function checkExternalPsks(
  psks: readonly ExternalPsk[],
  hashes: readonly HashName[],
  earlierSuites: readonly Tls12CipherSuite[],
): void {
  const names = new Set<string>();
  for (const psk of psks) {
    const own = psk.hashesAmong(hashes);
    const isTaken = psk.hash === undefined ? earlierSuites.some(takesPsk) : own.length > 0;
    if (!isTaken) {
      throw callerError(
        "unsupported_choice",
        `externalPsks has a key for ${psk.hash ?? psk.protocol}, which no cipher suite takes`,
      );
    }
    const identities = psk.hash === undefined ? [psk.identity] : own.map((hash) => psk.identityFor(hash));
    for (const name of identities.map((identity) => `${psk.protocol} ${toHex(identity)}`)) {
      if (names.has(name)) throw callerError("duplicate_external_psk", "externalPsks has two keys of one identity");
      names.add(name);
    }
  }
  // RFC 9258 §4#importer-alone, §4#one-hash
  if (psks.some((psk, index) => psks.slice(0, index).some((other) => psk.isUsedOtherwise(other)))) {
    throw callerError("external_psk_reused", "externalPsks has a key twice, imported and as it is or with two hashes");
  }
}

/**
 * What a client offers has to fit into a ClientHello.
 * @throws {TlsError} `out_of_range` (the caller's fault)
 */
export function checkOfferedLength(psks: readonly ExternalPsk[], hashes: readonly HashName[]): void {
  const names = psks.flatMap((psk) => psk.hashesAmong(hashes).map((hash) => psk.identityFor(hash)));
  // Besides its bytes: its length, an age, and a binder with its own length.
  const length = names.reduce((sum, name) => sum + name.length + 2 + 4 + 1 + 48, 0);
  if (length > maxExternalPskBytes) {
    throw callerError(
      "out_of_range",
      `externalPsks take ${length} bytes of a ClientHello, which may be ${maxExternalPskBytes}`,
    );
  }
}

/** Whether a suite of TLS 1.2 needs a pre-shared key from outside. */
export function takesPsk({ keyExchange }: Tls12CipherSuite): boolean {
  return keyExchange.endsWith("PSK");
}

/** A key that a server has under a name. */
export interface KnownPsk {
  readonly psk: ExternalPsk;
  /** That it is for under this name. */
  readonly hash: PskHash;
  /** Its place in the server's own order. */
  readonly rank: number;
}

/** The names of a list are found without going through it. A list is a context's, and isn't changed. */
const indices = new WeakMap<readonly ExternalPsk[], ReadonlyMap<string, KnownPsk>>();

function indexOf(psks: readonly ExternalPsk[]): ReadonlyMap<string, KnownPsk> {
  const known = indices.get(psks);
  if (known !== undefined) return known;
  const made = new Map(
    psks.flatMap((psk, rank) =>
      pskHashes(psk).map((hash) => [toHex(psk.identityFor(hash)), { psk, hash, rank }] as const),
    ),
  );
  indices.set(psks, made);
  return made;
}

function pskHashes(psk: ExternalPsk): readonly PskHash[] {
  return psk.hashesAmong(["SHA-256", "SHA-384"]);
}

/** The key of a name, if there is one; its place in the order of a lookup is the client's. */
export function* findExternalPsk(
  source: readonly ExternalPsk[] | FindExternalPsk,
  identity: Uint8Array,
): Steps<KnownPsk | undefined> {
  if (typeof source !== "function") return indexOf(source).get(toHex(identity));
  // Copies: the bytes of the ClientHello aren't the application's.
  const own = Uint8Array.from(identity);
  const psk = yield* askForPsk(source, { identity: own, imported: parseImportedIdentity(own), protocol: "TLS 1.3" });
  // RFC 9258 §5.1: of everything that an imported key is made for, nothing may be another.
  const hash = psk && pskHashes(psk).find((each) => equalBytes(psk.identityFor(each), identity));
  return psk && hash && { psk, hash, rank: 0 };
}

/** What a lookup gives, if it is a key at all. */
export function* askForPsk(source: FindExternalPsk, offered: OfferedIdentity): Steps<ExternalPsk | undefined> {
  const psk = yield* wait(source(offered));
  check(psk, "what externalPsks gave", optional(anExternalPsk));
  return psk;
}

/** A key from outside that a client offers and the server has. */
export interface OfferedExternalPsk extends KnownPsk {
  readonly identity: Uint8Array;
}

/** Those of a ClientHello, the server's first choice first. A lookup is asked about a few names alone. */
export function* offeredExternalPsks(
  source: readonly ExternalPsk[] | FindExternalPsk,
  hello: ClientHello,
): Steps<readonly OfferedExternalPsk[]> {
  const identities = extensionIn(hello, offeredPsks)?.identities ?? [];
  const none = typeof source !== "function" && source.length === 0;
  const looked = typeof source === "function" ? identities.slice(0, maxIdentitiesTried) : none ? [] : identities;
  const found: OfferedExternalPsk[] = [];
  for (const { identity } of looked) {
    const known = yield* findExternalPsk(source, identity);
    if (known !== undefined) found.push({ ...known, identity });
  }
  return found.sort((one, other) => one.rank - other.rank);
}

/** Whether a session of a cipher suite of this hash began with this very key. */
export function isMarkOf(
  provider: CryptoProvider,
  psk: ExternalPsk,
  hash: HashName,
  externalMark: Uint8Array,
): boolean {
  const mark = psk.mark(provider, hash);
  return mark !== undefined && constantTimeEqual(mark, externalMark);
}
