import type { FindExternalPsk } from "@tlskit/handshake";
import type { TlsError } from "@tlskit/wire";
import type { EarlyDataOutcome } from "./client-early-data.ts";
import type { TraceEvent } from "./trace.ts";

/** What a client has answered to a server that asked for a certificate after the handshake. */
export interface ClientAnswer<Info> {
  /** What `requestClientCertificate` returned. */
  readonly request: Uint8Array;
  /**
   * Whether it showed a certificate, which was accepted: `info.peer` tells which. Otherwise it showed none, and `info` is
   * what it was.
   */
  readonly authenticated: boolean;
  readonly info: Info;
}

/**
 * What a connection calls. Calls come when the step that caused them has settled, one after the other, never one inside
 * another.
 *
 * A callback may call anything on the connection. That takes effect at once and in the order of the calls; what is to
 * be told of it comes after the callback has returned, behind what was to be told already. So what is sent inside a
 * callback isn't handed to `ciphertext` before the callback returns, however soon it is sealed. A transport that wants
 * to throw the connection away from inside a callback, and what was sent not to be lost, has these ways:
 * - `close()`, and to go on until `sendEnded`: everything has been handed over then, `close_notify` last.
 * - To go on as long as `unsent` isn't 0, which `drained` tells of, if there shall be no `close_notify`.
 * - `abort()`, and to go on until `closed`: with a provider that answers at once, everything that was sent before it is
 *   handed over in front of the alert; with one that answers later, what isn't sealed is dropped.
 *
 * A handler that throws throws out of the call that the connection was in; what is to be told besides is told at the
 * next.
 */
export interface ConnectionHandlers<Info> {
  /** Bytes for the peer, in order. They belong to whoever gets them. */
  ciphertext(bytes: Uint8Array): void;
  /** Data from the peer, in order, which has been verified. It belongs to whoever gets it. */
  plaintext(bytes: Uint8Array): void;
  /**
   * A server's: early data (0-RTT) from the client, in order, before the handshake is done, as far as the context takes
   * it. Anybody who has seen it can have it told again, at another server or in another process, and whoever gets at the
   * ticket key can read it. Without this handler no early data is taken: it is looked for when a ClientHello has come.
   */
  earlyPlaintext?: ((bytes: Uint8Array) => void) | undefined;
  /**
   * A client's: what became of the data that was given to `sendEarly`. It is given back unless it was accepted, and never
   * sent again by itself (RFC 9846 §4.3.10#no-resend).
   */
  earlyDataOutcome?(outcome: EarlyDataOutcome, data: Uint8Array): void;
  /**
   * A client's: a session that another connection to the same server can resume, as its `session`: it is as secret as a
   * private key. Those that the context has a store for have been put there too, and are to be used once. None
   * comes where the context has no `resumption`.
   */
  session?(session: Uint8Array): void;
  /**
   * A line of a key log (NSS's form), as the context's `keyLog` gets it, of this connection alone. Whoever has it reads the
   * traffic.
   */
  keyLog?: ((line: string) => void) | undefined;
  /** The handshake is done: what was negotiated and verified. */
  established?(info: Info): void;
  /**
   * A client's, with the option `renegotiation`: another handshake in the connection is begun, which the server has asked for, or
   * the client.
   * Until it is done there is a `deadline` again.
   */
  renegotiating?(): void;
  /**
   * A client's: another handshake in the connection is done.
   * From here on what was negotiated, and keying material and channel bindings, are those of this one.
   */
  renegotiated?(info: Info): void;
  /**
   * A server's: finds its client's pre-shared key, where the context's `externalPsks` is a function: that isn't asked then. For
   * whoever has to know for which connection it is asked.
   */
  findExternalPsk?: FindExternalPsk | undefined;
  /** A server's: the client has answered a `requestClientCertificate`. */
  clientAnswered?(answer: ClientAnswer<Info>): void;
  /** The peer sends no more (`close_notify`); it may still be sent to. */
  ended?(): void;
  /**
   * The stream was cut off after the handshake: it ended without a `close_notify` (RFC 9846 §6.1). With this handler that
   * ends reading alone, and what is sent still goes. Whoever has it must not take it for an end, unless the protocol
   * above says where its messages end. Without it, the connection is over with this error.
   */
  truncated?(error: TlsError): void;
  /**
   * What was sent before `close` has been handed to `ciphertext`, and our `close_notify` behind it: it gets no more. Not
   * called if the connection fails before that. Before TLS 1.3 it is called without `close` too: the peer's end is ours.
   */
  sendEnded?(): void;
  /**
   * The connection is over: orderly in both directions, or with an error. Nothing comes after it, also not for what is
   * called inside it. What `ciphertext` got before may have to be sent still: an alert, most likely.
   */
  closed(error: TlsError | undefined): void;
  /** Everything that was given to `send` has been handed to `ciphertext`: `unsent` has come back to zero. */
  drained?(): void;
  /** Each step, for whoever wants to see it. Costs nothing when absent. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}
