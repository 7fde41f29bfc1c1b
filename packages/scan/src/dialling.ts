import { TlsError } from "@tlskit/wire";
import { Line } from "./line.ts";
import type { Pace } from "./report.ts";
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
  /** How often the server may rest, once there were connections, before it is taken for gone. */
  readonly retries: number;
  /** Milliseconds until there is a connection. */
  readonly connectTime: number;
  /** Milliseconds for what goes before TLS. */
  readonly startTlsTime: number;
  readonly signal: AbortSignal;
}

/** Milliseconds of the first rest that a server is given; each time twice as many. */
const firstRest = 500;

/** Connections in a second that a server is asked by at most when it has had a rest. */
const rateAfterRest = 8;

/**
 * How long is waited for a second connection's answer beside a first one that has had its own: so many milliseconds, and so many
 * times as long as that took. An octet that was lost comes a second time within that.
 */
const besideAnother = { milliseconds: 500, times: 4 } as const;

/** What came of a connection. */
export interface Used<T> {
  readonly value: T;
  /** Whether the server has said anything on it, in TLS. */
  readonly heard: boolean;
  /** Whether the server has ended it. */
  readonly closed: boolean;
}

/**
 * Connections to one target: not too many at once, not too many in a second, and again where the server needs a rest.
 *
 * There are servers that take one connection after the other, and let a second one wait, refuse it, or end it. So the first
 * that was answered isn't ended before the one beside it is answered too, or isn't for a while.
 */
