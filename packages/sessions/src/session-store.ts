import type { Awaitable } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { aFunction, aNumber, aString, bytes, checkArguments, checkOptions, optional } from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { defaultStoreSize, maxSessionsPerServer } from "./limits.ts";

/**
 * Where a client keeps sessions, by server: in memory, in a file, at another process. It may answer later. What it throws
 * means that there is no session.
 */
export interface SessionStore {
  /**
   * Keeps a session.
   * @param server whose it is, as the client calls it: a host, and its port where there is more than one.
   * @param expiresAt milliseconds since 1970: it is of no use afterwards.
   */
  put(server: string, session: Uint8Array, expiresAt: number): Awaitable<void>;
  /**
   * Gives a session, to nobody else: two connections that ask at once get two, or one gets none. The same session used
   * twice shows whoever looks on that both are the same client's (RFC 9846 §C.4).
   */
  take(server: string): Awaitable<Uint8Array | undefined>;
  /**
   * RFC 5246 §7.2.2: forgets a session that was put, if it is still there: its connection failed. One that `take` has given
   * already is resumed.
   */
  forget(server: string, session: Uint8Array): Awaitable<void>;
}

/** What a store in memory is made with. */
export interface MemorySessionStoreOptions {
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /** Bytes of sessions that are kept at most: 2^24 unless told otherwise. What wasn't used for longest goes first. */
  readonly size?: number | undefined;
}

interface Kept {
  readonly session: Uint8Array;
  readonly expiresAt: number;
}

/** Sessions in memory: as long as the process lives, and bounded. */
export class MemorySessionStore implements SessionStore {
  readonly #clock: () => number;
  readonly #size: number;
  /** By server; the one that wasn't used for longest first. The newest session of a server is its last. */
  readonly #servers = new Map<string, Kept[]>();
  #bytes = 0;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: MemorySessionStoreOptions) {
    checkOptions("MemorySessionStore", options, { clock: aFunction, size: optional(aNumber) });
    this.#clock = options.clock;
    this.#size = checkSize("size", options.size ?? defaultStoreSize);
  }

  /** Bytes of the sessions that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  put(server: string, session: Uint8Array, expiresAt: number): void {
    checkArguments({ server, session, expiresAt }, { server: aString, session: bytes, expiresAt: aNumber });
    if (session.length > this.#size || expiresAt <= this.#clock()) return;
    const kept = this.#servers.get(server) ?? [];
    this.#servers.delete(server);
    this.#servers.set(server, kept);
    kept.push({ session: new Uint8Array(session), expiresAt });
    this.#bytes += session.length;
    if (kept.length > maxSessionsPerServer) this.#forget(kept.shift());
    while (this.#bytes > this.#size) this.#dropOldest();
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  take(server: string): Uint8Array | undefined {
    checkArguments({ server }, { server: aString });
    const kept = this.#servers.get(server);
    if (kept === undefined) return undefined;
    const now = this.#clock();
    for (let newest = kept.pop(); newest !== undefined; newest = kept.pop()) {
      this.#forget(newest);
      if (kept.length === 0) this.#servers.delete(server);
      if (newest.expiresAt > now) return newest.session;
    }
    return undefined;
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  forget(server: string, session: Uint8Array): void {
    checkArguments({ server, session }, { server: aString, session: bytes });
    const kept = this.#servers.get(server) ?? [];
    const at = kept.findIndex((one) => equalBytes(one.session, session));
    if (at < 0) return;
    this.#forget(kept.splice(at, 1)[0]);
    if (kept.length === 0) this.#servers.delete(server);
  }

  #dropOldest(): void {
    const [oldest] = this.#servers;
    if (oldest === undefined) return;
    const [server, kept] = oldest;
    this.#forget(kept.shift());
    if (kept.length === 0) this.#servers.delete(server);
  }

  #forget(kept: Kept | undefined): void {
    this.#bytes -= kept?.session.length ?? 0;
  }
}
