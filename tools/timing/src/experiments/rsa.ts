import { randomBytes, randomInt } from "node:crypto";
import {
  type CryptoProvider,
  type Decrypter,
  decrypterFor,
  type RsaPrivateKey,
  runSync,
  signatureKeysOf,
} from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";
import { decryptPreliminarySecret } from "@tlskit/keyschedule";
import type { ClassKind, Experiment, InputClass } from "../experiment.ts";

const version = 0x0303;
const modulusLength = 256;
const secretLength = 48;

/** Different inputs of a class. */
const inputsOfClass = 256;

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What RSA encrypts, with what is wrong with it: new padding and a new secret each time. */
function block(change: (made: Uint8Array) => void): Uint8Array {
  const made = Uint8Array.from({ length: modulusLength }, () => randomInt(1, 256));
  made.set([0, 2]);
  made[modulusLength - secretLength - 1] = 0;
  made.set(random(secretLength), modulusLength - secretLength);
  made.set([3, 3], modulusLength - secretLength);
  change(made);
  return made;
}

const anyByte = (): number => randomInt(1, 256);
const separator = modulusLength - secretLength - 1;

/** Every kind of error that RFC 5246 §7.4.7.1 wants nobody to tell apart; the first is none. */
const classes: readonly (readonly [string, ClassKind, (made: Uint8Array) => void])[] = [
  ["what is right", "reference", () => {}],
  ["what is right, again", "same", () => {}],
  ["another first byte", "tested", (made) => made.set([randomInt(1, 0x40)])],
  ["the padding of signatures", "tested", (made) => made.set([1], 1)],
  ["a zero first in the padding", "tested", (made) => made.set([0], 2)],
  ["a zero in the middle of the padding", "tested", (made) => made.set([0], separator >> 1)],
  ["a zero last in the padding", "tested", (made) => made.set([0], separator - 1)],
  ["no zero behind the padding", "tested", (made) => made.set([anyByte()], separator)],
  ["a message that is a byte shorter", "tested", (made) => made.set([anyByte(), 0, 3, 3], separator)],
  ["a message that is a byte longer", "tested", (made) => made.set([0, anyByte()], separator - 1)],
  ["an empty message", "tested", (made) => made.set([...Array.from({ length: secretLength }, anyByte), 0], separator)],
  ["another version", "tested", (made) => made.set([2], modulusLength - secretLength + 1)],
  ["zeros alone, but for the last byte", "tested", (made) => made.fill(0, 0, -1)],
];

const inputsOf = (change: (made: Uint8Array) => void): readonly Uint8Array[] =>
  Array.from({ length: inputsOfClass }, () => block(change));

/**
 * The whole of what a server does with a ClientKeyExchange: RSA's private operation, and judging what comes out of it. The
 * control takes 50 µs longer.
 */
export async function rsaDecryption(provider: CryptoProvider): Promise<Experiment> {
  const key = await signatureKeysOf(provider, "RSA").generate(random, 8 * modulusLength);
  if (key.type !== "RSA") throw new RangeError(`asked for a key of RSA's, got ${key.type}`);
  const decrypter = decrypterFor(provider, key);
  const decrypt = (encrypted: Uint8Array): void => {
    runSync(decryptPreliminarySecret(decrypter, encrypted, version, random));
  };
  const encryptedOf = (change: (made: Uint8Array) => void): readonly Uint8Array[] =>
    inputsOf(change).map((made) => encrypted(key, made));
  const above = (): Uint8Array => Uint8Array.of(0xff, ...random(modulusLength - 1));
  return {
    name: `RSA's key exchange by ${provider.name}, decryption and judgement`,
    repetitions: 1,
    work: decrypt,
    classes: [
      ...classes.map(([name, kind, change]): InputClass => ({ name, kind, inputs: encryptedOf(change) })),
      // Whoever sends it knows that it isn't below the modulus: that it shows is no harm.
      {
        name: "a number above the modulus, which is no secret",
        kind: "control",
        inputs: Array.from({ length: inputsOfClass }, above),
      },
      {
        name: "what is right, and 50 µs",
        kind: "control",
        inputs: encryptedOf(() => {}),
        work: (input) => {
          decrypt(input);
          const end = process.hrtime.bigint() + 50_000n;
          while (process.hrtime.bigint() < end);
        },
      },
    ],
  };
}

/** Judging alone: the decrypter answers at once with what it is given. The control judges with a branch at each step. */
export function rsaJudgement(): Experiment {
  const decrypter: Decrypter = { modulusLength, decrypt: (given) => given.slice() };
  const instead = new Uint8Array(secretLength);
  const judge = (given: Uint8Array): void => {
    runSync(decryptPreliminarySecret(decrypter, given, version, () => instead.slice()));
  };
  return {
    name: "RSA's key exchange, judgement alone",
    repetitions: 20,
    work: judge,
    classes: [
      ...classes.map(([name, kind, change]): InputClass => ({ name, kind, inputs: inputsOf(change) })),
      {
        name: "a zero first in the padding, with a branch",
        kind: "control",
        inputs: inputsOf((made) => made.set([0], 2)),
        work: (given) => {
          const end = given.indexOf(0, 2);
          if (given[0] === 0 && given[1] === 2 && end === separator) judge(given);
        },
      },
    ],
  };
}

/** RFC 8017 §5.1.1: the operation alone. */
function encrypted({ publicExponent, modulus }: RsaPrivateKey, made: Uint8Array): Uint8Array {
  const [m, e, n] = [toInteger(made), toInteger(publicExponent), toInteger(modulus)];
  return toBytes(power(m % n, e, n), modulusLength);
}
