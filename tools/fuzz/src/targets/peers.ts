import { encodeMessage, KeyUpdate } from "@tlskit/messages";
import {
  after,
  alteredBytes,
  before,
  clientScript,
  type Edit,
  edits,
  InMemoryNetwork,
  instantStep,
  RecordType,
  ScriptedClient,
  type ScriptedPeer,
  ScriptedServer,
  type ScriptedTls13Peer,
  type Step,
  seededRandom,
  serverScript,
  step,
} from "@tlskit/testing";
import { TlsClient, TlsServer } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { type Item, itemsPieces, readItems, writeItems } from "../items.ts";
import { Observer } from "../observer.ts";
import { messagesPieces } from "../structure.ts";
import type { Target } from "../target.ts";
import { alpnProtocols, clientContext, host, now, pki, provider, serverContext } from "../world.ts";
import { codePoints } from "./messages.ts";
import { sampleMessages } from "./sample-messages.ts";

/** What an item does in a scripted peer, which seals it with the right keys and counts it in its transcript. */
export type Act<P extends ScriptedPeer> =
  /** Sends it instead of a message, with what follows computed from it. */
  | { readonly type: "message"; readonly name: string }
  /** Sends it as a further message, behind the step of this name. */
  | { readonly type: "behind"; readonly name: string }
  /** Sends it when the handshake is done. */
  | { readonly type: "afterwards"; readonly send: (content: Uint8Array) => Step<P> };

const record = (type: number) => (content: Uint8Array) =>
  step<ScriptedPeer>("a record", (peer) => peer.record(type, content));

/** Records when the handshake is done. */
export const recordsAfterwards: readonly Act<ScriptedPeer>[] = [
  { type: "afterwards", send: record(RecordType.handshake) },
  { type: "afterwards", send: record(RecordType.applicationData) },
  { type: "afterwards", send: record(RecordType.alert) },
];

const afterwards: readonly Act<ScriptedTls13Peer>[] = [
  ...recordsAfterwards,
  { type: "afterwards", send: (content) => step("an inner plaintext", (peer) => peer.inner(content)) },
  {
    type: "afterwards",
    send: (content) =>
      step("a key update", function* (peer) {
        const requestUpdate = (content[0] ?? 0) & 1;
        yield* peer.record(RecordType.handshake, encodeMessage(KeyUpdate, { requestUpdate }));
        yield* peer.updateWriteKeys();
      }),
  },
];

const serverActs: readonly Act<ScriptedServer>[] = [
  { type: "message", name: "ServerHello" },
  { type: "message", name: "EncryptedExtensions" },
  { type: "message", name: "Certificate" },
  { type: "message", name: "CertificateVerify" },
  { type: "message", name: "Finished" },
  { type: "behind", name: "EncryptedExtensions" },
  ...afterwards,
];

const clientActs: readonly Act<ScriptedClient>[] = [
  { type: "message", name: "ClientHello" },
  { type: "message", name: "Finished" },
  { type: "behind", name: "receive Finished" },
  ...afterwards,
];

/** The script that an input makes of the usual one. */
export function edit<P extends ScriptedPeer>(acts: readonly Act<P>[], items: readonly Item[]): Edit<P> {
  const list: Edit<P>[] = [];
  const altered = new Set<string>();
  for (const { kind, content } of items) {
    const act = acts[kind % acts.length];
    if (act?.type === "message" && !altered.has(act.name)) {
      altered.add(act.name);
      list.push(alteredBytes<P>(act.name, () => content));
    } else if (act?.type === "behind") {
      list.push(
        after<P>(
          act.name,
          instantStep<P>("a further message", (peer) => peer.queue(content)),
        ),
      );
    } else if (act?.type === "afterwards") {
      list.push(before<P>("data", act.send(content)));
    }
  }
  return edits<P>(...list);
}

/** A connection of ours and a scripted peer, to which it is on the other side of a link. */
export interface Meeting {
  readonly observer: Observer;
  readonly run: (ours: TlsClient | TlsServer, peer: ScriptedPeer) => void;
  readonly toOurs: { readonly ciphertext: (bytes: Uint8Array) => void; readonly ended: () => void };
}

