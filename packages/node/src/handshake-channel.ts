import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { callerError } from "@tlskit/tls";
import type { SocketInfo, TlsSocket } from "./tls-socket.ts";

/** What the tracing channel `tlskit:handshake` tells of a handshake: one object, in all of its messages. */
export interface HandshakeMessage {
  readonly socket: TlsSocket;
  readonly role: "client" | "server";
  /** What was negotiated and verified: in `asyncStart` and `asyncEnd`, unless the handshake failed. */
  info?: SocketInfo;
  /** Why there is no `info`: in `error`, and in `asyncStart` and `asyncEnd` behind that. */
  error?: Error;
}

const channel: TracingChannel<object, HandshakeMessage> = tracingChannel("tlskit:handshake");

/** A handshake that somebody is told of. Nobody pays who isn't. */
export class TracedHandshake {
  readonly #message: HandshakeMessage;

  private constructor(message: HandshakeMessage) {
    this.#message = message;
  }

  /** One that begins; nothing if nobody listens. */
  static begun(message: HandshakeMessage): TracedHandshake | undefined {
    return channel.hasSubscribers ? new TracedHandshake(message) : undefined;
  }

  /** Runs what begins it, as a call that has an answer later. */
  during(begin: () => void): void {
    channel.start.publish(this.#message);
    try {
      begin();
    } finally {
      channel.end.publish(this.#message);
    }
  }

  succeeded(info: SocketInfo): void {
    this.#message.info = info;
    this.#answered();
  }

  failed(error: Error | null): void {
    this.#message.error = error ?? callerError("closed_during_handshake", "the socket was destroyed");
    channel.error.publish(this.#message);
    this.#answered();
  }

  #answered(): void {
    channel.asyncStart.publish(this.#message);
    channel.asyncEnd.publish(this.#message);
  }
}
