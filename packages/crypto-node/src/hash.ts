import { createHash, createHmac } from "node:crypto";
import type { HashFunction, HashName } from "@tlskit/crypto";

function hash(name: HashName, algorithm: string, length: number): HashFunction {
  return {
    name,
    length,
    digest: (message) => bytes(createHash(algorithm).update(message).digest()),
    hmac: (key, message) => bytes(createHmac(algorithm, key).update(message).digest()),
    start: () => {
      const running = createHash(algorithm);
      return {
        update: (part) => void running.update(part),
        digest: () => bytes(running.copy().digest()),
      };
    },
  };
}

/** A copy: Node's small buffers share their memory with others. */
function bytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}

export const sha1: HashFunction = hash("SHA-1", "sha1", 20);
export const sha256: HashFunction = hash("SHA-256", "sha256", 32);
export const sha384: HashFunction = hash("SHA-384", "sha384", 48);
export const sha512: HashFunction = hash("SHA-512", "sha512", 64);
