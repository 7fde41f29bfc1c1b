import { type Awaitable, run } from "@tlskit/crypto";
import { bytes, checkArguments } from "@tlskit/wire/arguments";
import { KeyedSealing, type KeyedSealingOptions } from "./keyed-sealing.ts";

/**
 * What a server puts into the cookie of a HelloRetryRequest (RFC 9846 §4.3.2), so that it needn't keep anything until the
 * second ClientHello comes. It may answer later.
 */
export interface Cookies {
  /** A cookie that says this; none if there can't be one now. */
  cookieFor(state: Uint8Array): Awaitable<Uint8Array | undefined>;
  /** What a cookie says; none if it isn't one of these. Whoever sends it may have seen it on the wire only. */
  stateOf(cookie: Uint8Array): Awaitable<Uint8Array | undefined>;
}

/** What sealed cookies are made with. */
export type SealedCookiesOptions = KeyedSealingOptions;

/** Cookies that are sealed with ticket keys, which may be those of {@link SealedTickets}: neither passes for the other. */
export class SealedCookies implements Cookies {
  readonly #sealing: KeyedSealing;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `unsupported_choice` (the caller's fault) */
  constructor(options: SealedCookiesOptions) {
    this.#sealing = new KeyedSealing("SealedCookies", "cookie", options);
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  cookieFor(state: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ state }, { state: bytes });
    return run(this.#sealing.seal(state));
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  stateOf(cookie: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ cookie }, { cookie: bytes });
    return run(this.#sealing.open(cookie));
  }
}
