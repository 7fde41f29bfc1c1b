import { TlsError } from "@tlskit/wire";
import { startTls } from "./starting.ts";
import type { ScanTarget } from "./target.ts";
import type { ByteStream, Transport } from "./transport.ts";
import { abortable, aborted, pause, within } from "./waiting.ts";

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
  /** How often a connection is tried again that was refused, once there were others. */
  readonly retries: number;
  /** Milliseconds until there is a connection. */
  readonly connectTime: number;
  /** Milliseconds for what goes before TLS. */
  readonly startTlsTime: number;
  readonly signal: AbortSignal;
}

/** Milliseconds until a refused connection is tried again the first time; each time twice as many. */
const firstPause = 500;

/** Connections to one target: not too many at once, not too many in a second, and again where the server needs a rest. */
export class Dialling {
  readonly #options: DiallingOptions;
  /** Those that wait for one to end. */
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #connections = 0;
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
   * @throws {TlsError} `aborted`; `refused`, `reset`, `unreachable`, `no_address`, `connect_timeout`, `starttls_timeout`,
   * `connection_timeout`, what `@tlskit/starttls` has, and what `use` fails with
   */
  async use<T>(limit: number, use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    await this.#takePlace();
    // Ends the connection, whatever happens.
    const over = new AbortController();
    const giveUp = (): void => over.abort(aborted(signal));
    signal.addEventListener("abort", giveUp);
    try {
      const stream = await this.#connect(over.signal);
      return await abortable(
        within(limit, use(stream, over.signal), () => timeout("connection_timeout", "the exchange was not over", limit)),
        signal,
      );
    } finally {
      signal.removeEventListener("abort", giveUp);
      over.abort();
      this.#givePlace();
    }
  }

  async #takePlace(): Promise<void> {
    const { maxConnections, signal } = this.#options;
    if (signal.aborted) throw aborted(signal);
    if (this.#open < maxConnections) {
      this.#open += 1;
      return;
    }
    // Whoever ends gives its place to the first of those that wait.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!signal.aborted) return;
    this.#givePlace();
    throw aborted(signal);
  }

  #givePlace(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }

  async #connect(signal: AbortSignal): Promise<ByteStream> {
    for (let retry = 0; ; retry += 1) {
      try {
        return await this.#connectOnce(signal);
      } catch (error) {
        if (signal.aborted) throw aborted(signal);
        const failure = asTlsError(error);
        // Nothing was ever there: another address may be. Once there was something, it needs a rest.
        if (this.#connections === 0 && this.#address + 1 < this.#options.addresses.length) this.#address += 1;
        else if (this.#connections === 0 || retry >= this.#options.retries || !passes(failure)) throw failure;
        else await pause(firstPause * 2 ** retry, signal);
      }
    }
  }

  async #connectOnce(signal: AbortSignal): Promise<ByteStream> {
    const { transport, target, connectTime, startTlsTime } = this.#options;
    await this.#waitForTurn(signal);
    // A connection that is given up isn't to be had a moment later, unused.
    const attempt = new AbortController();
    const giveUp = (): void => attempt.abort(signal.reason);
    signal.addEventListener("abort", giveUp);
    try {
      const stream = await within(
        connectTime,
        abortable(transport.connect({ host: this.address, port: target.port }, attempt.signal), signal),
        () => timeout("connect_timeout", "there was no connection", connectTime),
      );
      if (target.startTls !== undefined) {
        await within(startTlsTime, abortable(startTls(stream, target.startTls, target.host), signal), () =>
          timeout("starttls_timeout", "TLS had not begun", startTlsTime),
        );
      }
      this.#connections += 1;
      return stream;
    } catch (error) {
      signal.removeEventListener("abort", giveUp);
      attempt.abort();
      throw error;
    }
  }

  async #waitForTurn(signal: AbortSignal): Promise<void> {
    const { rate } = this.#options;
    if (rate === undefined) return;
    const now = performance.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + 1000 / rate;
    if (start > now) await pause(start - now, signal);
  }
}

function timeout(code: string, what: string, milliseconds: number): TlsError {
  return new TlsError("timeout", code, `${what} after ${milliseconds / 1000} s`);
}

/** Whether it may be otherwise a moment later. */
function passes({ code }: TlsError): boolean {
  return !["no_address", "invalid_argument", "invalid_host"].includes(code);
}

function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  return new TlsError("truncation", "unreachable", "there is no connection", { cause: error });
}
