import { TlsError } from "@tlskit/wire";
import { startTls } from "./starting.ts";
import type { ScanTarget } from "./target.ts";
import type { ByteStream, Transport } from "./transport.ts";
import { abortable, Lifetime, pause } from "./waiting.ts";

/** How a target's connections are made. */
export interface DiallingOptions {
  readonly transport: Transport;
  readonly target: ScanTarget;
  /** Where to connect to, the preferred one first. */
  readonly addresses: readonly string[];
  /** Connections at once. */
  readonly maxConnections: number;
  /** Connections that are begun in a second; as many as there can be if there is no number. */
  readonly rate: number | undefined;
  /** How often a connection is tried again that there isn't, once there were others. */
  readonly retries: number;
  /** Milliseconds until there is a connection. */
  readonly connectTime: number;
  /** Milliseconds for what goes before TLS. */
  readonly startTlsTime: number;
  readonly signal: AbortSignal;
}

/** Milliseconds until a connection is tried again the first time; each time twice as many. */
const firstPause = 500;

/** Connections to one target: not too many at once, not too many in a second, and again where the server needs a rest. */
export class Dialling {
  readonly #options: DiallingOptions;
  /** Those that wait for one to end. */
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #connections = 0;
  /** Whether TLS could begin once. */
  #wasReached = false;
  /** Why no more are tried: there was none, or there is none any more. */
  #gone: TlsError | undefined;
  /** When the next one may begin, by the clock of `performance`. */
  #nextStart = 0;
  /** The place in `addresses` of the one that is connected to. */
  #address = 0;

  constructor(options: DiallingOptions) {
    this.#options = options;
  }

  /** How many connections there have been. */
  get connections(): number {
    return this.#connections;
  }

  /** The address that is connected to. */
  get address(): string {
    return this.#options.addresses[this.#address] ?? this.#options.target.host;
  }

  /**
   * A new connection on which TLS is to begin, for as long as it is used.
   * @param limit milliseconds that it is used for at most
   * @param use is told by its signal that the connection is over
   * @throws {TlsError} `unreachable` and what else the transport has, `connect_timeout`, `starttls_timeout`, `connection_timeout`,
   * what `@tlskit/starttls` has; what `use` fails with; the signal's reason
   */
  async use<T>(limit: number, use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.#takePlace();
    try {
      if (this.#gone !== undefined) throw this.#gone;
      const { stream, lifetime } = await this.#connect();
      try {
        lifetime.limit(limit, () => timeout("connection_timeout", "the exchange was not over", limit));
        return await abortable(use(stream, lifetime.signal), lifetime.signal);
      } finally {
        lifetime.end();
      }
    } finally {
      this.#givePlace();
    }
  }

  async #takePlace(): Promise<void> {
    const { maxConnections, signal } = this.#options;
    signal.throwIfAborted();
    if (this.#open < maxConnections) {
      this.#open += 1;
      return;
    }
    // Whoever ends gives its place to the first of those that wait.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!signal.aborted) return;
    this.#givePlace();
    throw signal.reason;
  }

  #givePlace(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }

  async #connect(): Promise<Connection> {
    const { addresses, retries, signal } = this.#options;
    for (let retry = 0; ; retry += 1) {
      const tried = this.#address;
      try {
        return await this.#connectOnce();
      } catch (error) {
        signal.throwIfAborted();
        const failure = asTlsError(error);
        if (this.#connections === 0 && tried + 1 < addresses.length) {
          // Another connection may have gone on already.
          this.#address = Math.max(this.#address, tried + 1);
          continue;
        }
        // Where nothing ever was nothing needs a rest.
        if (!this.#wasReached || retry >= retries) {
          this.#gone ??= failure;
          throw failure;
        }
        await pause(firstPause * 2 ** retry, signal);
      }
    }
  }

  async #connectOnce(): Promise<Connection> {
    const { transport, target, connectTime, startTlsTime, signal } = this.#options;
    await this.#waitForTurn();
    const lifetime = new Lifetime(signal);
    try {
      lifetime.limit(connectTime, () => timeout("connect_timeout", "there was no connection", connectTime));
      const to = { host: this.address, port: target.port };
      const connecting = transport.connect(to, lifetime.signal);
      // One that comes too late is nobody's.
      lifetime.signal.addEventListener("abort", () => void connecting.then(discard, () => {}));
      const stream = await abortable(connecting, lifetime.signal);
      this.#connections += 1;
      if (target.startTls !== undefined) {
        lifetime.limit(startTlsTime, () => timeout("starttls_timeout", "TLS had not begun", startTlsTime));
        await abortable(startTls(stream, target.startTls, target.host), lifetime.signal);
      }
      this.#wasReached = true;
      return { stream, lifetime };
    } catch (error) {
      lifetime.end();
      throw error;
    }
  }

  async #waitForTurn(): Promise<void> {
    const { rate, signal } = this.#options;
    if (rate === undefined) return;
    const now = performance.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + 1000 / rate;
    if (start > now) await pause(start - now, signal);
  }
}

/** A stream on which TLS is to begin, and what ends it. */
interface Connection {
  readonly stream: ByteStream;
  readonly lifetime: Lifetime;
}

/** Whoever used it may have ended it, or hold it still: then it ends by its signal. */
function discard({ readable, writable }: ByteStream): void {
  readable.cancel().catch(() => {});
  writable.abort().catch(() => {});
}

function timeout(code: string, what: string, milliseconds: number): TlsError {
  return new TlsError("timeout", code, `${what} after ${milliseconds / 1000} s`);
}

function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  return new TlsError("truncation", "unreachable", "there is no connection", { cause: error });
}
