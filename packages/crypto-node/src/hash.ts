import { createHash, createHmac, hash as digestOf, getHashes } from "node:crypto";
import type { HashFunction, HashName } from "@tlskit/crypto";

interface Sizes {
  /** Bytes of a digest. */
  readonly length: number;
  /** Bytes that the compression function takes at once, to which HMAC stretches its key. */
  readonly blockLength: number;
}

function hash<Name extends HashName | "MD5">(name: Name, algorithm: string, sizes: Sizes): HashFunction<Name> {
  return {
    name,
    length: sizes.length,
    digest: (message) => bytesOf(digestOf(algorithm, message, "latin1")),
    hmac: hmac(algorithm, sizes),
    start: () => {
      const running = createHash(algorithm);
      return {
        update: (part) => void running.update(part),
        digest: () => bytesOf(running.copy().digest("latin1")),
      };
    },
  };
}

/** What a key schedule authenticates has some 100 bytes. */
const longestShortMessage = 512;

/**
 * RFC 2104 §2. A key schedule makes some twenty in a handshake, each of a short message and nearly each with a key of its
 * own: two digests of one call each take less time than an object of OpenSSL's, and leave nothing to be collected.
 */
function hmac(algorithm: string, { length, blockLength }: Sizes): HashFunction["hmac"] {
  const inner = new Uint8Array(blockLength + longestShortMessage);
  const outer = new Uint8Array(blockLength + length);
  return (key, message) => {
    const end = blockLength + message.length;
    if (end > inner.length) return bytesOf(createHmac(algorithm, key).update(message).digest("latin1"));
    const short = key.length > blockLength ? bytesOf(digestOf(algorithm, key, "latin1")) : key;
    try {
      for (let at = 0; at < blockLength; at += 1) {
        const byte = short[at] ?? 0;
        inner[at] = byte ^ 0x36;
        outer[at] = byte ^ 0x5c;
      }
      inner.set(message, blockLength);
      write(digestOf(algorithm, inner.subarray(0, end), "latin1"), outer, blockLength);
      return bytesOf(digestOf(algorithm, outer, "latin1"));
    } finally {
      inner.fill(0, 0, end);
      outer.fill(0);
    }
  };
}

/**
 * The bytes of a digest, which node:crypto gives as characters in half of the time that a Buffer takes, for that has memory
 * outside of JavaScript's.
 */
function bytesOf(digest: string): Uint8Array {
  const bytes = new Uint8Array(digest.length);
  write(digest, bytes, 0);
  return bytes;
}

function write(digest: string, into: Uint8Array, at: number): void {
  for (let index = 0; index < digest.length; index += 1) into[at + index] = digest.charCodeAt(index);
}

export const sha1: HashFunction = hash("SHA-1", "sha1", { length: 20, blockLength: 64 });
export const sha256: HashFunction = hash("SHA-256", "sha256", { length: 32, blockLength: 64 });
export const sha384: HashFunction = hash("SHA-384", "sha384", { length: 48, blockLength: 128 });
export const sha512: HashFunction = hash("SHA-512", "sha512", { length: 64, blockLength: 128 });
/** For TLS 1.0 and 1.1. Absent where the runtime has none, or may not use it. */
export const md5: HashFunction<"MD5"> | undefined = getHashes().includes("md5")
  ? hash("MD5", "md5", { length: 16, blockLength: 64 })
  : undefined;
