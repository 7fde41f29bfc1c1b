import type { TransportSocket } from "@tlskit/testing";
import { callerError } from "@tlskit/tls";
import type { SocketHandler, TlsSocket } from "../../src/index.ts";

/** Chunks that wait for a reader before the socket is paused. */
const mostChunks = 2;

/** A socket by promises: what its handlers are told waits for whoever asks. */
export class PromisedSocket implements TransportSocket {
  #socket: TlsSocket | undefined;
  readonly #chunks: Uint8Array[] = [];
  #hasEnded = false;
  #isClosed = false;
  #error: Error | undefined;
  #changed = Promise.withResolvers<void>();

  readonly handlers: SocketHandler = {
    data: (socket, data) => {
      this.#chunks.push(new Uint8Array(data));
      if (this.#chunks.length >= mostChunks) socket.pause();
      this.#change();
    },
    drain: () => this.#change(),
    end: () => {
      this.#hasEnded = true;
      this.#change();
    },
    close: (_socket, error) => {
      this.#isClosed = true;
      this.#error = error;
      this.#change();
    },
  };

  /** @param socket whose handlers are these. */
  of(socket: TlsSocket): this {
    this.#socket = socket;
    return this;
  }

  get socket(): TlsSocket {
    if (this.#socket === undefined) throw callerError("no_socket", "there is no socket yet");
    return this.#socket;
  }

  get alpnProtocol(): string | undefined {
    const { alpnProtocol } = this.socket;
    return typeof alpnProtocol === "string" ? alpnProtocol : undefined;
  }

  async write(data: Uint8Array): Promise<void> {
    for (let written = 0; written < data.length; ) {
      const taken = this.socket.write(data, written);
      if (taken < 0) throw this.#error ?? callerError("closed", "the socket takes nothing any more");
      written += taken;
      if (written < data.length) await this.#nextChange();
    }
    if (data.length === 0 && this.socket.write(data) < 0) throw callerError("closed", "the socket takes nothing");
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (this.#chunks.length < mostChunks) this.#socket?.resume();
      if (chunk !== undefined) return chunk;
      if (this.#hasEnded) return undefined;
      if (this.#isClosed) throw this.#error ?? callerError("closed", "the socket is closed");
      await this.#nextChange();
    }
  }

  end(): Promise<void> {
    this.socket.end();
    return Promise.resolve();
  }

  destroy(): void {
    this.#socket?.close();
  }

  /** Waits until the socket is closed. @returns what it was closed with */
  async closed(): Promise<Error | undefined> {
    while (!this.#isClosed) await this.#nextChange();
    return this.#error;
  }

  async #nextChange(): Promise<void> {
    await this.#changed.promise;
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }
}
