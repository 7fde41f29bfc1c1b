import {
  aBoolean,
  aFunction,
  aNumber,
  bytes,
  check,
  type Expectation,
  expectation,
  objectWith,
} from "@tlskit/wire/arguments";
import { isContentType } from "./content-type.ts";
import type { Tls12AeadKeys } from "./tls12-aead.ts";
import type { RecordKeys } from "./tls13.ts";

const ofAead = {
  aead: objectWith("an AEAD, as aeadOf of @tlskit/crypto gives it", {
    withKey: aFunction,
    tagLength: aNumber,
    synchronous: aBoolean,
  }),
  key: bytes,
  iv: bytes,
  recordLimit: aNumber,
};
const recordKeys = objectWith("the keys of a direction", ofAead);
const tls12AeadKeys = objectWith("the keys of a direction in TLS 1.2", {
  ...ofAead,
  nonce: expectation('"explicit" or "xor"', (value) => value === "explicit" || value === "xor"),
});

export const aContentType: Expectation = expectation(
  "a content type",
  (value) => typeof value === "number" && isContentType(value),
);

export const aSealing: Expectation = objectWith("a Sealing", { size: aFunction, seal: aFunction, dispose: aFunction });
export const anOpening: Expectation = objectWith("an Opening", {
  accepts: aFunction,
  maxBody: aFunction,
  open: aFunction,
  dispose: aFunction,
});

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkKeys(keys: RecordKeys): void {
  check(keys, "keys", recordKeys);
}

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkTls12AeadKeys(keys: Tls12AeadKeys): void {
  check(keys, "keys", tls12AeadKeys);
}