export class Dialling {
  readonly #options: DiallingOptions;
  /** Those that wait for a place. */
  readonly #waiting: Place[] = [];
  #open = 0;
  /** Whose the server is alone. */
  #alone: Place | undefined;
  /** Those that there are, the oldest first. */
  readonly #lines = new Set<Line>();
  #connections = 0;
  #company: Company = "unknown";
  readonly #companyTold: Promise<void>;
  #tellingCompany!: () => void;
  /** Those that are kept to find that out. */
  readonly #held = new Set<Line>();
  /** Whether one that was told nothing is tried alone, or was, with nothing heard since. */
  #isSilent = false;
  #rests = 0;
  #rate: number | undefined;
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
    this.#rate = options.rate;
    this.#companyTold = new Promise((resolve) => {
      this.#tellingCompany = resolve;
    });
  }

  /** How many connections there have been. */
  get connections(): number {
    return this.#connections;
  }

  /** The address that is connected to. */
  get address(): string {
    return this.#options.addresses[this.#address] ?? this.#options.target.host;
  }

  /** What the server made of being asked. */
  get pace(): Pace {
    return { oneAtATime: this.#company === "refused", rests: this.#rests };
  }

  /**
   * A new connection on which TLS is to begin, for as long as it is used; a second one, if nothing is heard of the first, and
   * that may be because there was another one beside it.
   * @param limit milliseconds that it is used for at most
   * @param use is told by its signal that the connection is over
   * @param inTheClear whether `use` itself says what goes before TLS
   * @throws {TlsError} `unreachable` and what else the transport has, `connect_timeout`, `starttls_timeout`, `connection_timeout`,
   * what `@tlskit/starttls` has; what `use` fails with; the signal's reason
   */
  async use<T>(
    limit: number,
    use: (stream: ByteStream, signal: AbortSignal) => Promise<T>,
    inTheClear = false,
  ): Promise<Used<T>> {
    const used = await this.#useOne(limit, use, { alone: false, inTheClear });
    if (used.heard || !used.hadCompany || this.#company !== "unknown" || this.#isSilent) return used;
    this.#isSilent = true;
    const alone = await this.#useOne(limit, use, { alone: true, inTheClear });
    if (alone.heard) this.#tellCompany("refused");
    return alone;
  }

  /**
   * Lets the server rest, until it does what it is asked for, or has rested as often as is allowed.
   * @returns whether it did
   */
  async rest(isRecovered: () => Promise<boolean>): Promise<boolean> {
    const { retries, signal } = this.#options;
    for (let rest = 0; rest < retries; rest += 1) {
      await pause(firstRest * 2 ** rest, signal);
      if (await isRecovered()) return true;
    }
    return false;
  }

  /** The server has had a rest, and goes on: from now on it is asked by {@link rateAfterRest}, and half as often each time. */
  hasRested(): void {
    this.#rests += 1;
    this.#rate = Math.min(this.#rate ?? Number.POSITIVE_INFINITY, 2 * rateAfterRest) / 2;
  }

  async #useOne<T>(
    limit: number,
    use: (stream: ByteStream, signal: AbortSignal) => Promise<T>,
    wanted: Wanted,
  ): Promise<Used<T> & { readonly hadCompany: boolean }> {
    const place = await this.#takePlace(wanted);
    let line: Line | undefined;
    try {
      if (this.#gone !== undefined) throw this.#gone;
      line = await this.#connect(place);
      const { lifetime, stream } = line;
      lifetime.limit(limit, () => timeout("connection_timeout", "the exchange was not over", limit));
      const value = await abortable(use(stream, lifetime.signal), lifetime.signal);
      return { value, heard: line.heard, closed: line.closed, hadCompany: line.hadCompany };
    } finally {
      if (line === undefined) this.#givePlace(place);
      else void this.#end(line, place);
    }
  }

  /** Ends a connection, unless there is something to be learnt of its still being there. */
  async #end(line: Line, place: Place): Promise<void> {
    if (this.#company === "unknown" && line.isServed && this.#open > 1) await this.#hold(line);
    line.end();
    this.#lines.delete(line);
    this.#givePlace(place);
  }

  /** Keeps a connection that the server waits on, until another one is answered beside it, or isn't for a while. */
  async #hold(line: Line): Promise<void> {
    const { milliseconds, times } = besideAnother;
    this.#held.add(line);
    line.watch();
    if ([...this.#lines].some((other) => other.isAfter(line) && other.heard)) {
      // If it is over, that is to be read yet.
      await this.#pauseOf(1);
      if (!line.closed) this.#tellCompany("taken");
    }
    await Promise.race([this.#companyTold, line.ended, this.#pauseOf(milliseconds + times * line.answerTime)]);
    this.#held.delete(line);
    if (line.closed) return;
    for (const other of this.#lines) {
      if (other.isAfter(line) && !other.heard) other.heardAlone = () => this.#tellCompany("refused");
    }
  }

  /** As `pause`, but that it is over, too, when the scan is: who waits for the connection is told that by it. */
  #pauseOf(milliseconds: number): Promise<void> {
    const { signal } = this.#options;
    return pause(milliseconds, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  #heard(line: Line): void {
    this.#isSilent = false;
    // Who takes one after the other doesn't answer the second before the first is over.
    if ([...this.#held].some((held) => !held.closed && line.isAfter(held))) this.#tellCompany("taken");
  }

  #tellCompany(company: Company): void {
    if (this.#company !== "unknown") return;
    this.#company = company;
    this.#tellingCompany();
  }

  async #takePlace(wanted: Wanted): Promise<Place> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const place = await new Promise<Place>((resolve) => {
      const place = { ...wanted, give: () => resolve(place) };
      // Who was there before goes on before others.
      if (place.alone) this.#waiting.unshift(place);
      else this.#waiting.push(place);
      this.#letIn();
    });
    if (!signal.aborted) return place;
    this.#givePlace(place);
    throw signal.reason;
  }

  #givePlace(place: Place): void {
    this.#open -= 1;
    if (this.#alone === place) this.#alone = undefined;
    this.#letIn();
  }

  #letIn(): void {
    for (;;) {
      const [next] = this.#waiting;
      const places = next?.alone === true || this.#company === "refused" ? 1 : this.#options.maxConnections;
      if (next === undefined || this.#alone !== undefined || this.#open >= places) return;
      this.#waiting.shift();
      this.#open += 1;
      if (next.alone) this.#alone = next;
      next.give();
    }
  }

  async #connect(place: Place): Promise<Line> {
    const { addresses, signal } = this.#options;
    for (;;) {
      const tried = this.#address;
      try {
        return await this.#connectOnce(place);
      } catch (error) {
        signal.throwIfAborted();
        const failure = asTlsError(error);
        if (this.#connections === 0 && tried + 1 < addresses.length) {
          // Another connection may have gone on already.
          this.#address = Math.max(this.#address, tried + 1);
          continue;
        }
        const line = (await this.#connectWithoutCompany(place)) ?? (await this.#connectRested(place));
        if (line !== undefined) return line;
        this.#gone ??= failure;
        throw failure;
      }
    }
  }

  /** Where others are open already, they may be why there is none. */
  async #connectWithoutCompany(place: Place): Promise<Line | undefined> {
    if (this.#company !== "unknown" || this.#lines.size === 0) return undefined;
    this.#alone = place;
    await Promise.all([...this.#lines].map(({ over }) => over));
    const line = await this.#tryToConnect(place);
    if (line !== undefined) this.#tellCompany("refused");
    return line;
  }

  /** Where nothing ever was nothing needs a rest. */
  async #connectRested(place: Place): Promise<Line | undefined> {
    let line: Line | undefined;
    if (!this.#wasReached) return undefined;
    const isBack = await this.rest(async () => {
      line = await this.#tryToConnect(place);
      return line !== undefined;
    });
    if (isBack) this.hasRested();
    return line;
  }

  async #tryToConnect(place: Place): Promise<Line | undefined> {
    try {
      return await this.#connectOnce(place);
    } catch {
      this.#options.signal.throwIfAborted();
      return undefined;
    }
  }

  async #connectOnce({ inTheClear }: Place): Promise<Line> {
    const { transport, target, connectTime, startTlsTime, signal } = this.#options;
    await this.#waitForTurn();
    const lifetime = new Lifetime(signal);
    let line: Line | undefined;
    try {
      lifetime.limit(connectTime, () => timeout("connect_timeout", "there was no connection", connectTime));
      const to = { host: this.address, port: target.port };
      const connecting = transport.connect(to, lifetime.signal);
      // One that comes too late is nobody's.
      lifetime.signal.addEventListener("abort", () => void connecting.then(discard, () => {}));
      const stream = await abortable(connecting, lifetime.signal);
      this.#connections += 1;
      line = new Line(stream, lifetime, this.#connections, (heard) => this.#heard(heard));
      line.hadCompany = this.#lines.size > 0;
      this.#lines.add(line);
      if (target.startTls !== undefined && !inTheClear) {
        lifetime.limit(startTlsTime, () => timeout("starttls_timeout", "TLS had not begun", startTlsTime));
        await abortable(startTls(line.stream, target.startTls, target.host), lifetime.signal);
        line.heard = false;
      }
      this.#wasReached = true;
      return line;
    } catch (error) {
      if (line !== undefined) this.#lines.delete(line);
      if (line !== undefined) line.end();
      else lifetime.end();
      throw error;
    }
  }

  async #waitForTurn(): Promise<void> {
    const { signal } = this.#options;
    if (this.#rate === undefined) return;
    const now = performance.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + 1000 / this.#rate;
    if (start > now) await pause(start - now, signal);
  }
}

/** What the server does about a connection beside another one. */
type Company = "unknown" | "taken" | "refused";

/** What a connection is to be. */
interface Wanted {
  /** The only one. */
  readonly alone: boolean;
  /** One on which nothing was said yet. */
  readonly inTheClear: boolean;
}

/** What whoever has a connection takes, and gives back. */
interface Place extends Wanted {
  readonly give: () => void;
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
