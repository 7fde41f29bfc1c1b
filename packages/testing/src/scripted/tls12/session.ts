import type { Tls12CipherSuite } from "@tlskit/ciphersuites";

/** A session of TLS 1.2 that a scripted peer resumes. */
export interface ScriptedTls12Session {
  /** 48 bytes. */
  readonly mainSecret: Uint8Array;
  /** Whether it was made with extended_main_secret (RFC 7627). */
  readonly extended: boolean;
  readonly cipherSuite: Tls12CipherSuite;
  /** Nothing where there is an identifier alone. */
  readonly ticket: Uint8Array;
  /** What stands beside a ticket, or is the session's name. */
  readonly sessionId: Uint8Array;
}
