import {
  type Awaitable,
  type BlockCipherAlgorithm,
  blockCipherOf,
  CryptoError,
  type CryptoProvider,
  decrypterFor,
  ffdheGroup,
  finiteFieldOf,
  hashOf,
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  runSync,
  type SignatureKeys,
  type SignatureKeyType,
  signatureKeysOf,
  wait,
} from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";
import { seededRandom } from "@tlskit/testing";
import { concat, Reader, toHex, Writer } from "@tlskit/wire";
import { leaf, sequence } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { sampleKeys } from "./sample-keys.ts";

const random = seededRandom(6);
const message = Uint8Array.from({ length: 100 }, (_, at) => at);

/** The one that is fuzzed, and the one that is asked as well. */
let openssl: CryptoProvider | undefined;
const reference = nodeProvider;

/** Something that a provider does with a peer's bytes, told so that two can be compared. */
type Operation = (provider: CryptoProvider, which: number, bytes: Uint8Array) => string;

const operations: Readonly<Record<string, Operation>> = {
  // A secret depends on chance: that there is one has to do.
  respond: (provider, which, share) => {
    const exchange = pick(reference.keyExchanges, which).name;
    const found = provider.keyExchanges.find(({ name }) => name === exchange);
    const answer = found === undefined ? undefined : now(found.respond(share, random));
    return `${answer?.share.length} ${answer?.secret.length}`;
  },
  finish: (provider, which, share) => {
    const exchange = pick(reference.keyExchanges, which).name;
    const found = provider.keyExchanges.find(({ name }) => name === exchange);
    const offer = found === undefined ? undefined : now(found.offer(random));
    try {
      return `${offer === undefined ? undefined : now(offer.finish(share)).length}`;
    } finally {
      offer?.dispose();
    }
  },
  open: (provider, which, ciphertext) => {
    const aead = aeadOf(provider, which);
    const place = new Uint8Array(ciphertext.length + 3);
    now(aead.open(nonce, message.subarray(0, which), ciphertext, place, 2));
    aead.dispose();
    return toHex(place);
  },
  seal: (provider, which, plaintext) => {
    const aead = aeadOf(provider, which);
    const place = new Uint8Array(plaintext.length + 20);
    const cut = Math.min(which, plaintext.length);
    now(aead.seal(nonce, message, [plaintext.subarray(0, cut), plaintext.subarray(cut)], place, 3));
    aead.dispose();
    return toHex(place);
  },
  verify: (provider, which, signature) => {
    const { privateKey } = pick(sampleKeys(), which);
    const keys = signatureKeysOf(provider, privateKey.type);
    const verifier = keys.verifier(privateKey);
    return keys.algorithms.map((algorithm) => now(verifier.verify(algorithm, message, signature))).join();
  },
  "public key": (provider, which, bytes) => {
    const type = pick(keyTypes, which);
    const keys = signatureKeysOf(provider, type);
    const verifier = keys.verifier(publicKey(type, bytes));
    return keys.algorithms.map((algorithm) => now(verifier.verify(algorithm, message, bytes))).join();
  },
  secret: (provider, which, secret) => {
    const { fromSecret } = signatureKeysOf(provider, pick(keyTypes, which));
    return JSON.stringify(fromSecret?.(secret));
  },
  hash: (provider, which, bytes) => {
    const hash = pick(provider.hashes, which);
    const running = hash.start();
    running.update(bytes.subarray(0, which));
    running.update(bytes.subarray(which));
    return [running.digest(), hash.digest(bytes), hash.hmac(bytes, message), hash.hmac(message, bytes)]
      .map(toHex)
      .join();
  },
  "block cipher": (provider, which, ciphertext) => {
    const { name, keyLength, blockLength } = pick(reference.blockCiphers ?? [], which);
    const cipher = blockCipherOf(provider, name).withKey(message.subarray(0, keyLength));
    const place = new Uint8Array(ciphertext.length + 3);
    cipher.decrypt(message.subarray(0, blockLength), ciphertext, place, 2);
    cipher.dispose();
    return toHex(place);
  },
  "MAC-then-encrypt": (provider, which, ciphertext) => {
    const { name, keyLength, blockLength } = pick(reference.blockCiphers ?? [], which);
    const algorithm = blockCipherOf(provider, name);
    const key = message.subarray(0, keyLength);
    const [iv, header] = [message.subarray(0, blockLength), message.subarray(0, 11)];
    const opening = algorithm.openMacThenEncrypt?.(key, "SHA-1", macKey);
    if (opening === undefined) return toHex(openedByDefinition(provider, algorithm, key, iv, header, ciphertext));
    const place = new Uint8Array(ciphertext.length + 3);
    const length = opening.open(iv, header, ciphertext, place, 2);
    opening.dispose();
    return toHex(place.subarray(2, 2 + length));
  },
  decrypt: (provider, _which, ciphertext) => {
    const decrypter = decrypterFor(provider, sampleRsaKey());
    // Shorter ones are refused, and few would have the right length.
    const padded = new Uint8Array(decrypter.modulusLength);
    if (ciphertext.length <= padded.length) padded.set(ciphertext, padded.length - ciphertext.length);
    return toHex(now(decrypter.decrypt(ciphertext.length <= padded.length ? padded : ciphertext)));
  },
  "finite field": (provider, which, prime) => {
    const exchange = finiteFieldOf(provider).in({ prime, generator: Uint8Array.of(which) });
    const answer = now(exchange.respond(message, random));
    return `${answer.share.length} ${answer.secret.length}`;
  },
};

