import {
  type Awaitable,
  type CryptoProvider,
  cryptoError,
  defaultKeySharesAhead,
  type KeyExchange,
  type KeyShareOffer,
  KeySharesAhead,
  type KeySharesAheadOptions,
  keyExchangeOf,
  maximumKeySharesAhead,
} from "@tlskit/crypto";
import { describe, expect, it } from "vitest";

/** Offers numbered in the order in which they are made, and what became of them. */
class World {
  readonly idle: (() => void)[] = [];
  readonly events: string[] = [];
  /** What stands between making a share and having it. */
  later: ((offer: KeyShareOffer) => Awaitable<KeyShareOffer>) | undefined;
  failing = false;
  #made = 0;

  readonly exchange: KeyExchange = {
    name: "X25519",
    offer: (random) => {
      if (this.failing) throw cryptoError("unsupported", "no share today");
      this.#made += 1;
      const number = this.#made;
      random(1);
      this.events.push(`made ${number}`);
      const offer: KeyShareOffer = {
        share: Uint8Array.of(number),
        finish: (peerShare) => {
          if (peerShare.length !== 1) throw cryptoError("invalid_key_share", "one byte expected");
          return Uint8Array.of(number, ...peerShare);
        },
        dispose: () => this.events.push(`disposed of ${number}`),
      };
      return this.later?.(offer) ?? offer;
    },
    respond: () => ({ share: Uint8Array.of(0), secret: Uint8Array.of(0) }),
  };

  ahead(options: Partial<KeySharesAheadOptions> = {}, exchange = this.exchange): KeySharesAhead {
    return new KeySharesAhead({
      provider: { ...empty, keyExchanges: [exchange] },
      random,
      keyExchanges: [exchange.name],
      count: 2,
      whenIdle: (work) => this.idle.push(work),
      ...options,
    });
  }

  /** Does what waits for idle time, and what comes of it. */
  rest(): void {
    for (let work = this.idle.shift(); work !== undefined; work = this.idle.shift()) work();
  }
}

const empty: CryptoProvider = { name: "empty", hashes: [], aeads: [], keyExchanges: [], signatures: [] };
const random = (length: number): Uint8Array => new Uint8Array(length);
const exchangeOf = ({ provider }: KeySharesAhead): KeyExchange => keyExchangeOf(provider, "X25519");

