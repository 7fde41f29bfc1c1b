import { hmac } from "@noble/hashes/hmac.js";
import { md5 as nobleMd5, sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import type { HashFunction, HashName } from "@tlskit/crypto";

type NobleHash = typeof nobleMd5 | typeof nobleSha1 | typeof nobleSha256 | typeof nobleSha384 | typeof nobleSha512;

function hash<Name extends HashName | "MD5">(name: Name, noble: NobleHash): HashFunction<Name> {
  return {
    name,
    length: noble.outputLen,
    digest: (message) => noble(message),
    hmac: (key, message) => hmac(noble, key, message),
    start: () => {
      const running = noble.create();
      return {
        update: (part) => void running.update(part),
        digest: () => running.clone().digest(),
      };
    },
  };
}

export const sha1: HashFunction = /* @__PURE__ */ hash("SHA-1", nobleSha1);
export const sha256: HashFunction = /* @__PURE__ */ hash("SHA-256", nobleSha256);
export const sha384: HashFunction = /* @__PURE__ */ hash("SHA-384", nobleSha384);
export const sha512: HashFunction = /* @__PURE__ */ hash("SHA-512", nobleSha512);
/** For TLS 1.0 and 1.1. */
export const md5: HashFunction<"MD5"> = /* @__PURE__ */ hash("MD5", nobleMd5);
