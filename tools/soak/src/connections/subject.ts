/**
 * The process under test, which has one role of one implementation, and does what it is told. A peer that ends it, or has it
 * say anything on stderr, has found something.
 */
import type { Socket } from "node:net";
import { Census, type Footprint, footprint } from "../footprint.ts";
import { type ImplementationName, implementations } from "../implementations.ts";
import { atOnce, inSequence, type Openings, type Plan } from "./drive.ts";
import { converse, type Ended, type Patience, serveEcho, type Target } from "./honest.ts";
import { type Counts, Tally } from "./tally.ts";

/** What it can be told, and what it answers. */
export interface Commands {
  /** Listens on a port for each name; what becomes of connections is told under that. */
  serve(
    certificate: { readonly cert: string; readonly key: string },
    listeners: readonly (readonly [name: string, patience: Patience])[],
  ): Promise<readonly number[]>;
  /** Connects to servers, honest and hostile ones. */
  drive(plan: Plan, honest: Target, hostile: readonly (readonly [name: string, target: Target])[]): Promise<void>;
  footprint(): Promise<Footprint>;
  /** What connections have ended with, and how many were open at a time at most; those from now on are counted anew. */
  ends(): Promise<{ readonly counts: Counts; readonly atOnce: number }>;
}

/** @internal What is sent to it. */
export interface Order {
  readonly name: keyof Commands;
  readonly given: readonly unknown[];
}

/** @internal What it sends back. */
export type Reply = { readonly value: unknown } | { readonly failed: string };

const implementation = implementations[process.argv[2] as ImplementationName]; // from Subject.start
const census = new Census();
let tally = new Tally();
let open = 0;
let most = 0;

const opened = (socket: Socket): void => {
  census.add(socket);
  open += 1;
  most = Math.max(most, open);
};

const closed = (name: string, how: Ended): void => {
  open -= 1;
  tally.add(name, how);
};

const commands: Commands = {
  async serve(certificate, listeners) {
    return await Promise.all(
      listeners.map(async ([name, patience]) => {
        const { handshakeTimeout } = patience;
        const server = implementation.createServer({ ...certificate, handshakeTimeout });
        server.on("connection", () => {
          open += 1;
          most = Math.max(most, open);
        });
        server.on("secureConnection", (socket: Socket) => census.add(socket));
        server.on("tlsClientError", (_error: Error, socket: Socket) => census.add(socket));
        return await serveEcho(server, patience, (how) => closed(name, how));
      }),
    );
  },
  async drive(plan, honest, hostile) {
    const talk: Openings = {
      async honest(version, held, established) {
        closed(version, await converse(implementation, honest, version, { opened, held, established }));
      },
      async hostile(turn) {
        const server = hostile[turn % hostile.length];
        if (server === undefined) throw new Error("there is a hostile server for each kind");
        const [name, target] = server;
        closed(name, await converse(implementation, target, undefined, { opened }));
      },
    };
    await atOnce(plan.atOnce, talk);
    await inSequence(plan.inSequence, talk);
  },
  footprint: () => footprint(census),
  async ends() {
    const { counts } = tally;
    const atOnce = most;
    tally = new Tally();
    most = open;
    return { counts, atOnce };
  },
};

async function obey({ name, given }: Order): Promise<Reply> {
  try {
    // Whoever orders is typed by `Commands`.
    return { value: await (commands[name] as (...given: readonly unknown[]) => Promise<unknown>)(...given) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", (order: Order) => void obey(order).then((reply) => process.send?.(reply)));
process.once("disconnect", () => process.exit());
