import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { alpnProtocol, KeyServer, type KeyServerConnection, type KeyServerOptions } from "@tlskit/keyless";
import { createServer, type SecureServer, type TlsSocket } from "@tlskit/node";
import { VerifiedChain } from "@tlskit/tls";
import { TlsError } from "@tlskit/wire";
import { aFunction, aNumber, anything, checkOptions, type Expectations, optional } from "@tlskit/wire/arguments";
import { carry, clock } from "./carry.ts";
import { type Credentials, ofCredentials, serverContext } from "./credentials.ts";
import { defaultMaxConnectionAge, defaultMaxConnections, keepAliveDelay, lastWordsTime } from "./limits.ts";
import { checkWhole } from "./whole-number.ts";

/** What a key server that listens is made with. */
export interface KeyListenerOptions extends Omit<KeyServerOptions<VerifiedChain>, "clock">, Credentials {
  /** Connections at a time, whoever has made them: 1024 unless told otherwise. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds after which a connection ends, so that its client proves anew who it is: an hour unless told otherwise. */
  readonly maxConnectionAge?: number | undefined;
  /**
   * Told of each connection that fails: a client that isn't let in, or breaks the protocol; one too many
   * (`too_many_connections`). It has to return.
   */
  readonly failed?: ((error: Error, address: string | undefined) => void) | undefined;
}

const expectations: Expectations<KeyListenerOptions> = {
  ...ofCredentials,
  // The core checks these.
  keys: anything,
  maxRequestsInFlight: anything,
  maxSignaturesPending: anything,
  signatureTimeout: anything,
  told: anything,
  maxConnections: optional(aNumber),
  maxConnectionAge: optional(aNumber),
  failed: optional(aFunction),
};

/** A key server that listens: clients have to show a certificate that `ca` certifies for client authentication. */
export class KeyListener {
  readonly #server: SecureServer;
  readonly #keys: KeyServer<VerifiedChain>;
  readonly #failed: (error: Error, address: string | undefined) => void;
  readonly #maxConnectionAge: number;
  /** All that there are, whether or not their handshake is done. */
  readonly #raw = new Set<Socket>();
  /** Those whose handshake is done. */
  readonly #served = new Set<KeyServerConnection<VerifiedChain>>();
  #closing = false;

  /** @throws {TlsError} and {X509Error} for what can't be used (the caller's fault) */
  constructor(options: KeyListenerOptions) {
    checkOptions("KeyListener", options, expectations);
    const { keys, maxRequestsInFlight, maxSignaturesPending, signatureTimeout, told } = options;
    const { maxConnections = defaultMaxConnections, maxConnectionAge = defaultMaxConnectionAge } = options;
    this.#failed = (error, address) => {
      // What is hung up on fails.
      if (!this.#closing) options.failed?.(error, address);
    };
    checkWhole("maxConnections", maxConnections);
    checkWhole("maxConnectionAge", maxConnectionAge);
    this.#maxConnectionAge = maxConnectionAge;
    this.#keys = new KeyServer({ keys, clock, maxRequestsInFlight, maxSignaturesPending, signatureTimeout, told });

    this.#server = createServer({ context: serverContext(options) }, (socket) => this.#serve(socket));
    this.#server.maxConnections = maxConnections;
    this.#server.on("connection", (raw: Socket) => {
      raw.setKeepAlive(true, keepAliveDelay);
      this.#raw.add(raw);
      raw.on("close", () => this.#raw.delete(raw));
    });
    this.#server.on("tlsClientError", (error: Error, socket: TlsSocket) => this.#failed(error, socket.remoteAddress));
    this.#server.on("drop", (dropped) => {
      this.#failed(
        new TlsError("internal", "too_many_connections", `there are ${maxConnections} connections already`),
        dropped?.remoteAddress,
      );
    });
  }

  /**
   * Begins to listen.
   * @returns where: with the port 0, on which one.
   */
  async listen(port: number, host?: string): Promise<AddressInfo> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    // Of a server that listens on a port, it is not a string.
    return this.#server.address() as AddressInfo;
  }

  /**
   * Ends everything. What is worked on isn't answered any more: frontends ask again, here or elsewhere. Who is in the middle
   * of a handshake is hung up on after half a second.
   */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const connection of this.#served) connection.close();
    const hangUp = setTimeout(() => {
      for (const raw of this.#raw) raw.destroy();
    }, lastWordsTime);
    await closed;
    clearTimeout(hangUp);
  }

  #serve(socket: TlsSocket): void {
    const address = socket.remoteAddress;
    socket.on("error", (error) => this.#failed(error, address));
    const client = socket.info?.peer;
    // A handshake that ended well says both; a key that a stranger uses is too dear to rest on that alone.
    if (!(client instanceof VerifiedChain) || socket.alpnProtocol !== alpnProtocol) {
      socket.destroy(
        new TlsError("internal", "not_authenticated", "a client without a certificate, or without the protocol"),
      );
      return;
    }
    const connection = carry(socket, (handlers) => this.#keys.accept(client, handlers));
    const aged = setTimeout(() => connection.close(), this.#maxConnectionAge);
    this.#served.add(connection);
    socket.on("close", () => {
      clearTimeout(aged);
      this.#served.delete(connection);
    });
  }
}
