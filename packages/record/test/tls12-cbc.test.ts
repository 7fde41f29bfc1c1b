import { createCipheriv, createHmac } from "node:crypto";
import { blockCipherOf, type HashFunction, hashOf, runSync } from "@tlskit/crypto";
import { nobleTls12Provider as provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { ContentType, maxPlaintextLength, maxTls12CiphertextLength, RecordReader, RecordWriter } from "@tlskit/record";
import { type Tls12CbcKeys, tls12CbcOpening, tls12CbcSealing } from "@tlskit/record/cbc";
import { describeVectors } from "@tlskit/vectors";
import { ByteQueue, concat, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { macThenEncrypt } from "../src/cbc/mac-then-encrypt.ts";

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const peer = (code: string, alert: number) => expect.objectContaining({ kind: "peer", code, alert });
const caller = (code: string) => expect.objectContaining({ kind: "caller", code });
const badRecordMac = peer("bad_record_mac", 20);
const aes = blockCipherOf(provider, "AES-128-CBC");

interface Cbc {
  readonly cases: readonly {
    readonly name: string;
    readonly macKey: string;
    readonly encryptionKey: string;
    readonly iv: string;
    readonly plaintext: string;
    readonly sequenceNumber: string;
    readonly contentType: number;
    readonly version: string;
    readonly ciphertext: string;
    readonly expected: { readonly opens: boolean; readonly sealsToThis: boolean };
  }[];
}

for (const [file, hashName] of [
  ["aes-128-cbc-sha1", "SHA-1"],
  ["aes-128-cbc-sha256", "SHA-256"],
  // TLS 1.0's
  ["aes-128-cbc-sha1-implicit-iv", "SHA-1"],
] as const) {
  describeVectors<Cbc>(`BoringSSL's records: ${file}`, `tls-cbc/${file}.json`, ({ cases }) => {
    const hash = hashOf(provider, hashName);

    test.each(cases.map((each, index) => [index, each.name, each] as const))("%d: %s", (_, __, sample) => {
      const protection = macThenEncrypt(aes, hex(sample.encryptionKey), hash, hex(sample.macKey));
      const header = concat(hex(sample.sequenceNumber), Uint8Array.of(sample.contentType), hex(sample.version));
      const [iv, ciphertext, plaintext] = [hex(sample.iv), hex(sample.ciphertext), hex(sample.plaintext)];
      const into = bytes(ciphertext.length, 7);
      const open = () => into.subarray(0, protection.open(iv, header, ciphertext, into, 0));
      if (ciphertext.length < hash.length + 1 || ciphertext.length % 16 !== 0) {
        // Whoever asks has looked at the length.
        expect(sample.expected.opens).toBe(false);
        return;
      }
      if (sample.expected.opens) expect(toHex(open())).toBe(sample.plaintext);
      else {
        expect(open).toThrow(expect.objectContaining({ code: "authentication_failed" }));
        expect(into).toEqual(bytes(into.length, 0));
      }
      if (sample.expected.sealsToThis) {
        const sealed = bytes(protection.size(plaintext.length), 0);
        const length = Uint8Array.of(plaintext.length >> 8, plaintext.length & 0xff);
        protection.seal(iv, concat(header, length), [plaintext], sealed, 0);
        expect(toHex(sealed)).toBe(sample.ciphertext);
      }
    });
  });
}

/** A hash that counts its compressions: an HMAC is made of digests, as RFC 2104 has it. */
function counting(hash: HashFunction, block: number, padding: number): HashFunction & { compressions: number } {
  const counted: HashFunction & { compressions: number } = {
    name: hash.name,
    length: hash.length,
    compressions: 0,
    digest: (message) => {
      counted.compressions += Math.ceil((message.length + padding) / block);
      return hash.digest(message);
    },
    hmac: (key, message) => {
      const padded = concat(key.length > block ? hash.digest(key) : key, bytes(block, 0)).subarray(0, block);
      const over = (fill: number, inner: Uint8Array): Uint8Array =>
        counted.digest(
          concat(
            padded.map((byte) => byte ^ fill),
            inner,
          ),
        );
      return over(0x5c, over(0x36, message));
    },
    start: () => hash.start(),
  };
  return counted;
}

// RFC 5246 §6.2.3.2#padding-time, §6.2.3.2#padding-checked
describe("what is wrong with a record of MAC-then-encrypt", () => {
  const header = bytes(11, 3);
  const iv = bytes(16, 4);
  const key = bytes(16, 5);

  /** The ciphertext of any plaintext, MAC and padding included. */
  const encrypted = (plaintext: Uint8Array): Uint8Array => {
    const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    return concat(cipher.update(plaintext), cipher.final());
  };

  test.each([
    ["SHA-1", 64, 9],
    ["SHA-256", 64, 9],
    ["SHA-384", 128, 17],
  ] as const)("takes as many compressions of %s as if nothing were, whatever it is", (name, block, least) => {
    const hash = hashOf(provider, name);
    const macKey = bytes(hash.length, 6);
    const nodeName = name.toLowerCase().replace("-", "");
    for (const length of [64, 112, 320, 512]) {
      const mac = (content: Uint8Array): Uint8Array =>
        Uint8Array.from(
          createHmac(nodeName, macKey)
            .update(concat(header, Uint8Array.of(content.length >> 8, content.length & 0xff), content))
            .digest(),
        );
      const counts = new Map<number, string[]>();
      const note = (what: string, plaintext: Uint8Array, opens: boolean): void => {
        const counted = counting(hash, block, least);
        const protection = macThenEncrypt(aes, key, counted, macKey);
        const open = () => protection.open(iv, header, encrypted(plaintext), bytes(length, 0), 0);
        if (opens) open();
        else expect(open, what).toThrow(expect.objectContaining({ code: "authentication_failed" }));
        counts.set(counted.compressions, [...(counts.get(counted.compressions) ?? []), what]);
      };
      for (let padding = 0; padding < 256; padding += 1) {
        const content = length - hash.length - 1 - padding;
        if (content < 0) {
          // It says more than there is room for.
          note(`room, ${padding}`, concat(bytes(length - 1, padding), Uint8Array.of(padding)), false);
          continue;
        }
        const right = concat(bytes(content, 9), mac(bytes(content, 9)), bytes(padding + 1, padding));
        note(`nothing, ${padding}`, right, true);
        const change = (at: number): Uint8Array => right.map((byte, index) => (index === at ? byte ^ 1 : byte));
        note(`MAC, ${padding}`, change(content), false);
        note(`MAC's end, ${padding}`, change(content + hash.length - 1), false);
        note(`content, ${padding}`, content === 0 ? change(0) : change(content - 1), false);
        for (const at of padding > 0 ? [0, padding - 1, padding >> 1] : []) {
          note(`padding ${at}, ${padding}`, change(content + hash.length + at), false);
        }
        note(`padding's length, ${padding}`, change(length - 1), false);
      }
      expect([...counts.keys()], JSON.stringify([...counts.values()].map((each) => each.slice(0, 3)))).toHaveLength(1);
    }
  });
});

const keys = (options: Partial<Tls12CbcKeys> = {}): Tls12CbcKeys => ({
  cipher: aes,
  hash: hashOf(provider, "SHA-256"),
  key: bytes(16, 1),
  macKey: bytes(32, 2),
  blockLimit: 2 ** 34,
  encryptThenMac: false,
  ...options,
});
let drawn = 0;
const random = (length: number): Uint8Array => {
  drawn += 1;
  return bytes(length, drawn & 0xff);
};

function sealer(own: Tls12CbcKeys): (type: ContentType, content: Uint8Array) => Uint8Array {
  const writer = new RecordWriter();
  writer.protect(tls12CbcSealing(own, random));
  return (type, content) => runSync(writer.record(type, content));
}

function opened(own: Tls12CbcKeys, ...records: readonly Uint8Array[]): readonly string[] {
  const reader = new RecordReader();
  reader.protect(tls12CbcOpening(own));
  for (const record of records) reader.push(record);
  return records.map(() => {
    const record = runSync(reader.next());
    return record === undefined ? "nothing" : `${record.type} ${toHex(record.content)}`;
  });
}

const tripleDes = { cipher: blockCipherOf(nodeProvider, "3DES-EDE-CBC"), key: bytes(24, 1).map((_, at) => at) };

describe.each([
  ["MAC-then-encrypt", keys()],
  ["MAC-then-encrypt, SHA-1", keys({ hash: hashOf(provider, "SHA-1"), macKey: bytes(20, 2) })],
  ["MAC-then-encrypt, 3DES", keys(tripleDes)],
  ["encrypt-then-MAC", keys({ encryptThenMac: true })],
  [
    "encrypt-then-MAC, SHA-384",
    keys({ encryptThenMac: true, hash: hashOf(provider, "SHA-384"), macKey: bytes(48, 2) }),
  ],
  ["encrypt-then-MAC, 3DES", keys({ ...tripleDes, encryptThenMac: true })],
])("records of TLS 1.2 by CBC: %s", (_, own) => {
  // RFC 5246 §6.2.3.2#padding-sent
  test("open, in order, of any length", () => {
    const seal = sealer(own);
    const contents = Array.from({ length: 40 }, (_each, length) => bytes(length, length));
    const records = contents.map((content) => seal(ContentType.applicationData, content));
    expect(opened(own, ...records)).toEqual(contents.map((content) => `23 ${toHex(content)}`));
  });

  // RFC 5246 §6.2.3.2#iv
  test("have an IV of their own each", () => {
    const seal = sealer(own);
    const records = [0, 1].map(() => seal(ContentType.applicationData, bytes(10, 1)));
    const ivs = records.map((record) => toHex(record.subarray(5, 5 + own.cipher.blockLength)));
    expect(new Set(ivs).size).toBe(2);
    expect(new Set(records.map(toHex)).size).toBe(2);
  });

  // RFC 5246 §7.2.2#bad-padding, RFC 7366 §3#wrong-mac
  test("don't open if a bit is changed anywhere", () => {
    const record = sealer(own)(ContentType.applicationData, bytes(5, 9));
    for (let at = 5; at < record.length; at += 1) {
      const changed = record.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => opened(own, changed), `byte ${at}`).toThrow(badRecordMac);
    }
    const ofOtherType = record.map((byte, index) => (index === 0 ? 22 : byte));
    expect(() => opened(own, ofOtherType)).toThrow(badRecordMac);
  });

  // RFC 5246 §7.2.2#bad-padding
  test("don't open if they have a length that none has", () => {
    const record = sealer(own)(ContentType.applicationData, bytes(5, 9));
    for (let length = 0; length < record.length - 5; length += 1) {
      const cut = concat(Uint8Array.of(23, 3, 3, 0, length), record.subarray(5, 5 + length));
      expect(() => opened(own, cut), String(length)).toThrow(badRecordMac);
    }
  });

  test("don't open out of order, or twice", () => {
    const seal = sealer(own);
    const [first = bytes(0, 0), second = bytes(0, 0)] = [1, 2].map(() =>
      seal(ContentType.applicationData, bytes(5, 1)),
    );
    expect(() => opened(own, second)).toThrow(badRecordMac);
    expect(() => opened(own, first, first)).toThrow(badRecordMac);
  });

  test("may have 2^14 bytes of content, and bodies of 2^14 + 2048, and not one more", () => {
    const most = bytes(maxPlaintextLength, 1);
    expect(opened(own, sealer(own)(ContentType.applicationData, most))).toEqual([`23 ${toHex(most)}`]);
    expect(() => sealer(own)(ContentType.applicationData, bytes(maxPlaintextLength + 1, 1))).toThrow(
      caller("out_of_range"),
    );
    const header = (length: number) => Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
    expect(() => opened(own, header(maxTls12CiphertextLength + 1))).toThrow(peer("record_overflow", 22));
    expect(opened(own, header(maxTls12CiphertextLength))).toEqual(["nothing"]);
  });

  test("don't open with another version, and hold nothing if they are of data alone", () => {
    const record = sealer(own)(ContentType.applicationData, bytes(5, 9));
    record[2] = 1;
    expect(() => opened(own, record)).toThrow(peer("record_version", 70));
    expect(opened(own, sealer(own)(ContentType.applicationData, bytes(0, 0)))).toEqual(["23 "]);
    expect(() => opened(own, sealer(own)(ContentType.handshake, bytes(0, 0)))).toThrow(peer("unexpected_record", 10));
  });

  test("are sealed as long as the key has blocks for one of the longest", () => {
    const writer = new RecordWriter();
    const record = bytes(maxPlaintextLength, 1);
    const blocks = Math.ceil((tls12CbcSealing(own, random).size(23, record.length) - 5) / own.cipher.blockLength);
    writer.protect(tls12CbcSealing({ ...own, blockLimit: 2 * blocks + blocks - 1 }, random));
    expect(writer.recordsLeft).toBe(2);
    for (let left = 1; left >= 0; left -= 1) {
      runSync(writer.record(ContentType.applicationData, record));
      expect(writer.recordsLeft).toBe(left);
    }
    expect(() => runSync(writer.record(ContentType.applicationData, bytes(1, 1)))).toThrow(
      caller("record_limit_reached"),
    );
  });

  test("lie end to end, written and read", () => {
    const writer = new RecordWriter();
    writer.protect(tls12CbcSealing(own, random));
    const content = new ByteQueue();
    content.push(bytes(70, 1));
    content.push(bytes(50, 2));
    const written = writer.records(ContentType.applicationData, content, 50);
    const reader = new RecordReader();
    reader.protect(tls12CbcOpening(own));
    for (const byte of written.bytes) reader.push(Uint8Array.of(byte));
    const contents = [0, 1, 2].map(() => runSync(reader.next())?.content ?? bytes(0, 0));
    expect(concat(...contents)).toEqual(concat(bytes(70, 1), bytes(50, 2)));
  });
});

// RFC 7366 §3#mac-first
test("encrypt-then-MAC puts its MAC behind IV and ciphertext, over both", () => {
  const own = keys({ encryptThenMac: true });
  const record = sealer(own)(ContentType.handshake, bytes(5, 9));
  const [inside, mac] = [record.subarray(5, -32), record.subarray(-32)];
  expect(inside).toHaveLength(32);
  const authenticated = concat(bytes(8, 0), Uint8Array.of(22, 3, 3, 0, 32), inside);
  expect(toHex(mac)).toBe(createHmac("sha256", own.macKey).update(authenticated).digest("hex"));
});

// RFC 5246 §6.2.3.2: who has the keys may pad by up to 255 bytes; wrong padding is refused all the same.
test.each([
  ["longer than it has to be", bytes(48, 47), true],
  ["wrong", Uint8Array.of(...bytes(15, 3), 15), false],
  ["longer than the record", bytes(16, 200), false],
])("encrypt-then-MAC with padding that is %s", (_, padding, opens) => {
  const own = keys({ encryptThenMac: true });
  const content = bytes(16, 9);
  const iv = bytes(16, 3);
  const cipher = createCipheriv("aes-128-cbc", own.key, iv).setAutoPadding(false);
  const inside = concat(iv, cipher.update(concat(content, padding)), cipher.final());
  const mac = createHmac("sha256", own.macKey)
    .update(concat(bytes(8, 0), Uint8Array.of(23, 3, 3, inside.length >> 8, inside.length & 0xff), inside))
    .digest();
  const record = concat(Uint8Array.of(23, 3, 3, 0, inside.length + 32), inside, mac);
  if (opens) expect(opened(own, record)).toEqual([`23 ${toHex(content)}`]);
  else expect(() => opened(own, record)).toThrow(badRecordMac);
});

test("what isn't as expected of keys and randomness is named", () => {
  const given = (value: unknown): never => value as never;
  const invalid = expect.objectContaining({ code: "invalid_argument" });
  expect(() => tls12CbcSealing(given(undefined), random)).toThrow(invalid);
  expect(() => tls12CbcSealing(keys(), given(1))).toThrow(invalid);
  expect(() => tls12CbcOpening({ ...keys(), encryptThenMac: given("yes") })).toThrow(invalid);
  expect(() => tls12CbcOpening({ ...keys(), macKey: given("secret") })).toThrow(invalid);
});
