import { randomBytes, randomInt } from "node:crypto";
import {
  type BlockCipherAlgorithm,
  blockCipherOf,
  CryptoError,
  type CryptoProvider,
  type HashFunction,
  hashOf,
  runSync,
  wait,
} from "@tlskit/crypto";
import { tls12CbcOpening } from "@tlskit/record/cbc";
import { TlsError } from "@tlskit/wire";
import type { ClassKind, Experiment, InputClass } from "../experiment.ts";

const blockLength = 16;
const recordLength = 20 * blockLength;
const inputsOfClass = 256;
const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 23, 3, 3);

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

type Open = (iv: Uint8Array, ciphertext: Uint8Array, place: Uint8Array) => void;

/** By the provider itself, or by the record layer where it can't: with as many compressions as there could have been. */
function openingBy(algorithm: BlockCipherAlgorithm, hash: HashFunction, key: Uint8Array, macKey: Uint8Array): Open {
  const native = algorithm.openMacThenEncrypt?.(key, hash.name, macKey);
  if (native !== undefined) return (iv, ciphertext, place) => native.open(iv, header, ciphertext, place, 0);
  const keys = { cipher: algorithm, hash, key, macKey, blockLimit: 2 ** 34, encryptThenMac: false };
  const opening = tls12CbcOpening(keys);
  const recordHeader = Uint8Array.of(23, 3, 3, (blockLength + recordLength) >> 8, (blockLength + recordLength) & 0xff);
  const body = new Uint8Array(blockLength + recordLength);
  return (iv, ciphertext, place) => {
    body.set(iv);
    body.set(ciphertext, blockLength);
    runSync(wait(opening.open(recordHeader, body, place, 0)));
  };
}

const isNotAuthentic = (error: unknown): boolean =>
  (error instanceof CryptoError && error.code === "authentication_failed") ||
  (error instanceof TlsError && error.code === "bad_record_mac");

/**
 * RFC 5246 §6.2.3.2: records that don't open, for whatever reason, by a provider that opens those of MAC-then-encrypt itself,
 * or by the record layer with the provider's HMAC. Whether one opens is no secret, and so no class is of those that do.
 */
export function macThenEncrypt(provider: CryptoProvider): Experiment {
  const algorithm = blockCipherOf(provider, "AES-128-CBC");
  const sha1 = hashOf(provider, "SHA-1");
  const [key, macKey, iv] = [random(16), random(sha1.length), random(blockLength)];
  const opening = openingBy(algorithm, sha1, key, macKey);
  const cipher = algorithm.withKey(key);
  const place = new Uint8Array(blockLength + recordLength);

  /** A record with so much padding behind its length's byte, and something wrong with it. */
  const record = (padding: number, change: (made: Uint8Array, macAt: number) => void): Uint8Array => {
    const length = recordLength - sha1.length - padding - 1;
    const made = new Uint8Array(recordLength).fill(padding);
    const content = random(length);
    made.set(content);
    made.set(sha1.hmac(macKey, Uint8Array.of(...header, length >> 8, length & 0xff, ...content)), length);
    change(made, length);
    cipher.encrypt(iv, [made], made, 0);
    return made;
  };
  const flip = (made: Uint8Array, at: number): void => {
    made[at] = (made[at] ?? 0) ^ randomInt(1, 256);
  };
  const otherMac = (made: Uint8Array, macAt: number): void => flip(made, macAt + randomInt(sha1.length));

  const classes: readonly (readonly [string, ClassKind, number, (made: Uint8Array, macAt: number) => void])[] = [
    ["another MAC, padding of 11 bytes", "reference", 11, otherMac],
    ["another MAC, padding of 11 bytes, again", "same", 11, otherMac],
    ["another MAC, no padding", "tested", 0, otherMac],
    ["another MAC, padding of 59 bytes", "tested", 59, otherMac],
    ["another MAC, the longest padding", "tested", 255, otherMac],
    ["another content", "tested", 11, (made) => flip(made, 0)],
    ["another first byte of the padding", "tested", 11, (made, macAt) => flip(made, macAt + sha1.length)],
    ["another last byte of the padding", "tested", 11, (made) => flip(made, recordLength - 2)],
    ["another byte of the longest padding", "tested", 255, (made) => flip(made, recordLength - 100)],
    ["more padding than there is room for", "tested", 11, (made) => made.fill(0xff, recordLength - 12)],
  ];
  const open = (given: Uint8Array): void => {
    try {
      opening(iv, given, place);
    } catch (error) {
      if (isNotAuthentic(error)) return;
      throw error;
    }
    throw new RangeError("a record that isn't right has been opened");
  };
  const inputs = (padding: number, change: (made: Uint8Array, macAt: number) => void): readonly Uint8Array[] =>
    Array.from({ length: inputsOfClass }, () => record(padding, change));
  const who = algorithm.openMacThenEncrypt === undefined ? `HMAC and CBC of ${provider.name}` : provider.name;
  return {
    name: `Records of MAC-then-encrypt by ${who}, AES-128-CBC with SHA-1`,
    repetitions: 4,
    work: open,
    classes: [
      ...classes.map(([name, kind, padding, change]): InputClass => ({ name, kind, inputs: inputs(padding, change) })),
      {
        // What Lucky 13 is about: padding that isn't there, and hashes a block more.
        name: "another MAC, padding of 11 bytes, and a block more to hash",
        kind: "control",
        inputs: inputs(11, otherMac),
        work: (given) => {
          open(given);
          sha1.digest(given.subarray(0, 64));
        },
      },
    ],
  };
}
