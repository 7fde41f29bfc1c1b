import { type Awaitable, type Random, type Steps, wait } from "@tlskit/crypto";
import { ExternalPsk, maxTls12PskIdentityLength } from "@tlskit/keyschedule";
import { PskServerKeyExchange } from "@tlskit/messages";
import { Alert, asciiBytes, callerError, equalBytes, peerError, toHex } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  bytes,
  check,
  checkOptions,
  type Expectations,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import { askForOwnPsk } from "../external-psk-for.ts";
import { askForPsk } from "../external-psks.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";
import type { UnsignedAnnouncement } from "./key-exchange.ts";

/** What key exchanges with pre-shared keys can be told. The keys are the settings' `externalPsks`, those for TLS 1.2. */
export interface PskOptions {
  /**
   * At a server: what all clients are told, for them to choose a key by, in the clear, 1 to 8,192 bytes. Application protocols
   * say what stands in it. RFC 4279 §5.2#no-hint: none unless told otherwise.
   */
  readonly identityHint?: Uint8Array | undefined;
  /**
   * At a client: chooses one of its keys by the server's hint, at once or later; nothing to give up. Unless told otherwise
   * the hint is passed over, and the first key is used.
   * @param hint nothing if the server gives none. Whoever is on the way can change it: it is believed when the handshake is
   * over.
   */
  readonly choosePsk?:
    | ((hint: Uint8Array | undefined, psks: readonly ExternalPsk[]) => Awaitable<ExternalPsk | undefined>)
    | undefined;
  /**
   * At a server: whether a client whose key isn't known by its name is told so at once. Anybody finds out then which names
   * are known. Unless told otherwise it fares as one whose key is a wrong one.
   */
  readonly tellUnknownIdentity?: boolean | undefined;
}

const expected: Expectations<PskOptions> = {
  identityHint: optional(bytes),
  choosePsk: optional(aFunction),
  tellUnknownIdentity: optional(aBoolean),
};

/** What is always there. */
export type CheckedPskOptions = Omit<PskOptions, "identityHint"> & {
  /** Empty for none: where a ServerKeyExchange is sent anyway that is how it says so (RFC 4279 §3). */
  readonly identityHint: Uint8Array;
};

/** @throws {TlsError} `invalid_argument`, `unknown_option`; `out_of_range` for a hint that is too long (the caller's fault) */
export function checkPskOptions(name: string, options: PskOptions): CheckedPskOptions {
  checkOptions(name, options, expected);
  const { identityHint = new Uint8Array(0) } = options;
  if (
    (options.identityHint !== undefined && identityHint.length === 0) ||
    identityHint.length > maxTls12PskIdentityLength
  ) {
    throw callerError(
      "out_of_range",
      `an identity hint has 1 to ${maxTls12PskIdentityLength} bytes, not ${identityHint.length}`,
    );
  }
  return { ...options, identityHint: new Uint8Array(identityHint) };
}

/** RFC 4279 §2: the ServerKeyExchange that has nothing but a hint, if there is one. */
export function hintAlone({ identityHint }: CheckedPskOptions): UnsignedAnnouncement | undefined {
  if (identityHint.length === 0) return undefined;
  return { params: undefined, send: (io) => io.send(PskServerKeyExchange, { identityHint }) };
}

function isOfTls12({ protocol }: ExternalPsk): boolean {
  return protocol === "TLS 1.2";
}

/** Those for TLS 1.2. */
export function tls12Psks(psks: readonly ExternalPsk[]): readonly ExternalPsk[] {
  return psks.filter(isOfTls12);
}

/** Whether a server may have a key for some client. */
export function hasTls12Psks({ externalPsks }: ServerHandshakeSettings): boolean {
  return typeof externalPsks === "function" || externalPsks.some(isOfTls12);
}

/**
 * A client's key for a server.
 * @param hint empty or nothing if there is none.
 */
export function* chosenPsk(
  { choosePsk }: PskOptions,
  { externalPsks, externalPskFor }: ClientHandshakeSettings<unknown>,
  hint: Uint8Array | undefined,
): Steps<ExternalPsk> {
  const psks = tls12Psks(externalPsks);
  const told = hint?.length ? Uint8Array.from(hint) : undefined;
  if (choosePsk === undefined && externalPskFor !== undefined) {
    const given = yield* askForOwnPsk(externalPskFor, { protocol: "TLS 1.2", hint: told });
    if (given !== undefined) return given;
  }
  // RFC 4279 §5.2#hint-ignored
  const chosen = choosePsk === undefined ? psks[0] : yield* wait(choosePsk(told, psks));
  check(chosen, "what choosePsk gave", optional(instanceOf(ExternalPsk, "@tlskit/keyschedule")));
  if (chosen === undefined) {
    throw peerError(
      "no_psk_for_hint",
      Alert.handshakeFailure,
      "there is no pre-shared key for what the server hints at",
    );
  }
  if (!psks.includes(chosen)) {
    throw callerError("unsupported_choice", "choosePsk gave a key that isn't one of externalPsks, for TLS 1.2");
  }
  return chosen;
}

/**
 * A server's key for a client: where it knows none by that name, one that nobody has (RFC 4279 §2).
 * @throws {TlsError} `unknown_psk_identity`
 */
export function* pskNamed(
  { tellUnknownIdentity = false }: PskOptions,
  { externalPsks, random }: ServerHandshakeSettings,
  identity: Uint8Array,
): Steps<ExternalPsk> {
  // Made whether it is needed or not, and as long as the first of a list: what is done here doesn't tell whether it is.
  const nobodys = nobodysPsk(externalPsks, random);
  const known = yield* findPsk(externalPsks, Uint8Array.from(identity));
  if (known === undefined && tellUnknownIdentity) {
    // RFC 4279 §2
    throw peerError(
      "unknown_psk_identity",
      Alert.unknownPskIdentity,
      "no pre-shared key is known by the client's name for it",
    );
  }
  return known ?? nobodys;
}

function nobodysPsk(externalPsks: ServerHandshakeSettings["externalPsks"], random: Random): ExternalPsk {
  const first = typeof externalPsks === "function" ? undefined : externalPsks.find(isOfTls12);
  return (
    first?.nobodys(random) ?? new ExternalPsk({ identity: asciiBytes("nobody"), key: random(32), protocol: "TLS 1.2" })
  );
}

/** The names of a list are found without going through it. A list is a context's, and isn't changed. */
const indices = /* @__PURE__ */ new WeakMap<readonly ExternalPsk[], ReadonlyMap<string, ExternalPsk>>();

/** The key of a name, if there is one. */
export function* findPsk(
  source: ServerHandshakeSettings["externalPsks"],
  identity: Uint8Array,
): Steps<ExternalPsk | undefined> {
  if (typeof source !== "function") {
    const index = indices.get(source) ?? new Map(tls12Psks(source).map((psk) => [toHex(psk.identity), psk]));
    indices.set(source, index);
    return index.get(toHex(identity));
  }
  const psk = yield* askForPsk(source, { identity, imported: undefined, protocol: "TLS 1.2" });
  return psk !== undefined && isOfTls12(psk) && equalBytes(psk.identity, identity) ? psk : undefined;
}
