import type { MessageType } from "@tlskit/messages";
import type { Moment } from "./moment.ts";

/** Who sent something: the end whose ClientHello it was, or the other one. */
export type TlsSender = "client" | "server";

/** What happened in a connection, and when. */
export type TlsEvent = { readonly from: TlsSender; readonly moment: Moment } & (
  | TlsMessage
  /** What the ServerHello says was negotiated. */
  | {
      readonly type: "negotiated";
      /** ProtocolVersion. */
      readonly version: number;
      /** CipherSuite code point. */
      readonly cipherSuite: number;
    }
  | { readonly type: "changeCipherSpec" }
  | { readonly type: "alert"; readonly level: number; readonly description: number }
  | TlsData
  /** Nothing more of what this end sends can be told, or something of it can't. */
  | TlsUndecrypted
);

/** A handshake message. */
export interface TlsMessage {
  readonly type: "message";
  /** Its name: `ServerHello`; `compressed_certificate` for what isn't described. */
  readonly name: string;
  /** What explains it: `explainMessage(messageType, bytes)`. */
  readonly messageType: MessageType<unknown> | undefined;
  /** With its header. */
  readonly bytes: Uint8Array;
  /** Whether it was protected. */
  readonly encrypted: boolean;
}

/** Application data. */
export interface TlsData {
  readonly type: "data";
  readonly bytes: Uint8Array;
  /** Whether it was sent before the handshake was done (0-RTT): the server may have passed it over. */
  readonly early: boolean;
}

export interface TlsUndecrypted {
  readonly type: "undecrypted";
  /**
   * A stable word for programs: `no_secret`, `gap`, `no_client_hello`, `no_server_hello`, `begins_in_the_middle`, `truncated`,
   * `unknown_cipher_suite`, `unknown_version`, `too_much_waits`, `too_many_handshakes`, `early_data`, or the code of the `TlsError` or `CryptoError`
   * that ended it: `bad_record_mac`.
   */
  readonly code: string;
  readonly reason: string;
}

/** An event of which it is yet to be said whose and when it is. */
export type TlsHappening = TlsEvent extends infer Event ? DistributiveOmit<Event, "from" | "moment"> : never;

type DistributiveOmit<T, Names extends PropertyKey> = T extends unknown ? Omit<T, Names> : never;
