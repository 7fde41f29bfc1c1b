import { Reader } from "@tlskit/wire";
import type { OctetQueue } from "./octet-queue.ts";

/** A ClientHello as a server of SSL 3.0 to TLS 1.2 sees it. */
export interface ReceivedHello {
  readonly version: number;
  readonly recordVersion: number;
  /** How many records it came in. */
  readonly records: number;
  /** Octets, its header included. */
  readonly length: number;
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: readonly number[];
  readonly extensions: ReadonlyMap<number, Uint8Array>;
}

/** SSL 2.0's (RFC 6101 §E.2). */
export interface ReceivedSsl2Hello {
  readonly version: number;
  readonly cipherKinds: readonly number[];
}

const handshakeRecord = 22;
const changeCipherSpecRecord = 20;
const clientHello = 1;

/** What a client begins with, in either form; nothing if it is neither. */
export async function receiveHello(queue: OctetQueue): Promise<ReceivedHello | ReceivedSsl2Hello | undefined> {
  const [first = 0, second = 0] = await queue.take(2);
  return (first & 0x80) === 0
    ? await receiveHelloInRecords(queue, first, second)
    : readSsl2Hello(await queue.take(((first & 0x7f) << 8) | second));
}

async function receiveHelloInRecords(
  queue: OctetQueue,
  type: number,
  major: number,
): Promise<ReceivedHello | undefined> {
  const records: Uint8Array[] = [];
  let [firstType, firstMajor] = [type, major];
  let recordVersion = 0;
  for (;;) {
    const isOther = firstType !== handshakeRecord && firstType !== changeCipherSpecRecord;
    if (isOther || firstMajor !== 3) return undefined;
    const [minor = 0, high = 0, low = 0] = await queue.take(3);
    recordVersion = (firstMajor << 8) | minor;
    const content = await queue.take((high << 8) | low);
    // RFC 9846 §E.4: one goes before a second hello
    if (firstType === handshakeRecord) records.push(content);
    const message = Buffer.concat(records);
    if (message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3)) {
      return message[0] === clientHello ? readHello(message, recordVersion, records.length) : undefined;
    }
    [firstType = 0, firstMajor = 0] = await queue.take(2);
  }
}

function readHello(message: Uint8Array, recordVersion: number, records: number): ReceivedHello {
  const body = new Reader(message.subarray(4));
  const version = body.u16();
  body.bytes(32);
  const sessionId = body.bytes(body.u8());
  const cipherSuites = all(body.sub(body.u16()), (reader) => reader.u16());
  const compressionMethods = all(body.sub(body.u8()), (reader) => reader.u8());
  const extensions = body.remaining === 0 ? [] : all(body.sub(body.u16()), readExtension);
  return {
    version,
    recordVersion,
    records,
    length: message.length,
    sessionId,
    cipherSuites,
    compressionMethods,
    extensions: new Map(extensions),
  };
}

function readExtension(reader: Reader): readonly [number, Uint8Array] {
  return [reader.u16(), reader.bytes(reader.u16())];
}

function readSsl2Hello(message: Uint8Array): ReceivedSsl2Hello | undefined {
  const reader = new Reader(message);
  if (reader.u8() !== clientHello) return undefined;
  const version = reader.u16();
  const kinds = reader.u16();
  reader.u16(); // the session identifier's length
  reader.u16(); // the challenge's
  return { version, cipherKinds: all(reader.sub(kinds), (kind) => kind.u24()) };
}

function all<T>(reader: Reader, read: (reader: Reader) => T): readonly T[] {
  const values: T[] = [];
  while (reader.remaining > 0) values.push(read(reader));
  return values;
}

/** The numbers of 16 bits in an extension that is a list of them behind its length: groups, signature schemes. */
export function codesIn(extension: Uint8Array | undefined): readonly number[] {
  if (extension === undefined) return [];
  const reader = new Reader(extension);
  return all(reader.sub(reader.u16()), (code) => code.u16());
}

/** The groups that have a share in the extension key_share. */
export function sharesIn(extension: Uint8Array | undefined): readonly number[] {
  if (extension === undefined) return [];
  const reader = new Reader(extension);
  return all(reader.sub(reader.u16()), (entry) => {
    const group = entry.u16();
    entry.bytes(entry.u16());
    return group;
  });
}
