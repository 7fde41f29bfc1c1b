import type { BlockCipherAlgorithm, BlockCipherName, MacThenEncryptOpening } from "../block-cipher.ts";
import type { HashFunction } from "../hash.ts";
import type { CryptoProvider } from "../provider.ts";
import type { Random } from "../random.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

interface Vector {
  readonly key: string;
  readonly iv: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

const vectors: Readonly<Record<BlockCipherName, Vector>> = {
  // SP 800-38A §F.2.1, §F.2.5
  "AES-128-CBC": {
    key: "2b7e151628aed2a6abf7158809cf4f3c",
    iv: "000102030405060708090a0b0c0d0e0f",
    plaintext: "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
    ciphertext: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
  },
  "AES-256-CBC": {
    key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    iv: "000102030405060708090a0b0c0d0e0f",
    plaintext: "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
    ciphertext: "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
  },
  // SP 800-67 §B.1, whose second block is here together with the first one's ciphertext, since that is without chaining.
  "3DES-EDE-CBC": {
    key: "0123456789abcdef23456789abcdef01456789abcdef0123",
    iv: "0000000000000000",
    plaintext: "5468652071756663c3069ffe8a4ceb7f",
    ciphertext: "a826fd8ce53b855fcce21c8112256fe6",
  },
};

export function blockCipherCases(
  algorithm: BlockCipherAlgorithm,
  { hashes }: CryptoProvider,
  random: Random,
): readonly ConformanceCase[] {
  const { name, keyLength, blockLength } = algorithm;
  const [key, iv] = [random(keyLength), random(blockLength)];
  const encrypted = (message: Uint8Array, vector: Uint8Array = iv): Uint8Array => {
    const cipher = algorithm.withKey(key);
    const into = new Uint8Array(message.length);
    cipher.encrypt(vector, [message], into, 0);
    cipher.dispose();
    return into;
  };
  return [
    {
      name: `${name}: a published vector, both ways`,
      run: () => {
        const vector = vectors[name];
        const cipher = algorithm.withKey(unhex(vector.key));
        const [plaintext, ciphertext] = [unhex(vector.plaintext), unhex(vector.ciphertext)];
        const into = new Uint8Array(plaintext.length);
        cipher.encrypt(unhex(vector.iv), [plaintext], into, 0);
        checkSame(into, ciphertext, "the ciphertext");
        cipher.decrypt(unhex(vector.iv), ciphertext, into, 0);
        checkSame(into, plaintext, "the plaintext");
        cipher.dispose();
      },
    },
    {
      name: `${name}: what is encrypted decrypts, with one key again and again, at any number of blocks`,
      run: () => {
        const cipher = algorithm.withKey(key);
        for (const blocks of [0, 1, 2, 3, 63, 64, 65, 129, 1025, 1, 0]) {
          const message = random(blocks * blockLength);
          const [own, place, back] = [
            random(blockLength),
            new Uint8Array(message.length),
            new Uint8Array(message.length),
          ];
          cipher.encrypt(own, [message], place, 0);
          checkSame(place, encrypted(message, own), `${blocks} blocks`);
          cipher.decrypt(own, place, back, 0);
          checkSame(back, message, `${blocks} blocks`);
        }
        cipher.dispose();
      },
    },
    {
      name: `${name}: blocks are chained (SP 800-38A §6.2)`,
      run: () => {
        const message = random(5 * blockLength);
        const whole = encrypted(message);
        const rest = encrypted(message.subarray(blockLength), whole.subarray(0, blockLength));
        checkSame(rest, whole.subarray(blockLength), "from the second block on");
      },
    },
    {
      name: `${name}: a plaintext in pieces is encrypted as in one`,
      run: () => {
        for (const length of [6 * blockLength, 320 * blockLength]) {
          const message = random(length);
          const whole = encrypted(message);
          const cipher = algorithm.withKey(key);
          for (const cuts of [
            [0],
            [length],
            [1],
            [blockLength],
            [blockLength - 1, blockLength + 1],
            [5, 5, length - 1],
          ]) {
            const place = new Uint8Array(length);
            const ends = [...cuts, length];
            const pieces = ends.map((end, at) => message.subarray(ends[at - 1] ?? 0, end));
            cipher.encrypt(iv, pieces, place, 0);
            checkSame(place, whole, `${length} bytes cut at ${cuts.join()}`);
          }
          cipher.dispose();
        }
      },
    },
    {
      name: `${name}: writes into its place alone, and works exactly in place`,
      run: () => {
        const cipher = algorithm.withKey(key);
        for (const blocks of [2, 200]) {
          const message = random(blocks * blockLength);
          const whole = encrypted(message);
          const place = new Uint8Array(message.length + 10).fill(7);
          cipher.encrypt(iv, [message], place, 3);
          checkSame(place, Uint8Array.of(7, 7, 7, ...whole, 7, 7, 7, 7, 7, 7, 7), "encrypted into a larger place");
          cipher.decrypt(iv, place.subarray(3, 3 + message.length), place, 3);
          checkSame(place, Uint8Array.of(7, 7, 7, ...message, 7, 7, 7, 7, 7, 7, 7), "decrypted in place");
          const head = place.subarray(3, 8);
          cipher.encrypt(iv, [head, place.subarray(8, 3 + message.length)], place, 3);
          checkSame(place, Uint8Array.of(7, 7, 7, ...whole, 7, 7, 7, 7, 7, 7, 7), "encrypted in place");
        }
        cipher.dispose();
      },
    },
    {
      name: `${name}: other lengths, and places that don't fit, are refused`,
      run: async () => {
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_argument", what);
        for (const length of [0, keyLength - 1, keyLength + 1]) {
          await refused(() => algorithm.withKey(new Uint8Array(length)), `a key of ${length} bytes`);
        }
        const cipher = algorithm.withKey(key);
        const [message, place] = [random(2 * blockLength), new Uint8Array(4 * blockLength)];
        const bothRefused = async (
          vector: Uint8Array,
          input: Uint8Array,
          into: Uint8Array,
          at: number,
          what: string,
        ) => {
          await refused(() => cipher.encrypt(vector, [input], into, at), `${what}, encrypting`);
          await refused(() => cipher.decrypt(vector, input, into, at), `${what}, decrypting`);
        };
        for (const length of [0, blockLength - 1, blockLength + 1]) {
          await bothRefused(new Uint8Array(length), message, place, 0, `a vector of ${length} bytes`);
        }
        for (const length of [1, blockLength - 1, blockLength + 1]) {
          await bothRefused(iv, random(length), place, 0, `${length} bytes`);
        }
        for (const at of [-1, 0.5, Number.NaN, 2 * blockLength + 1])
          await bothRefused(iv, message, place, at, `at ${at}`);
        await bothRefused(iv, place.subarray(0, 2 * blockLength), place, 1, "an overlap");
        await bothRefused(place.subarray(0, blockLength), message, place, 0, "a vector in the place");
        cipher.dispose();
      },
    },
    ...hashes.flatMap((hash) => macThenEncryptCases(algorithm, hash, random)),
  ];
}

/** RFC 5246 §6.2.3.1, §6.2.3.2: what the opening of records by MAC-then-encrypt is held to, where there is one. */
function macThenEncryptCases(
  algorithm: BlockCipherAlgorithm,
  hash: HashFunction,
  random: Random,
): readonly ConformanceCase[] {
  const { name, keyLength, blockLength, openMacThenEncrypt } = algorithm;
  if (openMacThenEncrypt === undefined) return [];
  const [key, macKey, iv] = [random(keyLength), random(hash.length), random(blockLength)];
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2, 23, 3, 3);
  const made = (content: Uint8Array, change: (record: Uint8Array) => void = () => {}, morePadding = 0): Uint8Array => {
    const unpadded = content.length + hash.length + 1;
    const padding = blockLength - 1 - ((unpadded + blockLength - 1) % blockLength) + morePadding * blockLength;
    const record = new Uint8Array(unpadded + padding).fill(padding);
    const authenticated = Uint8Array.of(...header, content.length >> 8, content.length & 0xff, ...content);
    record.set(content);
    record.set(hash.hmac(macKey, authenticated), content.length);
    change(record);
    const cipher = algorithm.withKey(key);
    cipher.encrypt(iv, [record], record, 0);
    cipher.dispose();
    return record;
  };
  const opening = (): MacThenEncryptOpening => openMacThenEncrypt(key, hash.name, macKey);
  const flip = (record: Uint8Array, at: number): void => {
    record[at] = (record[at] ?? 0) ^ 1;
  };
  return [
    {
      name: `${name} with HMAC over ${hash.name}: records open whatever their length and padding`,
      run: () => {
        const own = opening();
        for (const length of [0, 1, blockLength, 55, 100, 111, 256, 1000, 16384]) {
          const content = random(length);
          const longest = Math.floor((255 - blockLength + 1) / blockLength);
          for (const morePadding of [0, 1, longest]) {
            const record = made(content, undefined, morePadding);
            const into = new Uint8Array(record.length + 3).fill(9);
            check(own.open(iv, header, record, into, 2) === length, `the length of ${length} bytes`);
            checkSame(into.subarray(2, 2 + length), content, "the content");
            check(into[0] === 9 && into[1] === 9 && into.at(-1) === 9, "nothing else is written to");
            check(
              into.subarray(2 + length, -1).every((byte) => byte === 0),
              "zeros are behind the content",
            );
            check(own.open(iv, header, record, record, 0) === length, "in place");
            checkSame(record.subarray(0, length), content, "the content, in place");
          }
        }
        own.dispose();
      },
    },
    {
      name: `${name} with HMAC over ${hash.name}: whatever is wrong is refused alike, and the next record opens`,
      run: async () => {
        const own = opening();
        const content = random(3 * blockLength);
        const right = made(content);
        const macAt = content.length;
        const paddingAt = macAt + hash.length;
        const wrong: (readonly [string, Uint8Array])[] = [
          ["nothing", new Uint8Array(0)],
          ["no whole blocks", right.subarray(0, -1)],
          ["a block that can't hold the MAC", right.subarray(0, blockLength)],
          ["a record without its last block", right.subarray(0, -blockLength)],
          ["another content", made(content, (record) => flip(record, 0))],
          ["another first byte of the MAC", made(content, (record) => flip(record, macAt))],
          ["another last byte of the MAC", made(content, (record) => flip(record, paddingAt - 1))],
          ["a padding that is longer than the record", made(content, (record) => record.fill(255, paddingAt))],
          ["a length of padding that is one off", made(content, (record) => flip(record, record.length - 1))],
        ];
        const padded = made(content, undefined, 2);
        for (let at = paddingAt; at < padded.length; at += 1) {
          wrong.push([`another byte ${at} of padding`, made(content, (record) => flip(record, at), 2)]);
        }
        const refused = async (vector: Uint8Array, given: Uint8Array, record: Uint8Array, what: string) => {
          const into = new Uint8Array(record.length + 2).fill(9);
          await checkRefusal(() => own.open(vector, given, record, into, 1), "authentication_failed", what);
          check(
            into.subarray(1, -1).every((byte) => byte === 0),
            `${what}: zeros are there instead`,
          );
          check(into[0] === 9 && into.at(-1) === 9, `${what}: nothing else is written to`);
          const back = new Uint8Array(right.length);
          check(own.open(iv, header, right, back, 0) === content.length, `the next one opens after ${what}`);
        };
        for (const [what, record] of wrong) await refused(iv, header, record, what);
        for (let at = 0; at < header.length; at += 1) {
          const other = Uint8Array.from(header);
          flip(other, at);
          await refused(iv, other, right, `another byte ${at} of the header`);
        }
        await refused(random(blockLength), header, right, "another vector");
        own.dispose();
      },
    },
    {
      name: `${name} with HMAC over ${hash.name}: other lengths, and places that don't fit, are refused`,
      run: async () => {
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_argument", what);
        await refused(() => openMacThenEncrypt(key.subarray(1), hash.name, macKey), "a shorter key");
        const own = opening();
        const record = made(random(20));
        const into = new Uint8Array(record.length);
        await refused(() => own.open(iv.subarray(1), header, record, into, 0), "a shorter vector");
        await refused(() => own.open(iv, header.subarray(1), record, into, 0), "a shorter header");
        await refused(() => own.open(iv, header, record, into, 1), "a place that is too short");
        own.dispose();
      },
    },
  ];
}