const macKey = message.subarray(50, 70);

/** RFC 5246 §6.2.3.1, §6.2.3.2, with branches: nobody measures how long it takes. */
function openedByDefinition(
  provider: CryptoProvider,
  algorithm: BlockCipherAlgorithm,
  key: Uint8Array,
  iv: Uint8Array,
  header: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const refused = new CryptoError("authentication_failed", "not authentic");
  const sha1 = hashOf(provider, "SHA-1");
  if (ciphertext.length % algorithm.blockLength !== 0 || ciphertext.length <= sha1.length) throw refused;
  const plain = new Uint8Array(ciphertext.length);
  algorithm.withKey(key).decrypt(iv, ciphertext, plain, 0);
  const padding = plain.at(-1) ?? 0;
  const length = plain.length - 1 - padding - sha1.length;
  if (length < 0 || !plain.subarray(-padding - 1).every((byte) => byte === padding)) throw refused;
  const content = plain.slice(0, length);
  const mac = sha1.hmac(macKey, concat(header, Uint8Array.of(length >> 8, length & 0xff), content));
  if (toHex(mac) !== toHex(plain.subarray(length, length + sha1.length))) throw refused;
  return content;
}

function sampleRsaKey(): RsaPrivateKey {
  const found = sampleKeys().find(({ privateKey }) => privateKey.type === "RSA")?.privateKey;
  if (found?.type !== "RSA") throw new RangeError("no key of RSA's");
  return found;
}

/** Keys that another library would sign with otherwise, if at all: nobody is asked to compare. */
function signWithRsa(provider: CryptoProvider, bytes: Uint8Array): void {
  const reader = new Reader(bytes);
  const part = (): Uint8Array => reader.bytes(reader.u16());
  const key: PrivateKey = {
    type: "RSA",
    modulus: part(),
    publicExponent: part(),
    privateExponent: part(),
    prime1: part(),
    prime2: part(),
    exponent1: part(),
    exponent2: part(),
    coefficient: part(),
  };
  reader.end();
  const keys: SignatureKeys = signatureKeysOf(provider, "RSA");
  now(keys.signer(key, random).sign("RSA-PSS/SHA-256", message));
}

const nonce = message.subarray(0, 12);
const names = Object.keys(operations);
const keyTypes: readonly SignatureKeyType[] = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA"];

