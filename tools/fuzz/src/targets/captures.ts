import { CaptureDecrypter, type CaptureEvent, KeyLog, type TcpSegment, TcpStreams } from "@tlskit/capture";
import { pcapFile, RecordedConnection, randomBelow, seededRandom } from "@tlskit/testing";
import { asciiBytes, concat, TlsError, toHex } from "@tlskit/wire";
import { type Item, itemsPieces, readItems, writeItems } from "../items.ts";
import { recorded } from "../recorded.ts";
import { promise, type Target } from "../target.ts";
import { provider } from "../world.ts";

/** What comes of a capture that comes in these pieces, as texts to compare. */
function eventsIn(pieces: Iterable<Uint8Array>): readonly string[] {
  const keyLog = new KeyLog(
    recorded()
      .flatMap((recording) => recording.keyLog)
      .join("\n"),
  );
  const decrypter = new CaptureDecrypter({ provider, keyLog });
  const events = [...pieces].flatMap((piece) => decrypter.push(piece));
  return [...events, ...decrypter.end()].map(textOf);
}

function textOf(event: CaptureEvent): string {
  return JSON.stringify(event, (name, value: unknown) => {
    if (name === "messageType") return undefined;
    if (value instanceof Uint8Array) return toHex(value);
    return typeof value === "bigint" ? String(value) : value;
  });
}

/** A file in pieces: the same for the same file. */
function* inPieces(file: Uint8Array): Generator<Uint8Array> {
  const random = seededRandom(file.length);
  for (let offset = 0; offset < file.length; ) {
    const end = offset + 1 + randomBelow(random, 300);
    yield file.subarray(offset, end);
    offset = end;
  }
}

/** Blocks of pcapng, big-endian, around the packets of a connection. */
function pcapngFile({ packets }: RecordedConnection, keyLog: string): Uint8Array {
  const u32 = (...values: readonly number[]): Uint8Array =>
    concat(...values.map((value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)));
  const block = (type: number, ...parts: readonly Uint8Array[]): Uint8Array => {
    const body = concat(...parts);
    const padding = new Uint8Array(-body.length & 3);
    const length = u32(12 + body.length + padding.length);
    return concat(u32(type), length, body, padding, length);
  };
  const secrets = asciiBytes(keyLog);
  return concat(
    block(0x0a0d0d0a, u32(0x1a2b3c4d, 0x0001_0000, 0xffff_ffff, 0xffff_ffff)),
    block(1, u32(0x0001_0000, 0, 0x0009_0001, 0x0900_0000)),
    block(10, u32(0x544c534b, secrets.length), secrets),
    ...packets.map(({ bytes }, at) => block(6, u32(0, 0, at, bytes.length, bytes.length), bytes)),
    block(3, u32(4), new Uint8Array(4)),
  );
}

function connectionOf({
  fromClient,
  fromServer,
}: {
  readonly fromClient: Uint8Array;
  readonly fromServer: Uint8Array;
}): RecordedConnection {
  const connection = new RecordedConnection();
  connection.send("client", fromClient.subarray(0, 1000));
  connection.send("server", fromServer);
  connection.send("client", fromClient.subarray(1000));
  connection.finish("client");
  connection.finish("server");
  return connection;
}

/** Captures, of whatever kind, read to the end of it all. */
export const captureTarget: Target = {
  name: "capture",
  what: "a file of pcap or pcapng, whose packets are put together, and whose TLS is decrypted with a key log that is known",
  maxLength: 20_000,
  isRefusal: (error) => error instanceof TlsError && error.code === "not_a_capture",
  dictionary: [
    ...[0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a, 0x1a2b3c4d].map((magic) =>
      Uint8Array.of(magic >>> 24, magic >>> 16, magic >>> 8, magic),
    ),
    ...[1, 101, 113, 276].map((linkType) => Uint8Array.of(0, 0, linkType >> 8, linkType)),
    Uint8Array.of(8, 0, 0x45),
    Uint8Array.of(0x86, 0xdd, 0x60),
    Uint8Array.of(0x81, 0),
  ],
  seeds: () =>
    recorded().flatMap((recording) => {
      const connection = connectionOf(recording);
      return [
        pcapFile(connection.packets),
        pcapFile(connection.packets, { littleEndian: false, nanoseconds: false }),
        pcapngFile(connection, recording.keyLog.join("\n")),
      ];
    }),
  // It is read twice.
  budget: (length) => ({ steps: 300_000 + 100 * length, bytes: 500_000 + 60 * length }),
  run(input) {
    const [atOnce, cut] = [eventsIn([input]), eventsIn(inPieces(input))];
    promise(atOnce.join("\n") === cut.join("\n"), "the same comes of a capture in any pieces");
  },
};

