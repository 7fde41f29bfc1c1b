import { cryptoError } from "./error.ts";
import type { KeyExchange, KeyExchangeName, KeyShareAnswer, KeyShareOffer } from "./key-exchange.ts";
import { type CryptoProvider, keyExchangeOf } from "./provider.ts";
import type { Random } from "./random.ts";
import { isWaitable, run, type Steps, wait } from "./steps.ts";

/** Shares of each key exchange that wait unless told: for a few handshakes that begin in one moment. */
export const defaultKeySharesAhead: number = 8;

/** Shares of each key exchange that may be asked for: more than a processor makes in a tenth of a second. */
export const maximumKeySharesAhead: number = 1024;

export interface KeySharesAheadOptions {
  /** Whose key exchanges they are. */
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Which of them: those that handshakes begin with. */
  readonly keyExchanges: readonly KeyExchangeName[];
  /** How many wait, of each: {@link defaultKeySharesAhead} unless told, {@link maximumKeySharesAhead} at most. */
  readonly count?: number | undefined;
  /**
   * Calls what it is given, once, when there is nothing better to do: `setImmediate` or `requestIdleCallback`. What is
   * called then makes a single share.
   */
  readonly whenIdle: (work: () => void) => void;
}

/**
 * Key shares made ahead, in idle time, so that a handshake needn't wait for them. Each is used once, the oldest first
 * (RFC 9846 §4.3.8). Where none is ready one is made, as ever; so it is once they are disposed of.
 *
 * A share that waits is a private key in memory, of a connection that is still to come.
 */
export class KeySharesAhead {
  /** The same provider, for contexts: what its key exchanges offer was made ahead if it could be. */
  readonly provider: CryptoProvider;
  readonly #stocks: readonly Stock[];

  /** @throws {CryptoError} `invalid_argument`, `unsupported` */
  constructor({ provider, random, keyExchanges, count = defaultKeySharesAhead, whenIdle }: KeySharesAheadOptions) {
    if (!(Number.isInteger(count) && count >= 1 && count <= maximumKeySharesAhead)) {
      throw cryptoError(
        "invalid_argument",
        `count is ${count}, not a number of shares from 1 to ${maximumKeySharesAhead}`,
      );
    }
    if (typeof random !== "function") throw cryptoError("invalid_argument", "random is not a function");
    if (typeof whenIdle !== "function") throw cryptoError("invalid_argument", "whenIdle is not a function");
    const stocks = new Map(
      [...new Set(keyExchanges)].map((name) => [
        name,
        new Stock(keyExchangeOf(provider, name), { random, count, whenIdle }),
      ]),
    );
    this.#stocks = [...stocks.values()];
    this.provider = {
      ...provider,
      keyExchanges: provider.keyExchanges.map((exchange) => {
        const stock = stocks.get(exchange.name);
        return stock === undefined ? exchange : withStock(exchange, stock);
      }),
    };
  }

  /** Shares that wait. */
  get ready(): number {
    return this.#stocks.reduce((sum, stock) => sum + stock.size, 0);
  }

  /** Forgets those that wait, and makes no more. */
  dispose(): void {
    for (const stock of this.#stocks) stock.dispose();
  }
}

/**
 * Whether an offer answers an offer as well, as where both sides do the same. Whoever answers an ML-KEM share needs it for
 * that.
 */
const isSymmetric: Readonly<Record<KeyExchangeName, boolean>> = {
  X25519: true,
  X448: true,
  "P-256": true,
  "P-384": true,
  "P-521": true,
  X25519MLKEM768: false,
  ffdhe2048: true,
  ffdhe3072: true,
  ffdhe4096: true,
  ffdhe6144: true,
  ffdhe8192: true,
};

function withStock(exchange: KeyExchange, stock: Stock): KeyExchange {
  return {
    ...exchange,
    offer: (random) => stock.take() ?? exchange.offer(random),
    respond: (peerShare, random) => {
      const offer = isSymmetric[exchange.name] ? stock.take() : undefined;
      return offer === undefined ? exchange.respond(peerShare, random) : run(answered(offer, peerShare));
    },
  };
}

function* answered(offer: KeyShareOffer, peerShare: Uint8Array): Steps<KeyShareAnswer> {
  try {
    return { share: offer.share, secret: yield* wait(offer.finish(peerShare)) };
  } finally {
    offer.dispose();
  }
}

interface Making extends Pick<KeySharesAheadOptions, "random" | "whenIdle"> {
  readonly count: number;
}

/** The shares of one key exchange that wait. */
class Stock {
  readonly #exchange: KeyExchange;
  readonly #making: Making;
  readonly #ready: KeyShareOffer[] = [];
  #busy = false;
  #disposed = false;

  constructor(exchange: KeyExchange, making: Making) {
    this.#exchange = exchange;
    this.#making = making;
    this.#refill();
  }

  get size(): number {
    return this.#ready.length;
  }

  take(): KeyShareOffer | undefined {
    const offer = this.#ready.shift();
    this.#refill();
    return offer;
  }

  dispose(): void {
    this.#disposed = true;
    for (const offer of this.#ready.splice(0)) offer.dispose();
  }

  #refill(): void {
    if (this.#busy || this.#disposed || this.#ready.length >= this.#making.count) return;
    this.#busy = true;
    this.#making.whenIdle(() => this.#make());
  }

  #make(): void {
    if (this.#disposed) return;
    try {
      const offer = this.#exchange.offer(this.#making.random);
      if (isWaitable(offer)) offer.then(this.#made, this.#failed);
      else this.#made(offer);
    } catch {
      this.#failed();
    }
  }

  readonly #made = (offer: KeyShareOffer): void => {
    this.#busy = false;
    if (this.#disposed) {
      offer.dispose();
      return;
    }
    this.#ready.push(offer);
    this.#refill();
  };

  /** Whoever asks for the next one is told, since it has to be made then. */
  readonly #failed = (): void => {
    this.#busy = false;
  };
}
