import { recordHeaderLength } from "@tlskit/record";
import { ByteQueue } from "@tlskit/wire";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { type NoMore, Octets } from "../probe/octets.ts";
import { probeOn } from "../probe/probe.ts";
import type { Scanning } from "../scanning.ts";
import { serverNameOf } from "../target.ts";
import { type Version, versions } from "../version.ts";

/** A record as it stands on the wire: what it says it is, and what is in it, whatever that may be. */
export interface RawRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Milliseconds without an octet after which a server says nothing more, unless the scan was told otherwise. */
const defaultSilence = 5000;

/** Milliseconds for all that is said on one connection here. */
const wholeTime = 20_000;

/** A connection after the server's part of a handshake, for whoever says what no client says. */
export class RawExchange {
  readonly #octets: Octets;
  readonly #queue = new ByteQueue();
  readonly version: Version;
  /** Milliseconds that the server took for its part of the handshake. */
  readonly flightTime: number;

  constructor(octets: Octets, version: Version, flightTime: number) {
    this.#octets = octets;
    this.version = version;
    this.flightTime = flightTime;
  }

  /** Sends records. */
  send(...records: readonly RawRecord[]): void {
    const version = versions[this.version];
    for (const { type, content } of records) {
      const header = [type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff];
      this.#octets.write(Uint8Array.of(...header, ...content));
    }
  }

  /**
   * The next record, or why there is none.
   * @param silence milliseconds without an octet: the scan's unless told otherwise
   */
  async next(silence?: number): Promise<RawRecord | NoMore> {
    const header = await this.#take(recordHeaderLength, silence);
    if (!(header instanceof Uint8Array)) return header;
    const [type = 0, , , high = 0, low = 0] = header;
    const content = await this.#take((high << 8) | low, silence);
    return content instanceof Uint8Array ? { type, content } : content;
  }

  async #take(length: number, silence: number | undefined): Promise<Uint8Array | NoMore> {
    while (this.#queue.length < length) {
      const more = await this.#octets.read(silence);
      if (!(more instanceof Uint8Array)) return more;
      this.#queue.push(more);
    }
    return this.#queue.take(length);
  }
}

/**
 * A connection on which the server has said its part of a handshake before TLS 1.3.
 * @param use gets the answer, and the exchange if it came to a whole flight
 */
export async function exchangeAfterFlight<T>(
  scanning: Scanning,
  offer: HelloOffer,
  use: (answer: Answer, exchange: RawExchange | undefined) => Promise<T>,
): Promise<T> {
  const { target, provider, random, silence = defaultSilence } = scanning;
  const serverName = serverNameOf(target);
  return await scanning.withConnection(async (stream) => {
    const octets = new Octets(stream, { silence, answer: Math.max(wholeTime, 3 * silence) });
    try {
      const begun = performance.now();
      const answer = await probeOn(octets, offer, "flight", { provider, random, serverName });
      const flightTime = performance.now() - begun;
      const isWhole = answer.end.how === "complete" && answer.version !== undefined && answer.version !== "TLS 1.3";
      return await use(
        answer,
        isWhole && answer.version ? new RawExchange(octets, answer.version, flightTime) : undefined,
      );
    } finally {
      octets.release();
    }
  });
}
