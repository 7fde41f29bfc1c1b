/**
 * A process with both ends of many streams, whose writers are as fast as they are let and whose readers are slow. Everything
 * that is written is read in the end, and compared.
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeCertificates } from "../certificates.ts";
import { Census, type Footprint, footprint } from "../footprint.ts";
import { type ImplementationName, implementations, type Version } from "../implementations.ts";
import { chunkLength, lookEvery, mostToRead, mostToWrite, offered, pause, sip, streamsOfAKind } from "./limits.ts";

/** How a reader reads until it is told to hurry. */
type Reading = "1 kB a second" | "not at all";

/** What streams of a kind came to. */
export interface StreamsReport {
  readonly name: string;
  /** Bytes that one of them wrote, and read, at most, before readers hurried. */
  readonly written: number;
  readonly read: number;
  /** Bytes that one had waiting at its writer, and at its reader, at most, with what is allowed. */
  readonly toWrite: number;
  readonly mostToWrite: number;
  readonly toRead: number;
  readonly mostToRead: number;
  /** Streams that weren't told to wait. */
  readonly unbounded: number;
  /** Streams of which not everything came, as it was written. */
  readonly wrong: number;
}

/** What the process tells. */
export interface PressureReport {
  readonly streams: readonly StreamsReport[];
  readonly count: number;
  /** With all connections there and nothing written; while the writers wait; and when all connections are gone. */
  readonly idle: Footprint;
  readonly waiting: Footprint;
  readonly before: Footprint;
  readonly after: Footprint;
}

interface Stream {
  readonly name: string;
  readonly writer: Socket;
  readonly reader: Socket;
  readonly reading: Reading;
  written: number;
  read: number;
  toWrite: number;
  toRead: number;
  isWrong: boolean;
}

const [name, seconds] = [process.argv[2] as ImplementationName, Number(process.argv[3])]; // from soakPressure
const { connect, createServer } = implementations[name];
const { ca, server: certificate } = makeCertificates();
const generous = 60_000;
const census = new Census();

// Each byte tells where it is, in a period that no buffer's length is a multiple of.
const period = 251;
const pattern = Uint8Array.from({ length: chunkLength + period }, (_, index) => index % period);
const from = (offset: number, length: number): Uint8Array =>
  pattern.subarray(offset % period, (offset % period) + length);

async function listening(): Promise<{ port: number; accepted(): Promise<Socket>; close(): void }> {
  const waiting: ((socket: Socket) => void)[] = [];
  const server = createServer({ ...certificate, handshakeTimeout: generous });
  server.on("secureConnection", (socket: Socket) => waiting.shift()?.(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // of a server that listens on a port
  return { port, accepted: () => new Promise((resolve) => void waiting.push(resolve)), close: () => server.close() };
}

const { port, accepted, close } = await listening();

async function pair(version: Version): Promise<{ client: Socket; server: Socket }> {
  const range = { minVersion: version, maxVersion: version };
  const server = accepted();
  const client = connect({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca,
    ...range,
    handshakeTimeout: generous,
  });
  await once(client, "secureConnect");
  const ends = { client, server: await server };
  for (const socket of Object.values(ends)) {
    census.add(socket);
    socket.pause();
  }
  return ends;
}

async function openStreams(ofAKind: number): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (const version of ["TLSv1.3", "TLSv1.2"] as const) {
    for (const role of ["client", "server"] as const) {
      for (const reading of ["1 kB a second", "not at all"] as const) {
        for (let i = 0; i < ofAKind; i += 1) {
          const ends = await pair(version);
          const [writer, reader] = role === "client" ? [ends.client, ends.server] : [ends.server, ends.client];
          const name = `${version}, a ${role} that writes, and a reader that reads ${reading}`;
          streams.push({ name, writer, reader, reading, written: 0, read: 0, toWrite: 0, toRead: 0, isWrong: false });
        }
      }
    }
  }
  return streams;
}

/** Writes as long as it may, and until it is told to stop. */
async function write(stream: Stream, stop: AbortSignal): Promise<void> {
  const { writer } = stream;
  while (!stop.aborted && stream.written < offered) {
    const chunk = from(stream.written, chunkLength);
    stream.written += chunk.length;
    if (!writer.write(chunk)) await Promise.race([once(writer, "drain"), once(stop, "abort")]);
    else await sleep(0);
  }
  // The end of the other direction is to be seen.
  writer.end().resume();
}

function take(stream: Stream, data: Uint8Array): void {
  stream.isWrong ||= Buffer.compare(data, from(stream.read, data.length)) !== 0;
  stream.read += data.length;
}

async function readSlowly(stream: Stream, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const data: unknown = stream.reader.read(sip);
    if (data instanceof Uint8Array) take(stream, data);
    await sleep(pause);
  }
}

async function readAll(stream: Stream): Promise<void> {
  for await (const data of stream.reader as AsyncIterable<Buffer>) {
    for (let at = 0; at < data.length; at += chunkLength) take(stream, data.subarray(at, at + chunkLength));
  }
}

function look(streams: readonly Stream[]): void {
  for (const stream of streams) {
    stream.toWrite = Math.max(stream.toWrite, stream.writer.writableLength);
    stream.toRead = Math.max(stream.toRead, stream.reader.readableLength);
  }
}

function summary(
  streams: readonly Stream[],
  seen: ReadonlyMap<Stream, { written: number; read: number }>,
): StreamsReport[] {
  return [...Map.groupBy(streams, ({ name }) => name)].map(([name, ofName]) => {
    const most = (value: (stream: Stream) => number): number => Math.max(...ofName.map(value));
    return {
      name,
      written: most((stream) => seen.get(stream)?.written ?? 0),
      read: most((stream) => seen.get(stream)?.read ?? 0),
      toWrite: most(({ toWrite }) => toWrite),
      mostToWrite: mostToWrite(most(({ writer }) => writer.writableHighWaterMark)),
      toRead: most(({ toRead }) => toRead),
      mostToRead: mostToRead(most(({ reader }) => reader.readableHighWaterMark)),
      unbounded: ofName.filter((stream) => (seen.get(stream)?.written ?? 0) >= offered).length,
      wrong: ofName.filter(({ written, read, isWrong }) => isWrong || written !== read).length,
    };
  });
}

async function press(ofAKind: number, seconds: number): Promise<Omit<PressureReport, "before" | "after">> {
  const streams = await openStreams(ofAKind);
  const idle = await footprint(census);
  const stop = new AbortController();
  const writing = streams.map((stream) => write(stream, stop.signal));
  const sipping = streams.flatMap((stream) =>
    stream.reading === "not at all" ? [] : [readSlowly(stream, stop.signal)],
  );
  for (let left = seconds * 1000; left > 0; left -= lookEvery) {
    await sleep(lookEvery);
    look(streams);
  }
  const waiting = await footprint(census);
  const seen = new Map(streams.map((stream) => [stream, { written: stream.written, read: stream.read }]));
  stop.abort();
  await Promise.all(sipping);
  await Promise.all([...writing, ...streams.map(readAll)]);
  await Promise.all(streams.flatMap(({ writer, reader }) => [writer, reader].map(gone)));
  return { streams: summary(streams, seen), count: streams.length, idle, waiting };
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}

// For what is made when it is first needed, such as buffers that are used again and again.
await press(streamsOfAKind, 1);
const before = await footprint(census);
const report = await press(streamsOfAKind, seconds);
const after = await footprint(census);
close();
const told: PressureReport = { ...report, before, after };
if (process.send !== undefined) process.send(told);
process.disconnect?.();