export function meeting(): Meeting {
  const network = new InMemoryNetwork({ now });
  const { left, right } = network.link();
  const observer = new Observer(left.write);
  return {
    observer,
    toOurs: { ciphertext: right.write, ended: right.end },
    run(ours, peer) {
      observer.watch(ours);
      left.attach(ours);
      right.attach(peer);
      ours.start();
      peer.start();
      network.run();
      // Both may wait for each other now; one of them goes.
      ours.receiveEnd();
      observer.check(right.written.reduce((sum, bytes) => sum + bytes.length, 0));
    },
  };
}

function meetServer(items: readonly Item[]): Observer {
  const { observer, run, toOurs } = meeting();
  const peer = new ScriptedServer({ provider, random: seededRandom(4), pki: pki(), ...toOurs });
  peer.perform(edit(serverActs, items)(serverScript));
  run(new TlsClient(clientContext(), { host }, observer), peer);
  return observer;
}

function meetClient(items: readonly Item[]): Observer {
  const { observer, run, toOurs } = meeting();
  const peer = new ScriptedClient({ provider, random: seededRandom(4), host, alpnProtocols, ...toOurs });
  peer.perform(edit(clientActs, items)(clientScript));
  run(new TlsServer(serverContext(), observer), peer);
  return observer;
}

/** Inputs that send what the peer would send by itself, message by message and all together, and what it would not. */
export function seeds<P extends ScriptedPeer>(
  acts: readonly Act<P>[],
  meet: (items: readonly Item[]) => Observer,
  samples: readonly Uint8Array[] = sampleMessages(),
  said: readonly Item[] = saidAfterwards(acts),
): readonly Uint8Array[] {
  const names = acts.flatMap((act) => (act.type === "message" ? [act.name] : []));
  const own = meet([]).received.map((content, kind) => ({ kind, content }));
  const afterwardsAt = acts.findIndex(({ type }) => type === "afterwards");
  const further = samples.flatMap((content) => [
    writeItems({ kind: names.length, content }),
    writeItems({ kind: afterwardsAt, content }, ...said),
  ]);
  return [
    writeItems(...own, ...said),
    ...own.map((item) => writeItems(item)),
    ...said.map((item) => writeItems(item)),
    ...further,
  ];
}

/** A key update, data, padded data and the end. */
function saidAfterwards<P extends ScriptedPeer>(acts: readonly Act<P>[]): readonly Item[] {
  const at = acts.findIndex(({ type }) => type === "afterwards");
  return [
    { kind: at + 4, content: Uint8Array.of(1) },
    { kind: at + 1, content: asciiBytes("data") },
    { kind: at + 3, content: Uint8Array.of(1, 23, 0, 0) },
    { kind: at + 2, content: Uint8Array.of(1, 0) },
  ];
}

/** What all of them have in common. */
export const peers: Pick<Target, "maxLength" | "budget" | "isRefusal" | "dictionary" | "parse"> = {
  maxLength: 20_000,
  // An item of a few bytes becomes a record, and may cost a derivation.
  budget: (length: number) => ({ steps: 100_000 + 400 * length, bytes: 300_000 + 600 * length }),
  isRefusal: () => false,
  dictionary: codePoints,
  parse: (input: Uint8Array) => itemsPieces(input, ({ content }) => messagesPieces(content)),
};

/** What a server can do to a client. */
export const serverTarget: Target = {
  ...peers,
  name: "server",
  what: "items: what a server sends to a client, sealed with the right keys and counted in its transcript",
  seeds: () => seeds(serverActs, meetServer),
  run: (input) => void meetServer(readItems(input)),
};

/** What a client can do to a server. */
export const clientTarget: Target = {
  ...peers,
  name: "client",
  what: "items: what a client sends to a server, sealed with the right keys and counted in its transcript",
  seeds: () => seeds(clientActs, meetClient),
  run: (input) => void meetClient(readItems(input)),
};
