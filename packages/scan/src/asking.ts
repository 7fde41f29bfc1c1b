import { notTls } from "@tlskit/wire";
import type { Dialling, Used } from "./dialling.ts";
import type { Answer } from "./probe/answer.ts";
import type { HelloOffer, ReadUntil } from "./probe/hello.ts";
import { type ProbeOptions, probe } from "./probe/probe.ts";
import type { ByteStream } from "./transport.ts";

/** How servers are asked. */
export interface AskingOptions {
  readonly dialling: Dialling;
  readonly probing: ProbeOptions;
  /** Milliseconds for a whole connection. */
  readonly connection: number;
}

/**
 * What checks ask a server. Some refuse by hanging up, or say nothing at all. So does a server that has had enough of us: that
 * nothing was heard counts only if the server still takes what it took before; otherwise it is let rest, and asked again.
 */
export class Asking {
  readonly #options: AskingOptions;
  /** A hello that was taken. */
  #taken: HelloOffer | undefined;
  /** What is asked, in the order in which it is begun; and the last of it that was heard of. */
  #asked = 0;
  #lastHeard = 0;
  /** Whether it had to rest: while this is found out nothing is asked. */
  #recovery: Promise<boolean> | undefined;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /**
   * The answer to a hello.
   * @throws {TlsError} as `Dialling.use`; `stopped_answering`
   */
  async probe(offer: HelloOffer, until: ReadUntil = "hello"): Promise<Answer> {
    const answer = await this.#used(() => this.#probeOnce(offer, until));
    if (isTaken(answer)) this.#taken ??= offer;
    return answer;
  }

  /**
   * What a whole connection comes to.
   * @throws {TlsError} as `Dialling.use`; `stopped_answering`
   */
  async withConnection<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { dialling, connection } = this.#options;
    return await this.#used(() => dialling.use(connection, use));
  }

  /**
   * What a connection comes to before anything was said on it.
   * @throws {TlsError} as `Dialling.use`
   */
  async inTheClear<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { dialling, connection } = this.#options;
    return (await dialling.use(connection, use, true)).value;
  }

  /** Heard of is what was answered in TLS. */
  async #probeOnce(offer: HelloOffer, until: ReadUntil): Promise<Used<Answer>> {
    const { dialling, probing } = this.#options;
    const { silence, answer } = probing.patience;
    const used = await dialling.use(answer + silence, (stream) => probe(stream, offer, until, probing));
    const { value } = used;
    return { ...used, heard: isTaken(value) || value.end.how === "alert" };
  }

  async #used<T>(use: () => Promise<Used<T>>): Promise<T> {
    await this.#recovery;
    this.#asked += 1;
    const number = this.#asked;
    for (let tries = 1; ; tries += 1) {
      const { value, heard, closed } = await use();
      if (heard) {
        this.#lastHeard = Math.max(this.#lastHeard, number);
        if (tries > 1) this.#options.dialling.hasRested();
        return value;
      }
      // Who has answered what was asked later hasn't had enough; what hangs up on this one each time has.
      if (this.#taken === undefined || tries === maxTries || (closed && this.#lastHeard > number)) return value;
      // While nothing came it may have had its rest.
      if (!closed && tries === 1) continue;
      if (!(await this.#hadToRest(this.#taken))) return value;
    }
  }

  async #hadToRest(taken: HelloOffer): Promise<boolean> {
    this.#recovery ??= this.#recover(taken);
    try {
      return await this.#recovery;
    } finally {
      this.#recovery = undefined;
    }
  }

  async #recover(taken: HelloOffer): Promise<boolean> {
    const answers = async (): Promise<boolean> => isTaken((await this.#probeOnce(taken, "hello")).value);
    if (await answers()) return false;
    if (await this.#options.dialling.rest(answers)) return true;
    throw notTls("stopped_answering", "the server no longer answers what it answered before");
  }
}

/** How often the same is asked of a server that says nothing to it, and has to rest each time. */
const maxTries = 4;

function isTaken({ serverHello, retry, ssl2CipherKinds }: Answer): boolean {
  return serverHello !== undefined || retry !== undefined || ssl2CipherKinds !== undefined;
}
