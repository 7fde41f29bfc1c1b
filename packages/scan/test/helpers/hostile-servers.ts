import { encodeMessage, ServerHello } from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import { asciiBytes, concat } from "@tlskit/wire";
import type { ByteStream } from "../../src/transport.ts";

/** One way of being a bad server: its connections, each as a stream of its own. */
export interface HostileServer {
  readonly name: string;
  readonly connect: () => ByteStream;
  /** What a probe says of it. */
  readonly says: string;
}

const forever = (): Promise<never> => new Promise(() => {});

/** A server that says this, piece by piece, whatever it hears, and then ends, or is reset, or waits for ever. */
export function saying(
  pieces: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  end: "closes" | "is reset" | "waits" = "closes",
): ByteStream {
  const iterate = async function* () {
    yield* pieces();
  };
  const said = iterate();
  return {
    readable: new ReadableStream({
      pull: async (controller) => {
        const { done, value } = await said.next();
        if (done !== true) controller.enqueue(value);
        else if (end === "closes") controller.close();
        else if (end === "is reset") controller.error(new TypeError("reset"));
        else await forever();
      },
    }),
    writable: new WritableStream(),
  };
}

/** A record, whatever it is. */
export function record(type: number, ...content: readonly number[]): Uint8Array {
  return Uint8Array.of(type, 3, 3, content.length >> 8, content.length & 0xff, ...content);
}

function* endlessly(piece: Uint8Array): Generator<Uint8Array> {
  for (;;) yield piece;
}

/** One octet a second. */
async function* dripping(octets: Iterable<number>): AsyncGenerator<Uint8Array> {
  for (const octet of octets) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    yield Uint8Array.of(octet);
  }
}

function* numbers(from: Uint8Array): Generator<number> {
  for (;;) yield* from;
}

/** Behind a ServerHello of TLS 1.2. */
async function* behindHello(rest: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield record(22, ...serverHello);
  yield* rest;
}

const serverHello = encodeMessage(ServerHello, {
  legacyVersion: 0x0303,
  random: seededRandom(6)(32),
  legacySessionIdEcho: new Uint8Array(0),
  cipherSuite: 0xc02f,
  legacyCompressionMethod: 0,
  extensions: undefined,
});

/** Servers without any TLS, and such as never come to an end. */
export const hostileServers: readonly HostileServer[] = [
  { name: "closes at once", connect: () => saying(() => []), says: "closed" },
  { name: "resets at once", connect: () => saying(() => [], "is reset"), says: "closed" },
  { name: "never answers", connect: () => saying(() => [], "waits"), says: "silent for 5 s" },
  {
    name: "closes in the middle of a record",
    connect: () => saying(() => [Uint8Array.of(22, 3, 3, 0, 90, 2)]),
    says: "closed",
  },
  {
    name: "falls silent in the middle of a record",
    connect: () => saying(() => [Uint8Array.of(22, 3, 3, 0, 90, 2)], "waits"),
    says: "silent for 5 s",
  },
  {
    name: "drips a record that never ends",
    connect: () => saying(() => dripping([22, 3, 3, 64, 0, ...new Uint8Array(16_384)])),
    says: "it had not answered wholly after 15 s",
  },
  {
    name: "drips empty messages",
    connect: () => saying(() => behindHello(dripping(numbers(record(22, 99, 0, 0, 0))))),
    says: "it had not answered wholly after 15 s",
  },
  {
    name: "speaks HTTP",
    connect: () => saying(() => [asciiBytes("HTTP/1.1 400 Bad Request\r\n\r\n")]),
    says: "the peer sent an answer of plain HTTP, where TLS was expected",
  },
  {
    name: "speaks SSH",
    connect: () => saying(() => [asciiBytes("SSH-2.0-OpenSSH\r\n")], "waits"),
    says: "the peer sent the identification of SSH, where TLS was expected",
  },
  {
    name: "sends garbage",
    connect: () => saying(() => [concat(Uint8Array.of(9), seededRandom(5)(500))], "waits"),
    says: "the peer sent a record of type content_type(9)",
  },
  {
    name: "sends nothing but zeros, endlessly",
    connect: () => saying(() => endlessly(new Uint8Array(65_536))),
    says: "the peer sent a record of type content_type(0)",
  },
  {
    name: "sends empty records, endlessly",
    connect: () => saying(() => endlessly(record(22))),
    says: "the peer sent an empty handshake record",
  },
  {
    name: "sends a message octet by octet that never ends",
    connect: () => saying(() => endlessly(record(22, 9))),
    says: "handshake_type(9) has 592137 bytes, of which at most 131072 are taken",
  },
  {
    name: "sends something else than a ServerHello",
    connect: () => saying(() => endlessly(record(22, 99, 0, 0, 0))),
    says: "it began with something else than a ServerHello",
  },
  {
    name: "sends unknown messages, endlessly",
    connect: () => saying(() => behindHello(endlessly(record(22, 99, 0, 0, 1, 0)))),
    says: "it sent more than 32 handshake messages",
  },
  {
    name: "wants another handshake, endlessly",
    connect: () => saying(() => behindHello(endlessly(record(22, 0, 0, 0, 0)))),
    says: "it sent more than 32 handshake messages",
  },
  {
    name: "sends half of a long message's octets as records of one octet",
    connect: () =>
      saying(() => [record(22, 99, 1, 255, 255)].concat(Array.from({ length: 9000 }, () => record(22, 1)))),
    says: "it sent more than 8192 records",
  },
  {
    name: "sends long messages, endlessly",
    connect: () => saying(() => behindHello(endlessly(record(22, 99, 0, 0x3f, 0xfc, ...new Uint8Array(16_380))))),
    says: "it sent more than 262144 octets",
  },
  {
    name: "sends warnings, endlessly",
    connect: () => saying(() => endlessly(record(21, 1, 112))),
    says: "it sent more than 4 alerts",
  },
  {
    name: "sends change_cipher_spec, endlessly",
    connect: () => saying(() => endlessly(record(20, 1))),
    says: "it sent more than 8192 records",
  },
  {
    name: "sends application data in the clear",
    connect: () => saying(() => [record(23, 1, 2, 3)], "waits"),
    says: "the peer sent application data before there are keys for it",
  },
  {
    name: "sends a message that announces 16 MB",
    connect: () => saying(() => [record(22, 2, 255, 255, 255)], "waits"),
    says: "ServerHello or HelloRetryRequest has 16777215 bytes, and can have at most 65607",
  },
  {
    name: "sends a ServerHello that can't be read",
    connect: () => saying(() => [record(22, 2, 0, 0, 2, 3, 3)], "waits"),
    says: "ServerHello.random: 32 bytes expected, 0 left",
  },
];

/** A scripted server, as a connection's other end. */
export function scriptedStream(
  make: (ends: { ciphertext: (bytes: Uint8Array) => void; ended: () => void }) => {
    start(): void;
    receive(bytes: Uint8Array): void;
    receiveEnd(): void;
  },
): ByteStream {
  let answers: ReadableStreamDefaultController<Uint8Array> | undefined;
  let over = false;
  const readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      answers = controller;
    },
    cancel: () => {
      over = true;
    },
  });
  const peer = make({
    ciphertext: (bytes) => {
      if (!over) answers?.enqueue(bytes);
    },
    ended: () => {
      if (!over) answers?.close();
      over = true;
    },
  });
  peer.start();
  const writable = new WritableStream<Uint8Array>({
    write: (bytes) => peer.receive(bytes),
    close: () => peer.receiveEnd(),
  });
  return { readable, writable };
}
