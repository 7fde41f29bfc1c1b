import { aeadOf, runSync, type Steps, sealOnce, wait } from "@tlskit/crypto";
import {
  ContentType,
  decodeAlert,
  maxPlaintextLength,
  maxUselessRecords,
  type RecordKeys,
  RecordReader,
  tls13Opening,
} from "@tlskit/record";
import { randomBelow, seededRandom } from "@tlskit/testing";
import { concat, TlsError, toHex } from "@tlskit/wire";
import { type Item, itemsPieces, readItems, writeItems } from "../items.ts";
import { recorded } from "../recorded.ts";
import { leaf, recordsPieces, sequence } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { provider } from "../world.ts";
import { isPeersFault } from "./messages.ts";

export const recordStarts: readonly Uint8Array[] = [20, 21, 22, 23, 24].map((type) => Uint8Array.of(type, 3, 3));

/** What a reader makes of a stream: its records, and what it ends with. */
interface Reading {
  readonly records: readonly string[];
  readonly end: string;
}

function readAll(pieces: Iterable<Uint8Array>, prepare: (reader: RecordReader) => void): Reading {
  const reader = new RecordReader();
  prepare(reader);
  const records: string[] = [];
  try {
    for (const piece of pieces) {
      reader.push(piece);
      for (let next = runSync(reader.next()); next !== undefined; next = runSync(reader.next())) {
        records.push(`${next.type} ${toHex(next.content)}`);
        if (next.type === ContentType.alert) decodeAlert(next.content);
      }
    }
  } catch (error) {
    if (!(error instanceof TlsError) || !isPeersFault(error)) throw error;
    return { records, end: error.code };
  }
  return { records, end: `${reader.buffered} bytes left` };
}

/** A stream in pieces: the same for the same stream. */
function* inPieces(stream: Uint8Array): Generator<Uint8Array> {
  const random = seededRandom(stream.length * 65_537 + (stream[0] ?? 0) + (stream.at(-1) ?? 0));
  for (let offset = 0; offset < stream.length; ) {
    const end = offset + 1 + (randomBelow(random, 3) === 0 ? 0 : randomBelow(random, 100));
    yield stream.subarray(offset, end);
    offset = end;
  }
}

/** Reads a stream; however it is cut, the same records come of it, and the same end. */
export function readTwice(stream: Uint8Array, prepare: (reader: RecordReader) => void): Reading {
  const atOnce = readAll([stream], prepare);
  const cut = readAll(inPieces(stream), prepare);
  promise(atOnce.records.join() === cut.records.join(), "the same records come of a stream in any pieces");
  promise(atOnce.end === cut.end, `the same end comes of a stream in any pieces, not ${atOnce.end} and ${cut.end}`);
  return atOnce;
}

/** Records before there are keys. */
export const recordsTarget: Target = {
  name: "records",
  what: "a first byte, whose bits let change_cipher_spec pass and have early data skipped, and unprotected records",
  maxLength: 20_000,
  isRefusal: isPeersFault,
  dictionary: recordStarts,
  parse: (input) => sequence([leaf(input.subarray(0, 1)), recordsPieces(input.subarray(1))]),
  seeds: () =>
    recorded().flatMap(({ fromClient, fromServer }) =>
      [fromClient, fromServer].flatMap((stream) => [0, 1, 3].map((how) => concat(Uint8Array.of(how), stream))),
    ),
  run(input) {
    const [how = 0] = input;
    readTwice(input.subarray(1), (reader) => {
      reader.changeCipherSpec = (how & 1) !== 0 ? "drop" : "refuse";
      if ((how & 2) !== 0) reader.skipEarlyData(500);
    });
  },
};

const keys: RecordKeys = {
  aead: aeadOf(provider, "CHACHA20-POLY1305"),
  key: new Uint8Array(32).fill(1),
  iv: new Uint8Array(12).fill(2),
  recordLimit: 1_000_000,
};

const inner = 0;
const raw = 1;
const zeros = 2;
const kinds = 3;

/** Items of zeros that count: each is as long as a record may be, and out of all proportion to the input. */
const maxZeros = 4;

const item = (kind: number, ...content: readonly number[]): Item => ({ kind, content: Uint8Array.from(content) });

/** Records protected with a key that is known: what is in them is what the input says. */
export const protectedRecordsTarget: Target = {
  name: "protected-records",
  what: "items: 0 what is to be in a protected record, 1 bytes as they are, 2 as many zeros in a record as two bytes say",
  maxLength: 8192,
  isRefusal: isPeersFault,
  dictionary: recordStarts,
  parse: itemsPieces,
  seeds: () => [
    writeItems(item(inner, 1, 2, 3, 23), item(inner, 1, 0, 21, 0, 0, 0)),
    writeItems(item(raw, 20, 3, 3, 0, 1, 1), item(inner, 20, 0, 0, 0, 22)),
    writeItems(item(zeros, 0x3f, 0xff), item(zeros, 0x40, 0x00)),
    ...[20, 21, 22, 23, 0].map((type) => writeItems(item(inner, type))),
    writeItems(...Array.from({ length: 34 }, () => item(inner, 23))),
  ],
  budget: (length) => ({ steps: 500_000 + 100 * length, bytes: 1_000_000 + 60 * length }),
  run(input) {
    const items = withZeros(readItems(input));
    let sealed = 0;
    const stream = items.map(({ kind, content }) => (kind === raw ? content : runSync(seal(sealed++, content))));
    const { records } = readTwice(concat(...stream), (reader) => reader.protect(tls13Opening(keys, true)));
    if (items.some(({ kind }) => kind === raw)) return;
    const expected = expectedRecords(items.map(({ content }) => content));
    promise(records.join() === expected.join(), "what was sealed is read, up to what has to be refused");
  },
};

/** The items with their kinds as they are meant, and zeros where these are. */
function withZeros(items: readonly Item[]): readonly Item[] {
  let count = 0;
  return items.map(({ kind, content }) => {
    const [high = 0, low = 0] = content;
    if (kind % kinds !== zeros) return { kind: kind % kinds, content };
    count += 1;
    const length = ((high << 8) | low) % (maxPlaintextLength + 300);
    return { kind: inner, content: new Uint8Array(count > maxZeros ? 1 : length) };
  });
}

/** RFC 9846 §5.2 and §5.3, by hand: `record` seals nothing that it would have to refuse. */
function* seal(sequenceNumber: number, content: Uint8Array): Steps<Uint8Array> {
  const length = content.length + keys.aead.tagLength;
  const header = Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
  const nonce = keys.iv.slice();
  nonce[11] = (nonce[11] ?? 0) ^ (sequenceNumber & 0xff);
  nonce[10] = (nonce[10] ?? 0) ^ (sequenceNumber >> 8);
  return concat(header, yield* wait(sealOnce(keys.aead, keys.key, nonce, header, content)));
}

/** What RFC 9846 §5.4 makes of plaintexts, up to the first that is to be refused. */
function expectedRecords(plaintexts: readonly Uint8Array[]): readonly string[] {
  const records: string[] = [];
  let empty = 0;
  for (const plaintext of plaintexts) {
    const end = plaintext.findLastIndex((byte) => byte !== 0);
    const type = plaintext[end] ?? 0;
    if (plaintext.length > maxPlaintextLength + 1 || ![21, 22, 23].includes(type)) break;
    if (end === 0 && type !== ContentType.applicationData) break;
    empty = end === 0 ? empty + 1 : 0;
    if (empty > maxUselessRecords) break;
    records.push(`${type} ${toHex(plaintext.subarray(0, end))}`);
    if (type === ContentType.alert && end !== 2) break;
  }
  return records;
}
