import type { CipherSuite } from "@tlskit/ciphersuites";
import { Driver, type Steps, type Waitable } from "@tlskit/crypto";
import {
  type EarlyDataIo,
  type EarlyDataKeys,
  type Epoch,
  type HandshakeIo,
  type Received,
  received,
} from "@tlskit/handshake";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, MessageAssembler, type MessageType } from "@tlskit/messages";
import { Alert, peerError, toHex } from "@tlskit/wire";

/** What a host was told, in order. */
export type HostEvent =
  | { readonly type: "sent"; readonly name: string; readonly epoch: Epoch | "initial"; readonly bytes: Uint8Array }
  | { readonly type: "read" | "write"; readonly epoch: Epoch; readonly suite: string; readonly secret: string }
  | { readonly type: "earlyKeys"; readonly limit: number; readonly secret: string; readonly exporter: string }
  | { readonly type: "changeCipherSpec" | "skipEarlyData" | "earlyDataAccepted" | "earlyDataRejected" };

/** A host without records, as QUIC's is: messages go from one to the other, each epoch in a stream of its own. */
export class MemoryHost implements HandshakeIo {
  readonly events: HostEvent[] = [];
  other: MemoryHost | undefined;
  /** What is sent instead of a message: for a host whose side misbehaves. */
  alter: <Message>(type: MessageType<Message>, message: Message) => Message = (_type, message) => message;
  readonly #streams: Record<Epoch | "initial", MessageAssembler> = {
    initial: new MessageAssembler(),
    early: new MessageAssembler(),
    handshake: new MessageAssembler(),
    application: new MessageAssembler(),
  };
  #reading: Epoch | "initial" = "initial";
  #writing: Epoch | "initial" = "initial";
  #arrival: ((value: undefined) => void) | undefined;

  *receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>> {
    for (;;) {
      const found = this.#streams[this.#reading].next(accept);
      if (found !== undefined) return received(found.type, found.bytes);
      const arrival: Waitable<undefined> = {
        then: (done) => {
          this.#arrival = done;
        },
      };
      yield arrival;
    }
  }

  send<Message>(type: MessageType<Message>, message: Message): Uint8Array {
    const bytes = encodeMessage(type, this.alter(type, message));
    this.events.push({ type: "sent", name: type.name, epoch: this.#writing, bytes });
    this.other?.deliver(this.#writing, bytes);
    return bytes;
  }

  /** Bytes of an epoch's stream. */
  deliver(epoch: Epoch | "initial", bytes: Uint8Array): void {
    this.#streams[epoch].push(bytes);
  }

  /** Lets what waits for a message look again; answers whether anything waited. */
  wake(): boolean {
    const arrival = this.#arrival;
    this.#arrival = undefined;
    arrival?.(undefined);
    return arrival !== undefined;
  }

  endOfFlight(): void {
    if (!this.#streams[this.#reading].isEmpty) {
      throw peerError("excess_handshake_data", Alert.unexpectedMessage, "bytes are left over");
    }
  }

  changeCipherSpec(): void {
    this.events.push({ type: "changeCipherSpec" });
  }

  skipEarlyData(): void {
    this.events.push({ type: "skipEarlyData" });
  }

  installRead(epoch: Epoch, suite: CipherSuite, secret: TrafficSecret): void {
    if (!this.#streams[this.#reading].isEmpty) {
      throw peerError("message_spans_key_change", Alert.unexpectedMessage, "bytes are left over");
    }
    this.#reading = epoch;
    this.events.push({ type: "read", epoch, suite: suite.name, secret: toHex(secret.dangerouslyExpose()) });
  }

  /** What it does with early data; it may be told to do without. */
  earlyData: EarlyDataIo | undefined = {
    hasEnd: true,
    send: (keys) => {
      this.#writing = "early";
      this.#noteEarlyKeys(keys);
    },
    answered: (accepted) => {
      if (!accepted) this.#writing = "initial";
      this.events.push({ type: accepted ? "earlyDataAccepted" : "earlyDataRejected" });
    },
    receive: (keys) => {
      this.#reading = "early";
      this.#noteEarlyKeys(keys);
    },
  };

  #noteEarlyKeys({ limit, secret, exporter }: EarlyDataKeys): void {
    const [shown, exported] = [secret, exporter].map((each) => toHex(each.dangerouslyExpose()));
    this.events.push({ type: "earlyKeys", limit, secret: shown ?? "", exporter: exported ?? "" });
  }

  installWrite(epoch: Epoch, suite: CipherSuite, secret: TrafficSecret): void {
    this.#writing = epoch;
    this.events.push({ type: "write", epoch, suite: suite.name, secret: toHex(secret.dangerouslyExpose()) });
  }
}

/** How steps ended; nothing while they wait. */
export type Ending<T> = { readonly value: T } | { readonly error: unknown };

/** Runs two sides until both have ended or wait for what doesn't come. */
export function runBoth<A, B>(
  [hostA, hostB]: readonly [MemoryHost, MemoryHost],
  [stepsA, stepsB]: readonly [Steps<A>, Steps<B>],
): readonly [Ending<A> | undefined, Ending<B> | undefined] {
  hostA.other = hostB;
  hostB.other = hostA;
  let a: Ending<A> | undefined;
  let b: Ending<B> | undefined;
  new Driver(stepsA, {
    done: (value) => {
      a = { value };
    },
    failed: (error) => {
      a = { error };
    },
  }).start();
  new Driver(stepsB, {
    done: (value) => {
      b = { value };
    },
    failed: (error) => {
      b = { error };
    },
  }).start();
  // Each message wakes its reader; a bound, since one that waits for ever is woken for ever.
  for (let rounds = 0; rounds < 50; rounds += 1) {
    hostA.wake();
    hostB.wake();
  }
  return [a, b];
}
