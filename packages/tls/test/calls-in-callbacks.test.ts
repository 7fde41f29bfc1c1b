import { TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { InMemoryNetwork, LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import {
  alertName,
  ClientContext,
  type ConnectionHandlers,
  resumption,
  ServerContext,
  TlsClient,
  TlsError,
  TlsServer,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { text } from "./helpers/scenarios.ts";
import type { Either } from "./helpers/under-test.ts";
import { host, now, sharedPki } from "./helpers/world.ts";

/** What an application may call, in any order, in any callback. */
type Call = "send" | "updateKeys" | "close" | "abort";
const calls: readonly Call[] = ["send", "updateKeys", "close", "abort"];

/** Every order of up to so many of some. */
function orders<T>(of: readonly T[], length: number): readonly (readonly T[])[] {
  if (length === 0) return [[]];
  return [
    [],
    ...of.flatMap((first) =>
      orders(
        of.filter((other) => other !== first),
        length - 1,
      ).map((rest) => [first, ...rest]),
    ),
  ];
}
const sequences = orders(calls, 3).filter(({ length }) => length > 0);

const worlds = {
  "node answers at once": () => ({ provider: nodeProvider, tasks: undefined }),
  "noble's AEAD answers at once": () => ({
    provider: { ...nodeProvider, aeads: nobleProvider.aeads },
    tasks: undefined,
  }),
  "answers come late": () => {
    const tasks = new LateTasks("last in, first out");
    return { provider: lateProvider(nodeProvider, tasks), tasks };
  },
} as const;

type Callback = Exclude<keyof ConnectionHandlers<unknown>, "trace">;

/** How a connection comes to call something, and in which state it is then. */
interface Situation {
  readonly callback: Callback;
  /** What brings the callback about, once the handshake is done; without it, it is the first in the handshake. */
  readonly provoke?: (own: Either, peer: Either) => void;
  /** The peer has closed: our close ends everything. */
  readonly peerClosed?: boolean;
  /** We have closed. */
  readonly closed?: boolean;
  /** What the peer sees before. */
  readonly before?: readonly string[];
}

const situations: Readonly<Record<string, Situation>> = {
  established: { callback: "established" },
  plaintext: { callback: "plaintext", provoke: (_own, peer) => peer.send(text("question")) },
  ended: { callback: "ended", provoke: (_own, peer) => peer.close(), peerClosed: true },
  "ciphertext of data": { callback: "ciphertext", provoke: (own) => own.send(text("first")), before: ["first"] },
  "ciphertext of a KeyUpdate": { callback: "ciphertext", provoke: (own) => own.updateKeys(), before: ["KeyUpdate"] },
  drained: { callback: "drained", provoke: (own) => own.send(text("first")), before: ["first"] },
  sendEnded: { callback: "sendEnded", provoke: (own) => own.close(), before: ["close_notify"], closed: true },
};

/** The end of an orderly connection, before which nothing is called. */
const over: Situation = {
  callback: "closed",
  provoke: (own, peer) => {
    own.close();
    peer.close();
  },
};

interface Outcome {
  /** What came of each call: nothing, or the code of what it threw. */
  readonly called: readonly (string | undefined)[];
  /** What the peer saw, in its order. */
  readonly seen: readonly string[];
}

/** What has to come of the calls where nothing has to wait. */
function expected(sequence: readonly Call[], situation: Situation): Outcome {
  const seen = [...(situation.before ?? [])];
  const called: (string | undefined)[] = [];
  let closed = situation.closed ?? false;
  let over = false;
  for (const call of sequence) {
    const sends = call === "send" || call === "updateKeys";
    called.push(sends && closed ? "closed" : undefined);
    if (over || (closed && call !== "abort")) continue;
    if (call === "send") seen.push("data");
    else if (call === "updateKeys") seen.push("KeyUpdate");
    else if (call === "close") {
      seen.push("close_notify");
      closed = true;
      over = situation.peerClosed ?? false;
    } else {
      // RFC 9846 §6.1: nothing follows a close_notify, not even an alert.
      if (!closed) seen.push("internal_error");
      over = true;
    }
  }
  return { called, seen };
}

/** The same, where the handshake is still under way. */
function expectedInHandshake(sequence: readonly Call[]): Outcome {
  const seen: string[] = [];
  const called: (string | undefined)[] = [];
  let ended: "close" | "abort" | undefined;
  for (const call of sequence) {
    if (call === "updateKeys") called.push("not_established");
    else called.push(call === "send" && ended === "close" ? "closed" : undefined);
    if ((call === "close" || call === "abort") && ended === undefined) ended = call;
  }
  // RFC 9846 §6.1#canceled-then-closed
  if (ended === "close") seen.push("user_canceled", "close_notify");
  else if (ended === "abort") seen.push("internal_error");
  else if (sequence.includes("send")) seen.push("data");
  return { called, seen };
}

interface Course extends Outcome {
  /** What the connection told of itself that is of interest here. */
  readonly told: readonly string[];
  readonly error: TlsError | undefined;
  readonly unsent: number;
}

/** A connection that makes these calls in that callback, once. */
function run(
  role: "client" | "server",
  world: (typeof worlds)[keyof typeof worlds],
  situation: Situation,
  sequence: readonly Call[],
): Course {
  const { provider, tasks } = world();
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const [ownEnd, peerEnd] = role === "client" ? [left, right] : [right, left];
  const common = {
    clock: network.clock,
    cipherSuites: [TLS_CHACHA20_POLY1305_SHA256],
    namedGroups: [x25519],
  };
  const called: (string | undefined)[] = [];
  const seen: string[] = [];
  const told: string[] = [];
  let error: TlsError | undefined;
  let armed = situation.provoke === undefined;
  const act = (callback: Callback): void => {
    if (!armed || callback !== situation.callback) return;
    armed = false;
    for (const call of sequence) {
      try {
        if (call === "send") own.send(text("data"));
        else own[call]();
        called.push(undefined);
      } catch (thrown) {
        called.push(thrown instanceof TlsError ? thrown.code : "not a TlsError");
      }
    }
  };
  const ownHandlers: ConnectionHandlers<unknown> = {
    ciphertext: (bytes) => {
      told.push("ciphertext");
      ownEnd.write(bytes);
      act("ciphertext");
    },
    plaintext: () => act("plaintext"),
    established: () => act("established"),
    ended: () => act("ended"),
    sendEnded: () => {
      told.push("sendEnded");
      act("sendEnded");
    },
    drained: () => {
      told.push(`drained with ${own.unsent} unsent`);
      act("drained");
    },
    closed: (reason) => {
      told.push("closed");
      error = reason;
      ownEnd.end();
      act("closed");
    },
  };
  const peerHandlers: ConnectionHandlers<unknown> = {
    ciphertext: peerEnd.write,
    plaintext: (bytes) => seen.push(new TextDecoder().decode(bytes)),
    closed: peerEnd.end,
    trace: (event) => {
      if (event.type === "message" && event.messageType.name === "KeyUpdate" && event.direction === "received") {
        seen.push("KeyUpdate");
      }
      if (event.type === "alert" && event.direction === "received") seen.push(alertName(event.description));
    },
  };
  const [atClient, atServer] = role === "client" ? [ownHandlers, peerHandlers] : [peerHandlers, ownHandlers];
  const client = new TlsClient(
    new ClientContext({
      resumption,
      ...common,
      provider: role === "client" ? provider : nodeProvider,
      random: seededRandom(1),
      anchors: sharedPki().anchors,
    }),
    { host },
    atClient,
  );
  const server = new TlsServer(
    new ServerContext({
      ...common,
      provider: role === "server" ? provider : nodeProvider,
      random: seededRandom(2),
      certificates: sharedPki().certificates.slice(0, 1),
    }),
    atServer,
  );
  const [own, peer]: readonly [Either, Either] = role === "client" ? [client, server] : [server, client];
  left.attach(client);
  right.attach(server);
  server.start();
  client.start();
  network.run();
  if (situation.provoke !== undefined) {
    armed = true;
    situation.provoke(own, peer);
    network.run();
  }
  return { called, seen, told, error, unsent: own.unsent };
}

/** What the peer may have seen of a connection that was aborted while what it was to send waited for its seals. */
function expectCutOff(seen: readonly string[], wanted: readonly string[]): void {
  const last = seen.at(-1);
  // It isn't told that all is well unless it got all.
  if (last === "close_notify") expect(seen).toEqual(wanted.slice(0, wanted.indexOf("close_notify") + 1));
  else expect(last).toBe("internal_error");
  let from = 0;
  for (const one of seen.slice(0, -1)) {
    from = wanted.indexOf(one, from) + 1;
    expect(from, `${one} in its order`).toBeGreaterThan(0);
  }
}

for (const [worldName, world] of Object.entries(worlds)) {
  for (const role of ["client", "server"] as const) {
    describe(`a ${role} where ${worldName} does what is called, in that order,`, () => {
      it.each(Object.entries(situations))("in %s", (_name, situation) => {
        for (const sequence of sequences) {
          const { called, seen, told, error, unsent } = run(role, world, situation, sequence);
          const wanted = expected(sequence, situation);
          const what = sequence.join(", ");
          expect(called, what).toEqual(wanted.called);
          expect(error?.code, what).toBe(isAborted(sequence, situation) ? "aborted" : undefined);
          if (world().tasks !== undefined && error !== undefined) expectCutOff(seen, wanted.seen);
          else expect(seen, what).toEqual(wanted.seen);
          expect(unsent, what).toBe(0);
          expect(told.slice(0, -1), what).not.toContain("closed");
          const drained = told.filter((one) => one.startsWith("drained"));
          expect(new Set([...drained, "drained with 0 unsent"]).size, what).toBe(1);
          if (seen.includes("data") && error === undefined) expect(drained, what).not.toEqual([]);
        }
      });

      it("in the handshake", () => {
        for (const sequence of sequences) {
          const { called, seen, error } = run(role, world, { callback: "ciphertext" }, sequence);
          const wanted = expectedInHandshake(sequence);
          const what = sequence.join(", ");
          expect(called, what).toEqual(wanted.called);
          expect(seen, what).toEqual(wanted.seen);
          const first = sequence.find((call) => call === "close" || call === "abort");
          expect(error?.code, what).toBe(first && { close: "closed_during_handshake", abort: "aborted" }[first]);
        }
      });

      it("in closed: nothing", () => {
        for (const sequence of sequences) {
          const { called, seen, told } = run(role, world, over, sequence);
          const sends = (call: Call): boolean => call === "send" || call === "updateKeys";
          expect(called).toEqual(sequence.map((call) => (sends(call) ? "closed" : undefined)));
          expect(seen).toEqual(["close_notify"]);
          expect(told.at(-1)).toBe("closed");
        }
      });
    });
  }
}

/** Where the peer has closed, our close is the end, and nothing is left to be aborted. */
function isAborted(sequence: readonly Call[], { peerClosed }: Situation): boolean {
  const [first] = sequence.filter((call) => call === "abort" || (peerClosed === true && call === "close"));
  return first === "abort";
}
