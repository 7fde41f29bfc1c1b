import { type CryptoProvider, type KeyExchange, type KeyShareOffer, type Random, run, wait } from "@tlskit/crypto";
import { HandshakeType } from "@tlskit/messages";
import { TlsError } from "@tlskit/tls";
import { equalBytes } from "@tlskit/wire";
import type { Scanning } from "../scanning.ts";
import { clientContext } from "./client-context.ts";
import type { Conversation } from "./conversation.ts";
import { earlyDataOf, harmlessData } from "./resumed-visit.ts";
import { converseAgain, evidenceOf, newestVisit } from "./visits.ts";

/**
 * RFC 9846 §8: whether a server takes the same early data twice, in the same flight to the octet, as somebody who has seen it
 * go by can send it. The client of the second one is the first one over again, with the same randomness, time and key
 * shares: so it can read what the server makes of it, which nobody else could.
 */
export async function takesReplay(scanning: Scanning): Promise<boolean> {
  const visit = await scanning.shared(newestVisit);
  const { context } = visit;
  // A session of its own: some servers take each once, and others have been used.
  const fresh = await converseAgain(scanning, context, {});
  const session = fresh.sessions.find((bytes) => earlyDataOf(bytes) > 0);
  if (session === undefined) throw noReplay("the server gives no other ticket for early data");
  const tape = new Tape(scanning);
  const offer = { versions: "TLS 1.3", sessions: true, alpnProtocols: context.settings.alpnProtocols } as const;
  const plan = { session, earlyData: harmlessData(scanning, visit) };
  try {
    const first = await converseAgain(scanning, clientContext(tape.recording(), offer), plan);
    scanning.note(evidenceOf("early data", first));
    if (first.earlyData !== "accepted") throw noReplay("the server has taken early data, and doesn't any more");
    const second = await converseAgain(scanning, clientContext(tape.playing(), offer), plan);
    scanning.note(evidenceOf("the same early data once more", second));
    if (!haveSameHello(first, second)) throw noReplay("a hello couldn't be made again");
    return second.earlyData === "accepted";
  } finally {
    tape.erase();
  }
}

function noReplay(reason: string): TlsError {
  return new TlsError("peer", "no_replay", `${reason}: whether it takes a replay can't be told`);
}

function haveSameHello(one: Conversation, other: Conversation): boolean {
  const [first, second] = [one, other].map(({ seen }) =>
    seen.find(({ bytes }) => bytes[0] === HandshakeType.clientHello),
  );
  return first !== undefined && second !== undefined && equalBytes(first.bytes, second.bytes);
}

/** Whatever of a client isn't the same at each connection. */
type Sources = Pick<Scanning, "provider" | "random" | "clock">;

/** Records what a client's hello is made of, so that it can be made again. */
class Tape {
  readonly #sources: Sources;
  readonly #now: number;
  readonly #random: Uint8Array[] = [];
  readonly #offers: { readonly exchange: KeyExchange; readonly offer: KeyShareOffer }[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#now = sources.clock();
  }

  recording(): Sources {
    const random: Random = (length) => {
      const bytes = this.#sources.random(length);
      this.#random.push(bytes.slice());
      return bytes;
    };
    return this.#with(random, (exchange, own) => this.#record(exchange, own));
  }

  /** What was recorded, from the beginning; behind its end, which is behind the hello, whatever comes. */
  playing(): Sources {
    const values = this.#random.values();
    const random: Random = (length) => {
      const { value } = values.next();
      return value?.length === length ? value.slice() : this.#sources.random(length);
    };
    const left = [...this.#offers];
    return this.#with(random, (exchange, own) => {
      const at = left.findIndex((recorded) => recorded.exchange === exchange);
      const [recorded] = at < 0 ? [] : left.splice(at, 1);
      return recorded === undefined ? exchange.offer(own) : kept(recorded.offer);
    });
  }

  /** Frees the private keys. */
  erase(): void {
    for (const { offer } of this.#offers.splice(0)) offer.dispose();
  }

  #with(random: Random, offer: (exchange: KeyExchange, random: Random) => ReturnType<KeyExchange["offer"]>): Sources {
    const { provider } = this.#sources;
    const keyExchanges = provider.keyExchanges.map(
      (exchange): KeyExchange => ({
        name: exchange.name,
        offer: (own) => offer(exchange, own),
        respond: (share, own) => exchange.respond(share, own),
      }),
    );
    const taped: CryptoProvider = { ...provider, keyExchanges };
    return { provider: taped, random, clock: () => this.#now };
  }

  #record(exchange: KeyExchange, random: Random): ReturnType<KeyExchange["offer"]> {
    const offers = this.#offers;
    return run(
      (function* () {
        const offer = yield* wait(exchange.offer(random));
        offers.push({ exchange, offer });
        return kept(offer);
      })(),
    );
  }
}

/** An offer that is used again, and so isn't its user's to free. */
function kept(offer: KeyShareOffer): KeyShareOffer {
  return { share: offer.share, finish: (share) => offer.finish(share), dispose: () => {} };
}
