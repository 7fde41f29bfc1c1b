import { CryptoError, type Decrypter, type Encrypter, type Random, type Steps, wait } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { aFunction, aNumber, bytes, checkArguments, objectWith } from "@tlskit/wire/arguments";
import { PreliminarySecret } from "./main-secret.ts";

/** RFC 5246 §8.1.1: the client's version, and 46 random bytes. */
const secretLength = 48;

/** RFC 8017 §7.2.1: 0, 2, at least eight bytes that aren't zero, 0. */
const minPadding = 11;

/** What a client sends, and what it stands for. */
export interface EncryptedPreliminarySecret {
  readonly secret: PreliminarySecret;
  /** As many bytes as the server's modulus has. */
  readonly encrypted: Uint8Array;
}

/**
 * RFC 5246 §7.4.7.1#version-sent: makes a secret for the key exchange by RSA, and encrypts it for the server.
 * @param version what the ClientHello has as its version (`legacy_version`), whatever is negotiated: the server compares it,
 * so that nobody between them has lowered it.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 * @throws {CryptoError} `invalid_argument` if the server's key is too small for it
 */
export function* encryptPreliminarySecret(
  encrypter: Encrypter,
  version: number,
  random: Random,
): Steps<EncryptedPreliminarySecret> {
  checkArguments({ encrypter, version, random }, { encrypter: anEncrypter, version: aNumber, random: aFunction });
  const plain = random(secretLength);
  plain[0] = version >> 8;
  plain[1] = version & 0xff;
  const encrypted = yield* wait(encrypter.encrypt(plain, random));
  const secret = PreliminarySecret.ofRsa(plain);
  plain.fill(0);
  return { secret, encrypted };
}

/**
 * RFC 5246 §7.4.7.1#version-checked, §7.4.7.1#older-version-checked, §7.4.7.1#no-oracle: decrypts a client's secret for the key exchange by RSA. Where anything is
 * wrong with it, whatever it is, the secret is a random one, and the handshake goes on until the client's Finished doesn't
 * fit: no error and no difference in what is done here tells anybody which (Bleichenbacher 1998, ROBOT 2017).
 * @param encrypted what the client has sent. Its length may be wrong, too.
 * @param version as the ClientHello had it: that of the secret has to be the same.
 * @throws {TlsError} `invalid_argument`, `out_of_range` for a key that is too small, or for a decrypter that doesn't answer
 * with as many bytes as it says (the caller's fault)
 * @throws whatever the decrypter throws, but for a {@link CryptoError} `decryption_failed`
 */
export function* decryptPreliminarySecret(
  decrypter: Decrypter,
  encrypted: Uint8Array,
  version: number,
  random: Random,
): Steps<PreliminarySecret> {
  checkArguments({ decrypter, encrypted, version, random }, decrypting);
  const { modulusLength } = decrypter;
  if (modulusLength < secretLength + minPadding) {
    const bits = 8 * (secretLength + minPadding);
    throw callerError("out_of_range", `a key for RSA's key exchange has at least ${bits} bits`);
  }
  // Whatever is wrong it is there, before anybody knows.
  const instead = random(secretLength);
  // The length is no secret. What has another one is decrypted all the same: of zeros, which are no secret's padding.
  const ciphertext = encrypted.length === modulusLength ? encrypted : new Uint8Array(modulusLength);
  const block = yield* rawBlock(decrypter, ciphertext);
  const plain = selected(block, version, instead);
  const secret = PreliminarySecret.ofRsa(plain);
  for (const spent of [block, plain, instead]) spent.fill(0);
  return secret;
}

const anEncrypter = objectWith("an encrypter", { modulusLength: aNumber, encrypt: aFunction });
const decrypting = {
  decrypter: objectWith("a decrypter", { modulusLength: aNumber, decrypt: aFunction }),
  encrypted: bytes,
  version: aNumber,
  random: aFunction,
};

function* rawBlock(decrypter: Decrypter, ciphertext: Uint8Array): Steps<Uint8Array> {
  const { modulusLength } = decrypter;
  try {
    const block = yield* wait(decrypter.decrypt(ciphertext));
    if (block.length === modulusLength) return block;
  } catch (error) {
    // A number that isn't below the modulus, which whoever has sent it knows: zeros again.
    if (error instanceof CryptoError && error.code === "decryption_failed") return new Uint8Array(modulusLength);
    throw error;
  }
  throw callerError("out_of_range", `the decrypter's answer hasn't ${modulusLength} bytes`);
}

/**
 * The secret in a block, if that is 0, 2, bytes that aren't zero, 0 and 48 bytes that begin with the version; else what is
 * there instead. The secret's length is known, so that nobody has to look for where it begins: everything is read and written
 * at places and in an order that the block says nothing about.
 */
function selected(block: Uint8Array, version: number, instead: Uint8Array): Uint8Array {
  const start = block.length - secretLength;
  // Any bit that is set here is something wrong.
  let wrong = at(block, 0) | (at(block, 1) ^ 2) | at(block, start - 1);
  for (let index = 2; index < start - 1; index += 1) wrong |= oneIfZero(at(block, index));
  wrong |= (at(block, start) ^ (version >> 8)) | (at(block, start + 1) ^ (version & 0xff));
  // All ones if something is. (-wrong would be -0 where nothing is, which an engine computes otherwise.)
  const mask = (0 - wrong) >> 31;
  const plain = new Uint8Array(secretLength);
  for (let index = 0; index < secretLength; index += 1) {
    plain[index] = (at(instead, index) & mask) | (at(block, start + index) & ~mask);
  }
  return plain;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/** Of a byte. */
function oneIfZero(byte: number): number {
  return ((byte - 1) >> 8) & 1;
}
