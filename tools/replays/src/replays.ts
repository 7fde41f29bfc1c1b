import { randomBytes } from "node:crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  certificatesToPem,
  createCertificateSync,
  generatePrivateKeySync,
  privateKeyToPem,
  TrustAnchors,
} from "@tlskit/x509";
import { createClient } from "redis";
import { Clients, replay } from "./clients.ts";
import { RedisServer } from "./redis-server.ts";
import { ServerProcesses } from "./server-processes.ts";
import { type Door, host, type TicketForm, ticketCount } from "./setup.ts";

/** How many flights were taken so often by all processes together. */
export type Counts = Readonly<Record<number, number>>;

export interface Report {
  /** Flights that clients sent, and recorded: they tell what they were told. */
  readonly originals: { readonly accepted: number; readonly taken: Counts };
  /** The same after each was sent again, to all processes at once. */
  readonly again: Counts;
  /** Flights that came to all processes at the same instant, and to nobody before. */
  readonly atOnce: Counts;
  /** Such flights at the doors that have no guard. */
  readonly unguarded: Counts;
  /** Flights of sessions from before Redis was emptied, and all the others once more. */
  readonly emptied: { readonly guarded: Counts; readonly unguarded: Counts };
  /** A connection with early data when Redis was killed. */
  readonly killed: { readonly established: boolean; readonly resumed: boolean; readonly early: string | undefined };
}

/** So many connections are open at a time. */
const width = 40;

/** Records flights with early data and sends them again, to processes that share a Redis. */
export async function replays(options: {
  readonly flights: number;
  readonly processes: number;
  readonly tickets: TicketForm;
  /** Told of each part of the report as soon as it is there. */
  readonly progress?: (part: string, result: Report[keyof Report]) => void;
}): Promise<Report> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    return await experiment(options, ends);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function experiment(
  { flights, processes: count, tickets, progress }: Parameters<typeof replays>[0],
  ends: (() => Promise<unknown>)[],
): Promise<Report> {
  const redis = await RedisServer.start();
  ends.push(() => redis.kill());
  const operator = createClient({ socket: { path: redis.path, tls: false } });
  operator.on("error", () => {});
  ends.push(async () => operator.destroy());
  await operator.connect();

  const { anchors, chain, privateKey } = identity();
  const setup = { redis: redis.path, tickets, key: randomBytes(32).toString("hex"), chain, privateKey };
  const processes = await ServerProcesses.start(count, setup);
  ends.push(() => processes.end());
  const { ports } = processes;
  // The guard was begun just now, and has to be older than any flight: this is as if it were.
  await operator.hIncrBy("tlskit:guard", "since", -86_400_000);

  const clients = new Clients(anchors);
  const full = await each(Math.ceil((4 * flights + 1) / ticketCount), (at) =>
    clients.connection(portOf(at, "guarded"), { wanted: ticketCount }),
  );
  const sessions = full.flatMap(({ sessions: made }) => made);

  const outcomes = await each(flights, (at) =>
    clients.connection(portOf(at, "guarded"), { session: sessions.pop(), early: `sent by a client, ${at}` }),
  );
  const originals = part("originals", {
    accepted: outcomes.filter(({ early }) => early === "accepted").length,
    taken: await counts("guarded", "sent by a client"),
  });
  await each(flights, (at) => toAll("guarded", outcomes[at]?.flight));
  const again = part("again", await counts("guarded", "sent by a client"));

  await each(flights, (at) => toAll("guarded", flight(`at once, ${at}`)));
  const atOnce = part("atOnce", await counts("guarded", "at once"));

  await each(flights, (at) => toAll("unguarded", flight(`unguarded, ${at}`)));
  const unguarded = part("unguarded", await counts("unguarded", "unguarded"));

  await operator.flushAll();
  await each(flights, async (at) => {
    const recorded = flight(`emptied, ${at}`);
    await toAll("guarded", recorded);
    await toAll("guarded", outcomes[at]?.flight);
    await toAll("unguarded", recorded);
  });
  const emptied = part("emptied", {
    guarded: await counts("guarded", "emptied"),
    unguarded: await counts("unguarded", "emptied"),
  });
  const unchanged = await counts("guarded", "sent by a client");
  if (JSON.stringify(unchanged) !== JSON.stringify(again))
    throw new Error("early data was taken again: Redis was emptied");

  await redis.kill();
  const { info, early } = await clients.connection(portOf(0, "guarded"), {
    session: sessions.pop(),
    early: "killed",
  });
  const killed = part("killed", { established: info !== undefined, resumed: info?.resumed === true, early });
  return { originals, again, atOnce, unguarded, emptied, killed };

  function part<Name extends keyof Report>(name: Name, result: Report[Name]): Report[Name] {
    progress?.(name, result);
    return result;
  }

  function portOf(at: number, door: Door): number {
    return ports[at % ports.length]?.[door] ?? 0;
  }

  function flight(text: string): Uint8Array {
    const session = sessions.pop();
    if (session === undefined) throw new Error("the servers gave too few tickets");
    return clients.flight(session, text);
  }

  async function toAll(door: Door, recorded: Uint8Array | undefined): Promise<void> {
    if (recorded === undefined || recorded.length === 0) throw new Error("nothing was recorded");
    await Promise.all(ports.map((port) => replay(port[door], recorded)));
  }

  async function counts(door: Door, about: string): Promise<Counts> {
    const taken = await processes.taken(door);
    const result: Record<number, number> = {};
    for (let at = 0; at < flights; at += 1) {
      const times = taken.get(`${about}, ${at}`) ?? 0;
      result[times] = (result[times] ?? 0) + 1;
    }
    return result;
  }
}

/** All of them, some at a time, in the order of their numbers. */
async function each<T>(count: number, what: (at: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let first = 0; first < count; first += width) {
    const some = Array.from({ length: Math.min(width, count - first) }, (_, index) => what(first + index));
    results.push(...(await Promise.all(some)));
  }
  return results;
}

function identity() {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const key = generatePrivateKeySync({ provider, random });
  const certificate = createCertificateSync({
    ...{ provider, random, publicKey: key, signer: key },
    ...{ subject: { commonName: host }, dnsNames: [host], validity: { from: new Date(Date.now() - 60_000) } },
  });
  return {
    anchors: TrustAnchors.of([certificate]),
    chain: certificatesToPem(certificate),
    privateKey: privateKeyToPem(key),
  };
}
