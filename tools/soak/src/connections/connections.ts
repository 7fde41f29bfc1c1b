import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { makeCertificates } from "../certificates.ts";
import { type Footprint, grown } from "../footprint.ts";
import { type ImplementationName, implementations } from "../implementations.ts";
import { atOnce, inSequence, type Openings, type Plan } from "./drive.ts";
import { converse, type Patience, serveEcho, type Target } from "./honest.ts";
import { Grudge, playHostile } from "./hostile-peer.ts";
import { type Kind, kindsOf, type Role, type World } from "./kinds.ts";
import { honestPatience, settlingTime } from "./limits.ts";
import { Subject } from "./subject-process.ts";
import { type Counts, Tally, total } from "./tally.ts";

/** What to do. */
export interface ConnectionsSoak extends Plan, Patience {
  readonly implementation: ImplementationName;
  /** Of the end under test. */
  readonly role: Role;
  /** Of what is random. */
  readonly seed: number;
}

/** What came of it. */
export interface ConnectionsReport {
  readonly implementation: ImplementationName;
  readonly role: Role;
  /** Connections that were open at a time, at most. */
  readonly atOnce: number;
  /** What the end under test ended with, by kinds of peers. */
  readonly ends: Counts;
  /** What peers saw of it. */
  readonly seen: Counts;
  readonly base: Footprint;
  readonly end: Footprint;
  /** A sentence for each thing that was wrong. */
  readonly failures: readonly string[];
}

/** Connections before the base is measured, for each kind of hostile peer, at once: for what is made when it is first needed. */
const warmUp = 3;

/** Honest and hostile peers, a third of all, for an implementation in a role of its, in a process of its own. */
export async function soakConnections(soak: ConnectionsSoak): Promise<ConnectionsReport> {
  const { implementation, role } = soak;
  const subject = Subject.start(implementation);
  const peers = role === "server" ? await Clients.of(soak, subject) : await Servers.of(soak, subject);
  try {
    const { kinds } = peers;
    await peers.drive({ atOnce: warmUp * kinds.length, inSequence: 0 });
    const base = await settled(subject);
    await subject.order("ends");
    peers.forget();
    await peers.drive(soak);
    const end = await settled(subject, base);
    const { counts: ends, atOnce } = await subject.order("ends");
    const seen = peers.seen.counts;
    const failures = [
      ...peers.failures,
      ...judgeEnds(kinds, ends, seen),
      ...grown(base, end),
      ...(subject.said === "" ? [] : [`the process under test said: ${subject.said}`]),
    ].map((failure) => `${implementation}, as ${role}: ${failure}`);
    return { implementation, role, atOnce, ends, seen, base, end, failures };
  } finally {
    peers.close();
    subject.stop();
  }
}

/** The peers of a process under test. */
abstract class Peers {
  readonly kinds: readonly Kind[];
  seen = new Tally();
  readonly failures: string[] = [];
  readonly #soak: ConnectionsSoak;
  readonly #world: World;
  readonly #turns = new Map<Kind, number>();
  #randoms = 0;
  /** Hostile peers that are at it. */
  #hostile = 0;

  protected constructor(soak: ConnectionsSoak, world: World) {
    this.kinds = kindsOf(soak.role === "server" ? "client" : "server");
    this.#soak = soak;
    this.#world = world;
    this.#randoms = soak.seed;
  }

  protected abstract connect(plan: Plan): Promise<void>;
  abstract close(): void;

