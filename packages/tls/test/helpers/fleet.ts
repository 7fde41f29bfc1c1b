import { nodeProvider } from "@tlskit/crypto-node";
import { type EarlyDataAttempt, GivenTicketKeys, MemorySessionStore, SealedTickets } from "@tlskit/sessions";
import { InMemoryNetwork, type Link, type LinkOptions, seededRandom } from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ClientTarget,
  type EarlyDataOutcome,
  externalPskOffers,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { expect } from "vitest";
import { Recorder } from "./under-test.ts";
import { host, now, sharedPki, whenAvailable } from "./world.ts";

/** What a connection told about sessions and early data besides. */
export class SessionRecorder<Info> extends Recorder<Info> {
  readonly sessions: Uint8Array[] = [];
  readonly outcomes: (readonly [EarlyDataOutcome, string])[] = [];
  readonly #early: Uint8Array[] = [];
  /** What is done about early data. */
  answer: () => void = () => {};

  readonly session = (session: Uint8Array): void => {
    this.sessions.push(session);
  };

  readonly earlyPlaintext = (bytes: Uint8Array): void => {
    this.events.push("early");
    this.#early.push(bytes);
    this.answer();
  };

  readonly earlyDataOutcome = (outcome: EarlyDataOutcome, data: Uint8Array): void => {
    this.events.push(outcome);
    this.outcomes.push([outcome, new TextDecoder().decode(data)]);
  };

  get early(): string {
    return new TextDecoder().decode(concat(...this.#early));
  }
}

/** A client and a server of a fleet. */
export interface Two {
  readonly network: InMemoryNetwork;
  readonly link: Link;
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly atClient: SessionRecorder<ClientInfo>;
  readonly atServer: SessionRecorder<ServerInfo>;
}

type Options = readonly [
  client?: Partial<ClientOptions>,
  server?: Partial<ServerOptions>,
  target?: Partial<ClientTarget>,
  link?: LinkOptions,
];

/** Clients that share a store, and servers that share ticket keys, at whatever time. */
export class Fleet {
  /** Milliseconds since the beginning. */
  later = 0;
  readonly clock = (): number => now + this.later;
  readonly sessions = new MemorySessionStore({ clock: this.clock });
  readonly tickets = new SealedTickets({
    provider: nodeProvider,
    random: seededRandom(5),
    keys: new GivenTicketKeys([{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }]),
  });
  /** Binders that were seen. */
  readonly seen = new Set<string>();
  readonly earlyData = {
    maxSize: 10_000,
    guard: {
      admit: ({ binder }: EarlyDataAttempt): boolean => {
        const before = this.seen.size;
        return this.seen.add(Buffer.from(binder).toString("hex")).size > before;
      },
    },
  };
  #seed = 100;

  /** Wired, not started. */
  made(...[client, server, target, linkOptions]: Options): Two {
    this.#seed += 1;
    const network = new InMemoryNetwork({ now });
    const link = network.link(linkOptions);
    const common = { provider: nodeProvider, clock: this.clock };
    const clientContext = new ClientContext({
      resumption,
      externalPskOffers,
      ...common,
      random: seededRandom(this.#seed),
      anchors: sharedPki().anchors,
      revocation: whenAvailable,
      sessions: this.sessions,
      ...client,
    });
    const serverContext = new ServerContext({
      ...common,
      random: seededRandom(this.#seed + 1000),
      certificates: sharedPki().certificates.slice(0, 1),
      tickets: this.tickets,
      ...server,
    });
    const atClient = new SessionRecorder<ClientInfo>(link.left.write, link.left.end);
    const atServer = new SessionRecorder<ServerInfo>(link.right.write, link.right.end);
    const made = {
      network,
      link,
      client: new TlsClient(clientContext, { host, ...target }, atClient),
      server: new TlsServer(serverContext, atServer),
      atClient,
      atServer,
    };
    link.left.attach(made.client);
    link.right.attach(made.server);
    return made;
  }

  /** Two that have come to the end of their handshake. */
  connected(...options: Options): Two {
    const made = run(this.made(...options));
    expect(made.atClient.error).toBeUndefined();
    expect(made.atServer.error).toBeUndefined();
    return made;
  }

  /** Whether another connection resumed a session. */
  resumed(...options: Options): boolean | undefined {
    const { atClient, atServer } = this.connected(...options);
    expect(atClient.info?.resumed).toBe(atServer.info?.resumed);
    return atClient.info?.resumed;
  }
}

/** Starts both and runs the world until it is quiet. */
export function run(two: Two): Two {
  two.server.start();
  two.client.start();
  two.network.run();
  return two;
}
