import type { CipherSuite } from "@tlskit/ciphersuites";
import type { Exporter, TrafficSecret } from "@tlskit/keyschedule";

/** What protects early data (RFC 9846 §4.3.10), and how much of it there may be. */
export interface EarlyDataKeys {
  readonly cipherSuite: CipherSuite;
  readonly secret: TrafficSecret<"client early">;
  /** Keying material is fresh at neither end: whoever replays the ClientHello gets the same again (RFC 9846 §F.5.1). */
  readonly exporter: Exporter;
  /** Bytes of application data at most. */
  readonly limit: number;
}

/**
 * What a host offers that can send or receive early data. Early data can be replayed, and is only as secret as the
 * ticket's key: a host keeps it apart from other data.
 */
export interface EarlyDataIo {
  /**
   * Whether early data ends with an EndOfEarlyData, as it does in a stream. In QUIC it doesn't (RFC 9001 §8.3).
   */
  readonly hasEnd: boolean;
  /** A client: protects with this what is sent from here on, which is early data. */
  send(keys: EarlyDataKeys): void;
  /**
   * A client: the server has accepted the early data, or rejected it. What was rejected is lost, and what is sent from here
   * on is unprotected until keys are installed.
   */
  answered(accepted: boolean): void;
  /**
   * A server: accepts early data. What is read from here on is protected by this, until `installRead`; of application data
   * more than `limit` bytes are `unexpected_message` (RFC 9846 §4.7.1).
   */
  receive(keys: EarlyDataKeys): void;
}

/** Why a server has declined early data that it was offered. */
export type EarlyDataDecline =
  /** It takes none, or its host can't. */
  | "not_taken"
  /** The pre-shared key wasn't taken, or it isn't the first. */
  | "not_first_psk"
  /** The ticket allows none, or it goes with a pre-shared key from outside, for which there is none. */
  | "not_allowed_by_ticket"
  /** There was a HelloRetryRequest. */
  | "hello_retry_request"
  /** What was negotiated is not what the ticket was made under. */
  | "other_cipher_suite"
  | "other_alpn_protocol"
  /** RFC 9846 §8.3: the ClientHello isn't fresh, or clocks differ. */
  | "not_fresh"
  /** The replay guard has seen it, is full, or has just begun. */
  | "replay"
  /** The replay guard failed. */
  | "guard_failed";
