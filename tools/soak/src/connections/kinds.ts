import { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { type CryptoProvider, type Random, wait } from "@tlskit/crypto";
import {
  clientDeviations,
  clientScript,
  type Deviation,
  type Script,
  type ScriptedClient,
  type ScriptedPeer,
  type ScriptedPeerOptions,
  type ScriptedServer,
  type ScriptedTls12Client,
  type ScriptedTls12Server,
  type Step,
  scriptedClient,
  scriptedServer,
  scriptedTls12Client,
  scriptedTls12Server,
  serverDeviations,
  serverScript,
  step,
  type ThrowawayPki,
  tls12ClientDeviations,
  tls12ClientScript,
  tls12ServerDeviations,
  tls12ServerScript,
} from "@tlskit/testing";
import type { Version } from "../implementations.ts";
import { type Flood, floods } from "./floods.ts";
import { burst } from "./limits.ts";
import { type Manner, manners } from "./manners.ts";
import type { Wire } from "./wire.ts";

export type Role = "client" | "server";

/** What hostile peers have in common. */
export interface World {
  readonly provider: CryptoProvider;
  readonly pki: ThrowawayPki;
}

/** A way of being hostile, in all the places where one can be. */
export interface Kind {
  readonly name: string;
  /** What the end under test may end with: the code of its error, `closed` without one, `idle` if it gave up waiting. */
  readonly ends: RegExp;
  /** Whether it keeps the connection when the other side has hung up. */
  readonly holds: boolean;
  /** Each makes such a peer, to be started when it is wired. */
  readonly cases: readonly Case[];
}

export type Case = (wire: Wire, random: Random, world: World) => ScriptedPeer;

/** Who plays a role in a version, and how. */
interface Play<P extends ScriptedPeer> {
  readonly version: Version;
  readonly script: Script<P>;
  readonly deviations: readonly Deviation<P>[];
  make(options: ScriptedPeerOptions, world: World, script: Script<P>): ScriptedPeer;
}

const host = "localhost";
const cipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

const plays: {
  readonly client: readonly [Play<ScriptedClient>, Play<ScriptedTls12Client>];
  readonly server: readonly [Play<ScriptedServer>, Play<ScriptedTls12Server>];
} = {
  client: [
    {
      version: "TLSv1.3",
      script: clientScript,
      deviations: clientDeviations,
      make: (options, _world, script) => scriptedClient({ ...options, host, script }),
    },
    {
      version: "TLSv1.2",
      script: tls12ClientScript,
      deviations: tls12ClientDeviations,
      make: (options, _world, script) => scriptedTls12Client({ ...options, host, cipherSuites: [cipherSuite], script }),
    },
  ],
  server: [
    {
      version: "TLSv1.3",
      script: serverScript,
      deviations: serverDeviations,
      make: (options, { pki }, script) => scriptedServer({ ...options, pki, script }),
    },
    {
      version: "TLSv1.2",
      script: tls12ServerScript,
      deviations: tls12ServerDeviations,
      make: (options, { pki }, script) => scriptedTls12Server({ ...options, pki, cipherSuite, script }),
    },
  ],
};

/** All kinds of hostile peers of a role. */
export function kindsOf(role: Role): readonly Kind[] {
  return role === "client"
    ? gathered([...kindsIn(role, plays.client[0]), ...kindsIn(role, plays.client[1])])
    : gathered([...kindsIn(role, plays.server[0]), ...kindsIn(role, plays.server[1])]);
}

/** Kinds of the same name are one, in both versions. */
function gathered(kinds: readonly Kind[]): readonly Kind[] {
  return [...Map.groupBy(kinds, ({ name }) => name).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, cases: [first, ...others].flatMap(({ cases }) => cases) }],
  );
}

function kindsIn<P extends ScriptedPeer>(role: Role, play: Play<P>): Kind[] {
  const steps = stepsToTurnAt(play.script);
  const stages = [
    { when: "handshake", during: "in the handshake", at: steps.filter((name) => !afterwards.has(name)) },
    { when: "established", during: "afterwards", at: steps.filter((name) => afterwards.has(name)) },
  ] as const;
  return [
    ...stages.flatMap(({ when, during, at }) =>
      manners.map(
        (manner): Kind => ({
          name: `${manner.name} ${during}`,
          ends: manner.ends[when],
          holds: manner.holds === true,
          cases: at.map((name) => turning(play, name, manner)),
        }),
      ),
    ),
    ...floods
      .filter(({ only = {} }) => (only.role ?? role) === role && (only.version ?? play.version) === play.version)
      .map(
        (flood): Kind => ({
          name: `${flood.name} without end`,
          ends: flood.ends,
          holds: false,
          cases: steps
            .filter((name) => (flood.anywhere ? name !== "close" : name === "data"))
            .map((name) => flooding(play, name, flood)),
        }),
      ),
    {
      name: "deviates from the protocol",
      ends: /^(?!internal_error$)/,
      holds: false,
      cases: play.deviations
        .filter(({ needs }) => needs === undefined)
        .map((deviation) => playing(play, () => deviation.apply(play.script))),
    },
  ];
}

/** Steps of scripts that come when the handshake is done. */
const afterwards: ReadonlySet<string> = new Set(["data", "close"]);

/** Where a peer says something, and might say something else. */
function stepsToTurnAt<P>(script: Script<P>): readonly string[] {
  return script
    .filter(({ name, make }) => make !== undefined || name === "change_cipher_spec" || afterwards.has(name))
    .map(({ name }) => name);
}

function playing<P extends ScriptedPeer>({ make }: Play<P>, script: (wire: Wire, random: Random) => Script<P>): Case {
  return (wire, random, world) =>
    make({ provider: world.provider, random, ciphertext: wire.write, ended: wire.end }, world, script(wire, random));
}

/** Turns hostile in the place of a step. */
function turning<P extends ScriptedPeer>(play: Play<P>, name: string, manner: Manner): Case {
  return playing(play, (wire, random) => {
    const turn = saidBefore<P>(() => manner.turn(wire, random));
    return cut(play.script, name, turn, manner.goesOn === true);
  });
}

/** Says the same without end in the place of a step. */
function flooding<P extends ScriptedPeer>(play: Play<P>, name: string, { readsNothing, send }: Flood): Case {
  return playing(play, (wire) => {
    const flood = step<P>("flood", function* (peer) {
      yield* peer.flush();
      if (readsNothing) wire.readNothing();
      while (!wire.over) {
        for (let i = 0; i < burst && !wire.over; i += 1) yield* send(peer);
        yield* wait(wire.turn());
      }
    });
    return cut(play.script, name, flood, false);
  });
}

function saidBefore<P extends ScriptedPeer>(turn: () => void): Step<P> {
  return step("turns hostile", function* (peer) {
    yield* peer.flush();
    turn();
  });
}

function cut<P>(script: Script<P>, name: string, turn: Step<P>, goesOn: boolean): Script<P> {
  const at = script.findIndex((candidate) => candidate.name === name);
  return [...script.slice(0, at), turn, ...(goesOn ? script.slice(at) : [])];
}