  /** Makes connections, and waits until the last of them is over, at either end. */
  async drive(plan: Plan): Promise<void> {
    await this.connect(plan);
    while (this.#hostile > 0) await sleep(100);
  }

  /** What was seen until now doesn't count. */
  forget(): void {
    this.seen = new Tally();
  }

  /** Is hostile, in one of the places where one of this kind can be, in turns. */
  protected async beHostile(kind: Kind, socket: Parameters<typeof playHostile>[0]): Promise<void> {
    const turn = this.#turns.get(kind) ?? 0;
    this.#turns.set(kind, turn + 1);
    const play = kind.cases[turn % kind.cases.length];
    if (play === undefined) throw new Error(`${kind.name} has no place to be hostile in`);
    this.#randoms += 1;
    const random = seededRandom(this.#randoms);
    this.#hostile += 1;
    try {
      this.seen.add(kind.name, await playHostile(socket, kind, play, random, this.#world, this.#soak));
    } catch (error) {
      if (!(error instanceof Grudge)) throw error;
      this.failures.push(`${kind.name}: ${error.message}`);
    } finally {
      this.#hostile -= 1;
    }
  }
}

/** Clients of a server that is under test. */
class Clients extends Peers {
  readonly #openings: Openings;

  private constructor(soak: ConnectionsSoak, world: World, ports: readonly number[], ca: string) {
    super(soak, world);
    // The first port is for honest ones.
    const [port = 0, ...hostilePorts] = ports;
    const target: Target = { port, ca, ...honestPatience };
    this.#openings = {
      honest: async (version, held, established) => {
        const how = await converse(implementations[soak.implementation], target, version, { held, established });
        this.seen.add(version, how);
      },
      hostile: async (turn) => {
        const number = turn % this.kinds.length;
        const kind = this.kinds[number];
        const hostilePort = hostilePorts[number];
        if (kind === undefined || hostilePort === undefined) throw new Error("there is a port for each kind");
        await this.beHostile(
          kind,
          connect({ host: "127.0.0.1", port: hostilePort, noDelay: true, allowHalfOpen: true }),
        );
      },
    };
  }

  static async of(soak: ConnectionsSoak, subject: Subject): Promise<Clients> {
    const { pki, ca, server } = makeCertificates();
    const world = { provider: nodeProvider, pki };
    const { handshakeTimeout, idleTimeout } = soak;
    const listeners = [
      ["honest clients", honestPatience] as const,
      ...kindsOf("client").map(({ name }) => [name, { handshakeTimeout, idleTimeout }] as const),
    ];
    return new Clients(soak, world, await subject.order("serve", server, listeners), ca);
  }

  protected async connect(plan: Plan): Promise<void> {
    await atOnce(plan.atOnce, this.#openings);
    await inSequence(plan.inSequence, this.#openings);
  }

  close(): void {}
}

/** Servers for a client that is under test. */
class Servers extends Peers {
  readonly #listening: Server[] = [];
  readonly #subject: Subject;
  readonly #honest: Target;
  readonly #hostile: (readonly [string, Target])[] = [];

  private constructor(soak: ConnectionsSoak, world: World, subject: Subject, honest: Target) {
    super(soak, world);
    this.#subject = subject;
    this.#honest = honest;
  }

  static async of(soak: ConnectionsSoak, subject: Subject): Promise<Servers> {
    const { pki, ca, server } = makeCertificates();
    const world = { provider: nodeProvider, pki };
    const { handshakeTimeout, idleTimeout } = soak;
    const patience = { handshakeTimeout, idleTimeout };
    const { createServer } = implementations[soak.implementation];
    const honest = createServer({ ...server, handshakeTimeout: honestPatience.handshakeTimeout });
    let servers: Servers | undefined;
    const port = await serveEcho(honest, honestPatience, (how) => servers?.seen.add("honest servers", how));
    servers = new Servers(soak, world, subject, { port, ca, ...honestPatience });
    servers.#listening.push(honest);
    for (const kind of servers.kinds) {
      const target = { port: await servers.#listen(kind), ca, ...patience };
      servers.#hostile.push([kind.name, target]);
    }
    return servers;
  }

  async #listen(kind: Kind): Promise<number> {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => void this.beHostile(kind, socket));
    this.#listening.push(server);
    server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
    await once(server, "listening");
    return (server.address() as AddressInfo).port; // of a server that listens on a port
  }

  protected async connect({ atOnce, inSequence }: Plan): Promise<void> {
    await this.#subject.order("drive", { atOnce, inSequence }, this.#honest, this.#hostile);
  }

  close(): void {
    for (const server of this.#listening) server.close();
  }
}

/** How large a process is once its connections are gone, or won't go. */
async function settled(subject: Subject, base?: Footprint): Promise<Footprint> {
  const deadline = performance.now() + settlingTime;
  for (;;) {
    const footprint = await subject.order("footprint");
    const isQuiet = footprint.sockets === 0 && (base === undefined || grown(base, footprint).length === 0);
    if (isQuiet || performance.now() > deadline) return footprint;
    await sleep(500);
  }
}

function judgeEnds(kinds: readonly Kind[], ends: Counts, seen: Counts): string[] {
  const failures: string[] = [];
  const hostile = new Map(kinds.map((kind) => [kind.name, kind]));
  for (const [name, how, count] of [...listed(ends), ...listed(seen).filter(([name]) => !hostile.has(name))]) {
    const kind = hostile.get(name);
    // A machine that is busy may not come so far in time with a hostile peer.
    const isFine = kind === undefined ? how === "closed" : kind.ends.test(how) || givenUp.test(how);
    if (!isFine) failures.push(`${name}: ended with ${how}, ${count} times`);
  }
  for (const [name, { ends: due }] of hostile) {
    const [made, told] = [total(seen[name]), total(ends[name])];
    if (!Object.keys(ends[name] ?? {}).some((how) => due.test(how))) failures.push(`${name}: never came so far`);
    if (made !== told) failures.push(`${name}: ${made} connections, and ${told} ends`);
  }
  return failures;
}

function listed(counts: Counts): (readonly [name: string, how: string, count: number])[] {
  return Object.entries(counts).flatMap(([name, counts]) =>
    Object.entries(counts).map(([how, count]) => [name, how, count] as const),
  );
}

/** What a hostile peer may have whatever it does: its time is over. */
const givenUp = /^(handshake_timeout|idle)$/;
