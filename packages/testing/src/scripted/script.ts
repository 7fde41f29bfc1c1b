import type { Steps } from "@tlskit/crypto";
import { type Codec, callerError } from "@tlskit/wire";
import { bodyOf, framed } from "./raw-messages.ts";

/** Whatever follows a script: handshake messages go out with its flight. */
export interface Sender {
  queue(message: Uint8Array): void;
}

/** Makes a handshake message, header included. */
export type MakeMessage<P> = (peer: P) => Uint8Array | Steps<Uint8Array>;

/** Something that a scripted peer does. */
export interface Step<P> {
  /** What edits find it by: a message's name in the RFC, or a few words. */
  readonly name: string;
  /** For a handshake message that is sent. */
  readonly make?: MakeMessage<P>;
  readonly run: (peer: P) => Steps<void>;
}

/** A step that has nothing to wait for. */
export function instantStep<P>(name: string, run: (peer: P) => void): Step<P> {
  return {
    name,
    // biome-ignore lint/correctness/useYield: a step is a generator, whether it waits or not
    *run(peer) {
      run(peer);
    },
  };
}

/** What a scripted peer does, in order. */
export type Script<P> = readonly Step<P>[];

/** Makes another script of one. */
export type Edit<P> = (script: Script<P>) => Script<P>;

/** A step that sends a handshake message. */
export function messageStep<P extends Sender>(name: string, make: MakeMessage<P>): Step<P> {
  return {
    name,
    make,
    *run(peer) {
      peer.queue(yield* made(make, peer));
    },
  };
}

function* made<P>(make: MakeMessage<P>, peer: P): Steps<Uint8Array> {
  const message = make(peer);
  return message instanceof Uint8Array ? message : yield* message;
}

/** A step of any other kind. */
export function step<P>(name: string, run: (peer: P) => Steps<void>): Step<P> {
  return { name, run };
}

/** Steps behind all steps of this name. */
export function after<P>(name: string, ...added: Script<NoInfer<P>>): Edit<P> {
  return (script) => replacing(script, name, (found) => [found, ...added]);
}

/** Steps in front of all steps of this name. */
export function before<P>(name: string, ...added: Script<NoInfer<P>>): Edit<P> {
  return (script) => replacing(script, name, (found) => [...added, found]);
}

/** Other steps in the place of all steps of this name. */
export function instead<P>(name: string, ...others: Script<NoInfer<P>>): Edit<P> {
  return (script) => replacing(script, name, () => others);
}

export function leftOut<P>(name: string): Edit<P> {
  return (script) => replacing(script, name, () => []);
}

export function sentTwice<P>(name: string): Edit<P> {
  return (script) => replacing(script, name, (found) => [found, found]);
}

/** A step is done later: behind all steps of the other name. */
export function moved<P>(name: string, behind: string): Edit<P> {
  return (script) => {
    const found = script.filter((candidate) => candidate.name === name);
    return after<P>(behind, ...found)(leftOut<P>(name)(script));
  };
}

/** A message's bytes, header included, are changed before it is sent, and counted in the transcript as changed. */
export function alteredBytes<P extends Sender>(
  name: string,
  change: (message: Uint8Array, peer: P) => Uint8Array,
): Edit<P> {
  return (script) =>
    replacing(script, name, ({ make }) => {
      if (make === undefined) throw callerError("not_a_message", `the step ${name} sends no handshake message`);
      return [
        messageStep<P>(name, function* (peer) {
          return change(yield* made(make, peer), peer);
        }),
      ];
    });
}

/** A message's fields are changed before it is sent. */
export function altered<P extends Sender, T>(
  name: string,
  codec: Codec<T>,
  change: (message: T, peer: P) => T,
): Edit<P> {
  return alteredBytes<P>(name, (message, peer) => framed(message[0] ?? 0, codec, change(bodyOf(codec, message), peer)));
}

/** Edits one after the other. */
export function edits<P>(...list: readonly Edit<NoInfer<P>>[]): Edit<P> {
  return (script) => list.reduce((edited, edit) => edit(edited), script);
}

function replacing<P>(script: Script<P>, name: string, replace: (found: Step<P>) => Script<P>): Script<P> {
  if (!script.some((candidate) => candidate.name === name)) {
    throw callerError("no_such_step", `the script has no step ${name}`);
  }
  return script.flatMap((candidate) => (candidate.name === name ? replace(candidate) : [candidate]));
}
