import type { SignatureAlgorithm } from "@tlskit/crypto";
import {
  alpnProtocol,
  type KeyClientOptions as ConnectionOptions,
  KeyClientConnection,
  type RemoteKeys,
  RemoteSigner,
} from "@tlskit/keyless";
import { connect, type TlsSocket } from "@tlskit/node";
import type { ClientContext } from "@tlskit/tls";
import { Alert, callerError, TlsError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  anything,
  aString,
  checkOptions,
  type Expectations,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { carry, clock } from "./carry.ts";
import { type Credentials, clientContext, ofCredentials } from "./credentials.ts";
import { defaultConnectTimeout, defaultTimeLimit, firstPause, keepAliveDelay, longestPause } from "./limits.ts";
import { checkWhole } from "./whole-number.ts";

/** Where a key server is. */
export interface KeyServerAddress {
  readonly host: string;
  readonly port: number;
  /** The name that its certificate has to have: `host` unless told otherwise. */
  readonly servername?: string | undefined;
}

/** What a client is made with. */
export interface KeyClientOptions extends Credentials, Omit<ConnectionOptions, "clock"> {
  /** One or more that have the same keys. One at a time is asked: when its connection is lost, the next. */
  readonly servers: readonly KeyServerAddress[];
  /**
   * Milliseconds within which a signature is asked for anew when the connection was lost, or none can be made: 8000 unless
   * told otherwise. So long, and an answer's time, a handshake may wait.
   */
  readonly timeLimit?: number | undefined;
  /** Milliseconds that connecting to one server may take: 2000 unless told otherwise. */
  readonly connectTimeout?: number | undefined;
  /** Told of each connection that can't be made, or fails. It has to return. */
  readonly failed?: ((error: Error, server: KeyServerAddress) => void) | undefined;
}

const expectations: Expectations<KeyClientOptions> = {
  ...ofCredentials,
  servers: listOf(objectWith("where a key server is", { host: aString, port: aNumber, servername: optional(aString) })),
  // The core checks these.
  answerTimeout: anything,
  maxRequestsOpen: anything,
  timeLimit: optional(aNumber),
  connectTimeout: optional(aNumber),
  failed: optional(aFunction),
};

/**
 * The keys of key servers, over connections that are made as they are needed: signers of them are the keys of a TLS
 * server's certificates. A signature whose connection is lost is asked for again, of the next server, within `timeLimit`.
 */
export class KeyClient implements RemoteKeys {
  readonly #context: ClientContext;
  readonly #servers: readonly [KeyServerAddress, ...KeyServerAddress[]];
  readonly #connectionOptions: ConnectionOptions;
  readonly #timeLimit: number;
  readonly #connectTimeout: number;
  readonly #failed: (error: Error, server: KeyServerAddress) => void;
  /** The server whose turn it is. */
  #turn = 0;
  /** Rounds of attempts in a row, and connections, that brought no answer. */
  #fruitless = 0;
  #socket: TlsSocket | undefined;
  #connection: KeyClientConnection | undefined;
  /** Attempts to connect that are under way: those who need a connection wait for the same ones. */
  #connecting: Promise<KeyClientConnection> | undefined;
  readonly #closed = new AbortController();

  /** @throws {TlsError} and {X509Error} for what can't be used (the caller's fault) */
  constructor(options: KeyClientOptions) {
    checkOptions("KeyClient", options, expectations);
    const { servers, answerTimeout, maxRequestsOpen, failed = () => undefined } = options;
    const { timeLimit = defaultTimeLimit, connectTimeout = defaultConnectTimeout } = options;
    const [first, ...others] = servers;
    if (first === undefined) throw callerError("no_servers", "a client needs a key server");
    checkWhole("timeLimit", timeLimit);
    checkWhole("connectTimeout", connectTimeout);
    this.#context = clientContext(options);
    this.#servers = [first, ...others];
    this.#connectionOptions = { clock, answerTimeout, maxRequestsOpen };
    // An option of a connection that is wrong is an error now, not at the first handshake.
    new KeyClientConnection(this.#connectionOptions, { bytes: () => undefined, closed: () => undefined });
    this.#timeLimit = timeLimit;
    this.#connectTimeout = connectTimeout;
    this.#failed = failed;
  }

  /**
   * A signature of what a TLS server signs in a handshake.
   * @throws {TlsError} (it rejects) of the kind `internal`: as `KeyClientConnection.sign`, and `key_server_unreachable`
   */
  sign(key: string, algorithm: SignatureAlgorithm, message: Uint8Array): Promise<Uint8Array> {
    return this.#ask((connection) => connection.sign(key, algorithm, message));
  }

  /**
   * What a key can sign with.
   * @throws {TlsError} (it rejects) as `sign` does
   */
  algorithms(key: string): Promise<readonly SignatureAlgorithm[]> {
    return this.#ask((connection) => connection.algorithms(key));
  }

  /**
   * A key as what signs: the `key` of a TLS server's certificate. The server is asked what it signs with.
   * @throws {TlsError} (it rejects) as `sign` does
   */
  async signer(key: string): Promise<RemoteSigner> {
    return new RemoteSigner(this, key, await this.algorithms(key));
  }

  /** Ends it: what isn't answered fails, and nothing can be asked any more. */
  close(): void {
    this.#closed.abort();
    this.#connection?.close();
    this.#socket?.destroy();
  }

  async #ask<T>(ask: (connection: KeyClientConnection) => Promise<T>): Promise<T> {
    const until = clock() + this.#timeLimit;
    for (;;) {
      const connection = await this.#connected(until);
      try {
        const answer = await ask(connection);
        this.#fruitless = 0;
        return answer;
      } catch (error) {
        // What a server has refused it would refuse again.
        if (connection.over === undefined) this.#fruitless = 0;
        if (connection.over !== error || this.#closed.signal.aborted || clock() >= until) throw error;
      }
    }
  }

  /** A connection, as soon as there is one. */
  async #connected(until: number): Promise<KeyClientConnection> {
    let last: unknown;
    while (!this.#closed.signal.aborted && clock() < until) {
      const connection = this.#connection;
      if (connection !== undefined && connection.over === undefined) return connection;
      this.#connecting ??= this.#connectToAny().finally(() => {
        this.#connecting = undefined;
      });
      try {
        return await within(this.#connecting, until - clock());
      } catch (error) {
        last = error;
      }
    }
    throw this.#closed.signal.aborted
      ? failure("key_server_lost", "the client of the key server was closed")
      : failure("key_server_unreachable", `no key server can be reached within ${this.#timeLimit} ms`, last);
  }

  /** Tries each server once, beginning with the one whose turn it is. */
  async #connectToAny(): Promise<KeyClientConnection> {
    if (this.#fruitless > 0) {
      await pause(Math.min(longestPause, firstPause * 2 ** (this.#fruitless - 1)), this.#closed.signal);
    }
    this.#fruitless += 1;
    let last: unknown = failure("key_server_lost", "the client of the key server was closed");
    for (const _ of this.#servers) {
      if (this.#closed.signal.aborted) break;
      const server = this.#servers[this.#turn % this.#servers.length] ?? this.#servers[0];
      try {
        return await this.#connectTo(server);
      } catch (error) {
        last = error;
        this.#turn += 1;
        if (error instanceof Error) this.#failed(error, server);
      }
    }
    throw last;
  }

  async #connectTo(server: KeyServerAddress): Promise<KeyClientConnection> {
    const { host, port, servername } = server;
    const socket = connect({
      host,
      port,
      context: this.#context,
      ...(servername === undefined ? {} : { servername }),
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelay,
    });
    this.#socket = socket;
    // What fails between the handshake's end and the time when that is heard of would end the process.
    socket.on("error", () => undefined);
    const timer = setTimeout(() => {
      const sentence = `connecting to ${host}:${port} takes longer than ${this.#connectTimeout} ms`;
      socket.destroy(failure("key_server_unreachable", sentence));
    }, this.#connectTimeout);
    try {
      await socket.established;
    } finally {
      clearTimeout(timer);
    }
    if (socket.destroyed) throw socket.errored ?? failure("key_server_lost", `${host}:${port} has hung up`);
    if (socket.alpnProtocol !== alpnProtocol) {
      socket.destroy();
      throw failure("not_a_key_server", `${host}:${port} doesn't speak ${alpnProtocol}`);
    }
    socket.on("error", (error) => this.#failed(error, server));
    const connection = carry(socket, (handlers) => new KeyClientConnection(this.#connectionOptions, handlers));
    socket.on("close", () => {
      // The next one's turn, unless another has come to it meanwhile.
      if (this.#connection === connection) this.#turn += 1;
    });
    this.#connection = connection;
    return connection;
  }
}

function failure(code: string, message: string, cause?: unknown): TlsError {
  return new TlsError("internal", code, message, { alert: Alert.internalError, cause });
}

/** What a promise gives, if it gives it in time. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(failure("key_server_unreachable", "connecting takes too long")), milliseconds);
  });
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
