import type { Awaitable } from "@tlskit/crypto";

/** Where one connection's client gets a session to resume, and leaves those that come. Both may take their time. */
export interface ClientSessions {
  /**
   * A session's bytes, for this server, that nobody else gets; none for a full handshake. What isn't understood, is over, or
   * is for others than this server, is none too.
   */
  take(): Awaitable<Uint8Array | undefined>;
  /**
   * Keeps a session's bytes.
   * @param expiresAt milliseconds since 1970: it is of no use afterwards.
   */
  keep(session: Uint8Array, expiresAt: number): Awaitable<void>;
  /** RFC 5246 §7.2.2: forgets a session of TLS 1.2 or earlier that was kept, if it is still there: its connection failed. */
  forget?(session: Uint8Array): Awaitable<void>;
}
