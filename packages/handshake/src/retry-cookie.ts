import type { CipherSuite, NamedGroup } from "@tlskit/ciphersuites";
import { type HashFunction, type Steps, wait } from "@tlskit/crypto";
import { type ClientHello, cookie, earlyDataIndication, extensionIn } from "@tlskit/messages";
import {
  type Codec,
  callerError,
  decode,
  encode,
  equalBytes,
  opaqueVector,
  struct,
  TlsError,
  uint8,
  uint16,
  uint64,
} from "@tlskit/wire";
import { illegalParameter } from "./extension-rules.ts";
import { cookieLifetime } from "./limits.ts";
import { checkNoEarlyData, keptParts, secondHelloDiffers } from "./second-client-hello.ts";
import type { ServerHandshakeSettings } from "./settings.ts";

/** What a server's cookie says: all that it has to know of a first ClientHello to go on with the second. */
export interface RetryState {
  /** Of these fields: another one means that another version wrote them. */
  readonly form: number;
  /** When the HelloRetryRequest was sent, in milliseconds since 1970. */
  readonly sentAt: bigint;
  /** CipherSuite code point. */
  readonly cipherSuite: number;
  /** NamedGroup code point, which a share is asked for. */
  readonly group: number;
  readonly offersEarlyData: number;
  /** Hash of the first ClientHello (RFC 9846 §4.1), by the cipher suite's hash. */
  readonly clientHello1: Uint8Array;
  /** Hash of what must stay as it is, by the same. */
  readonly kept: Uint8Array;
  /** Whom the cookie is for, as the host says. */
  readonly binding: Uint8Array;
}

const codec: Codec<RetryState> = struct<RetryState>("RetryState", {
  form: uint8,
  sentAt: uint64,
  cipherSuite: uint16,
  group: uint16,
  offersEarlyData: uint8,
  clientHello1: opaqueVector(1, 255),
  kept: opaqueVector(1, 255),
  binding: opaqueVector(0, 255),
});

const form = 1;
const noBinding = new Uint8Array(0);

/**
 * RFC 9846 §4.3.2: a cookie for a HelloRetryRequest; nothing if none are wanted.
 * @param clientHello1 the transcript's hash when the first ClientHello is all there is
 */
export function* retryCookie(
  { cookies, cookieBinding = noBinding, clock }: ServerHandshakeSettings,
  hello: ClientHello,
  cipherSuite: CipherSuite,
  group: NamedGroup,
  hash: HashFunction,
  clientHello1: Uint8Array,
): Steps<Uint8Array | undefined> {
  if (cookies === undefined) return undefined;
  const state = encode(codec, {
    form,
    sentAt: BigInt(Math.trunc(clock())),
    cipherSuite: cipherSuite.code,
    group: group.code,
    offersEarlyData: extensionIn(hello, earlyDataIndication) === undefined ? 0 : 1,
    clientHello1,
    kept: hash.digest(keptParts(hello)),
    binding: cookieBinding,
  });
  const made = yield* wait(cookies.cookieFor(state));
  if (made === undefined) throw callerError("no_cookie", "there is no cookie for a HelloRetryRequest");
  return made;
}

/**
 * RFC 9846 §4.3.2: what a ClientHello with a cookie of ours goes on from; nothing for a first one.
 * @throws {TlsError} `invalid_cookie`, `cookie_expired`, with the alert that RFC 9147 §5.1 has for cookies
 */
export function* recallRetry(
  { cookies, cookieBinding = noBinding, clock }: ServerHandshakeSettings,
  hello: ClientHello,
): Steps<RetryState | undefined> {
  const given = extensionIn(hello, cookie);
  if (cookies === undefined || given === undefined) return undefined;
  const bytes = yield* wait(cookies.stateOf(given));
  const state = bytes && stateIn(bytes);
  if (state === undefined || !equalBytes(state.binding, cookieBinding)) throw invalidCookie();
  // Not the other way round: of a clock that isn't a number nothing is within.
  if (!(Math.abs(clock() - Number(state.sentAt)) <= cookieLifetime)) {
    throw illegalParameter("cookie_expired", `the cookie was not made within the last ${cookieLifetime} ms`);
  }
  return state;
}

function stateIn(bytes: Uint8Array): RetryState | undefined {
  try {
    const state = decode(codec, bytes);
    return state.form === form ? state : undefined;
  } catch (error) {
    if (error instanceof TlsError && error.code === "decode_error") return undefined;
    throw error;
  }
}

/** RFC 9846 §4.2.2: a second ClientHello is the first but for what may differ, of which a hash is left. */
export function checkAgainst({ kept }: RetryState, second: ClientHello, hash: HashFunction): void {
  checkNoEarlyData(second);
  if (!equalBytes(hash.digest(keptParts(second)), kept)) throw secondHelloDiffers();
}

/** One error for all that a cookie can be but too old: what it isn't can't be told from what it says. */
export function invalidCookie(): TlsError {
  return illegalParameter("invalid_cookie", "the cookie isn't one that was sent to this client");
}