function pick<T>(list: readonly T[], which: number): T {
  const found = list[which % list.length];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

function aeadOf(provider: CryptoProvider, which: number) {
  const { name } = pick(reference.aeads, which);
  const algorithm = provider.aeads.find((candidate) => candidate.name === name) ?? pick(provider.aeads, 0);
  return algorithm.withKey(message.subarray(0, algorithm.keyLength));
}

function publicKey(type: SignatureKeyType, bytes: Uint8Array): PublicKey {
  if (type === "RSA") return { type, modulus: bytes.subarray(0, -4), publicExponent: bytes.subarray(-4) };
  return type === "Ed25519" || type === "Ed448" ? { type, publicKey: bytes } : { type, point: bytes };
}

/** An answer of a provider that answers at once. */
function now<T>(answer: Awaitable<T>): T {
  return runSync(wait(answer));
}

/** What comes of an operation: its answer, or why it is refused. */
function outcome(operation: Operation, provider: CryptoProvider, which: number, bytes: Uint8Array): string {
  try {
    return operation(provider, which, bytes);
  } catch (error) {
    if (error instanceof CryptoError) return error.code;
    throw error;
  }
}

/** What native code is given: the same as by `node:crypto` comes of it. */
export const opensslTarget: Target = {
  name: "openssl",
  what: "what crypto-openssl gives to libcrypto: a byte for the operation, one for the algorithm, and what a peer may send",
  maxLength: 4096,
  isRefusal: (error) => error instanceof CryptoError || (error instanceof Error && error.name === "TlsError"),
  dictionary: [[4], [2], [0x30], [0, 0, 0, 3], [1, 0, 1]].map((bytes) => Uint8Array.from(bytes)),
  parse: (input) => sequence([leaf(input.subarray(0, 1)), leaf(input.subarray(1, 2)), leaf(input.subarray(2))]),
  seeds: () => [
    ...names.flatMap((name, index) =>
      (samples[name]?.() ?? []).map(([which, bytes]) => concat(Uint8Array.of(index, which), bytes)),
    ),
    ...sampleKeys().flatMap(({ privateKey: key }) =>
      key.type === "RSA" ? [concat(Uint8Array.of(names.length, 0), rsaParts(key))] : [],
    ),
  ],
  run(input) {
    openssl ??= opensslProvider();
    const [index = 0, which = 0] = input;
    const bytes = input.subarray(2);
    const operation = operations[names[index % (names.length + 1)] ?? ""];
    if (operation === undefined) return signWithRsa(openssl, bytes);
    const [ours, theirs] = [openssl, reference].map((provider) => outcome(operation, provider, which, bytes));
    promise(ours === theirs, `both providers answer alike: ${ours} and ${theirs}`);
    if (ours === "invalid_key_share" || ours === "authentication_failed") throw new CryptoError(ours, "refused");
  },
};

type Samples = readonly (readonly [which: number, bytes: Uint8Array])[];

/** What is accepted. */
const samples: Readonly<Record<string, () => Samples>> = {
  respond: () => reference.keyExchanges.map((exchange, which) => [which, now(exchange.offer(random)).share]),
  finish: () =>
    reference.keyExchanges.map((exchange, which) => [
      which,
      now(exchange.respond(now(exchange.offer(random)).share, random)).share,
    ]),
  open: () =>
    reference.aeads.flatMap(({ tagLength }, which) =>
      [0, 50, 2000].map((length) => {
        const place = new Uint8Array(length + tagLength);
        const plaintext = new Uint8Array(length);
        now(aeadOf(reference, which).seal(nonce, message.subarray(0, which), [plaintext], place, 0));
        return [which, place] as const;
      }),
    ),
  seal: () =>
    reference.aeads.flatMap((_, which) => [0, 50, 2000].map((length) => [which, new Uint8Array(length)] as const)),
  verify: () =>
    sampleKeys().map(({ privateKey }, which) => {
      const keys = signatureKeysOf(reference, privateKey.type);
      return [which, now(keys.signer(privateKey, random).sign(pick(keys.algorithms, 0), message))];
    }),
  "public key": () =>
    sampleKeys().map(({ privateKey: key }) => {
      const bytes =
        key.type === "RSA"
          ? concat(key.modulus, Uint8Array.of(0, 1, 0, 1))
          : "point" in key
            ? key.point
            : key.publicKey;
      return [keyTypes.indexOf(key.type), bytes];
    }),
  secret: () =>
    sampleKeys().flatMap(({ privateKey: key }) =>
      key.type === "RSA" ? [] : [[keyTypes.indexOf(key.type), "scalar" in key ? key.scalar : key.seed] as const],
    ),
  hash: () => reference.hashes.map((_, which) => [which, message]),
  "block cipher": () => (reference.blockCiphers ?? []).map((_, which) => [which, new Uint8Array(64)]),
  "MAC-then-encrypt": () =>
    (reference.blockCiphers ?? []).flatMap((algorithm, which) => {
      const iv = message.subarray(0, algorithm.blockLength);
      const sha1 = hashOf(reference, "SHA-1");
      return [0, 3, 100].map((length) => {
        const padding = 15 - ((length + sha1.length) % 16);
        const mac = sha1.hmac(
          macKey,
          concat(message.subarray(0, 11), Uint8Array.of(0, length), new Uint8Array(length)),
        );
        const record = concat(new Uint8Array(length), mac, new Uint8Array(padding + 1).fill(padding));
        algorithm.withKey(message.subarray(0, algorithm.keyLength)).encrypt(iv, [record], record, 0);
        return [which, record] as const;
      });
    }),
  decrypt: () => [[0, message]],
  "finite field": () => [[2, ffdheGroup("ffdhe2048").prime]],
};

function rsaParts(key: PrivateKey & { readonly type: "RSA" }): Uint8Array {
  const { modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
  const writer = new Writer();
  for (const part of [modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient]) {
    writer.u16(part.length);
    writer.bytes(part);
  }
  return writer.finish();
}