describe("key shares made ahead", () => {
  it("are made one at a time, when there is nothing else to do, and no more than were asked for", () => {
    const world = new World();
    const ahead = world.ahead();
    expect(world.events).toEqual([]);
    expect(world.idle).toHaveLength(1);
    world.idle.shift()?.();
    expect(world.events).toEqual(["made 1"]);
    world.rest();
    expect(world.events).toEqual(["made 1", "made 2"]);
    expect(ahead.ready).toBe(2);
  });

  it("are each used once, the oldest first, and made anew for what was taken", async () => {
    const world = new World();
    const ahead = world.ahead();
    world.rest();
    const exchange = exchangeOf(ahead);
    expect((await exchange.offer(random)).share).toEqual(Uint8Array.of(1));
    expect((await exchange.offer(random)).share).toEqual(Uint8Array.of(2));
    expect(ahead.ready).toBe(0);
    // none is ready: it is made
    const third = await exchange.offer(random);
    expect(await third.finish(Uint8Array.of(9))).toEqual(Uint8Array.of(3, 9));
    world.rest();
    expect(ahead.ready).toBe(2);
    expect((await exchange.offer(random)).share).toEqual(Uint8Array.of(4));
  });

  it("answer an offer as well where both sides do the same", async () => {
    const world = new World();
    const ahead = world.ahead();
    world.rest();
    const answer = await exchangeOf(ahead).respond(Uint8Array.of(9), random);
    expect(answer).toEqual({ share: Uint8Array.of(1), secret: Uint8Array.of(1, 9) });
    expect(world.events).toContain("disposed of 1");
    expect(() => exchangeOf(ahead).respond(Uint8Array.of(9, 9), random)).toThrow("one byte expected");
    expect(world.events).toContain("disposed of 2");
    // none is ready: it is the exchange's own answer
    expect((await exchangeOf(ahead).respond(Uint8Array.of(9), random)).share).toEqual(Uint8Array.of(0));
  });

  it("answer nothing where the answer needs what was offered", async () => {
    const world = new World();
    const hybrid: KeyExchange = { ...world.exchange, name: "X25519MLKEM768" };
    const ahead = world.ahead({}, hybrid);
    world.rest();
    const exchange = keyExchangeOf(ahead.provider, "X25519MLKEM768");
    expect((await exchange.respond(Uint8Array.of(9), random)).share).toEqual(Uint8Array.of(0));
    expect((await exchange.offer(random)).share).toEqual(Uint8Array.of(1));
  });

  it("may be ready later, with a provider that answers later", async () => {
    const world = new World();
    world.later = (offer) => Promise.resolve(offer);
    const ahead = world.ahead();
    world.rest();
    expect(ahead.ready).toBe(0);
    await Promise.resolve();
    world.rest();
    await Promise.resolve();
    expect(ahead.ready).toBe(2);
  });

  it("that can't be made are missed by nobody but whoever asks for one", async () => {
    const world = new World();
    world.failing = true;
    const ahead = world.ahead();
    world.rest();
    expect(ahead.ready).toBe(0);
    expect(() => exchangeOf(ahead).offer(random)).toThrow("no share today");
    world.failing = false;
    expect((await exchangeOf(ahead).offer(random)).share).toEqual(Uint8Array.of(1));
    world.rest();
    expect(ahead.ready).toBe(2);
    world.later = () => Promise.reject(cryptoError("unsupported", "no share later"));
    await exchangeOf(ahead).offer(random);
    world.rest();
    for (let turn = 0; turn < 3; turn += 1) await undefined;
    expect(ahead.ready).toBe(1);
  });

  it("are forgotten at the end, those under way too, and made as ever from then on", async () => {
    const world = new World();
    const ahead = world.ahead();
    world.rest();
    let arrive: (() => void) | undefined;
    world.later = (offer) =>
      new Promise((resolve) => {
        arrive = () => resolve(offer);
      });
    await exchangeOf(ahead).offer(random);
    world.rest();
    ahead.dispose();
    expect(world.events.filter((event) => event.startsWith("disposed"))).toEqual(["disposed of 2"]);
    arrive?.();
    for (let turn = 0; turn < 3; turn += 1) await undefined;
    expect(world.events.at(-1)).toBe("disposed of 3");
    world.later = undefined;
    expect((await exchangeOf(ahead).offer(random)).share).toEqual(Uint8Array.of(4));
    world.rest();
    expect(ahead.ready).toBe(0);
    ahead.dispose();
  });

  it("leave everything else of the provider as it is", () => {
    const world = new World();
    const other: KeyExchange = { ...world.exchange, name: "P-256" };
    const provider = { ...empty, name: "both", keyExchanges: [other, world.exchange] };
    const ahead = world.ahead({ provider });
    expect(ahead.provider.name).toBe("both");
    expect(ahead.provider.keyExchanges.map(({ name }) => name)).toEqual(["P-256", "X25519"]);
    expect(ahead.provider.keyExchanges[0]).toBe(other);
  });

  it(`are ${defaultKeySharesAhead} unless told`, () => {
    const world = new World();
    const ahead = world.ahead({ count: undefined });
    world.rest();
    expect(ahead.ready).toBe(defaultKeySharesAhead);
  });

  it("may be as many as the limit says", () => {
    expect(() => new World().ahead({ count: maximumKeySharesAhead })).not.toThrow();
  });

  it.each<[string, string, Partial<KeySharesAheadOptions>]>([
    ["too many", "invalid_argument", { count: maximumKeySharesAhead + 1 }],
    ["none", "invalid_argument", { count: 0 }],
    ["a part of one", "invalid_argument", { count: 0.5 }],
    ["of a key exchange that isn't there", "unsupported", { keyExchanges: ["X448"] }],
    ["without randomness", "invalid_argument", { random: undefined as never }],
    ["at no time", "invalid_argument", { whenIdle: undefined as never }],
  ])("can't be %s", (_what, code, options) => {
    expect(() => new World().ahead(options)).toThrow(expect.objectContaining({ name: "CryptoError", code }));
  });
});