const [client, server] = [
  { address: "192.0.2.1", port: 50_000 },
  { address: "192.0.2.2", port: 443 },
];
const fromServer = 1;
const fin = 2;

/** What an item says: which end sends, whether it has finished, and, in two bytes, where in its stream the rest belongs. */
function segmentOf({ kind, content }: Item, initial: number): TcpSegment {
  const [high = 0, low = 0] = content;
  const [source, destination] = (kind & fromServer) !== 0 ? [server, client] : [client, server];
  const sequenceNumber = (initial + 1 + (high << 8) + low) >>> 0;
  const flags = { syn: false, ack: true, rst: false, fin: (kind & fin) !== 0, missing: 0 };
  return { source, destination, sequenceNumber, ...flags, payload: content.subarray(2) };
}

/** Segments in whatever order: of each place the first byte that came, or a gap. */
export const segmentsTarget: Target = {
  name: "segments",
  what: "items: segments of TCP; odd for the server's, 2 more for one that finishes; two bytes say where in the stream it belongs",
  maxLength: 8192,
  isRefusal: () => false,
  dictionary: [],
  parse: itemsPieces,
  seeds: () => [
    writeItems(
      { kind: 0, content: Uint8Array.of(0, 0, 1, 2, 3) },
      { kind: 1, content: Uint8Array.of(0, 2, 3, 4) },
      { kind: 1, content: Uint8Array.of(0, 1, 9, 8, 7) },
      { kind: 0, content: Uint8Array.of(0, 9, 1) },
      { kind: 3, content: Uint8Array.of(0, 0, 1) },
      { kind: 2, content: Uint8Array.of(0, 3) },
    ),
  ],
  budget: (length) => ({ steps: 300_000 + 200 * length, bytes: 500_000 + 60 * length }),
  run(input) {
    const streams = new TcpStreams();
    // Close to where numbers wrap around.
    const initial = 0xffff_ff00;
    const said = { sequenceNumber: initial, rst: false, fin: false, payload: new Uint8Array(0), missing: 0 };
    const syn = { ...said, source: client, destination: server, syn: true, ack: false };
    const synAck = { ...said, source: server, destination: client, syn: true, ack: true };
    const events = [...streams.add(syn), ...streams.add(synAck)];
    const first = { initiator: new Map<number, number>(), responder: new Map<number, number>() };
    for (const item of readItems(input)) {
      const segment = segmentOf(item, initial);
      const [high = 0, low = 0] = item.content;
      const seen = first[(item.kind & fromServer) !== 0 ? "responder" : "initiator"];
      for (const [at, byte] of segment.payload.entries()) {
        const place = (high << 8) + low + at;
        if (!seen.has(place)) seen.set(place, byte);
      }
      events.push(...streams.add(segment));
    }
    events.push(...streams.end());
    const position = { initiator: 0, responder: 0 };
    for (const event of events) {
      if (event.type === "gap") position[event.from] += event.length;
      if (event.type !== "data") continue;
      const { from, bytes } = event;
      promise(
        bytes.every((byte, at) => first[from].get(position[from] + at) === byte),
        "what is told is what came first, in its place",
      );
      position[from] += bytes.length;
    }
    promise(events.at(-1)?.type === "closed", "a connection that was opened is closed");
  },
};
