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
import type { RecordKeys } from "./tls13.ts";

const recordKeys = objectWith("the keys of a direction", {
  aead: objectWith("an AEAD, as aeadOf of @tlskit/crypto gives it", {
    withKey: aFunction,
    tagLength: aNumber,
    synchronous: aBoolean,
  }),
  key: bytes,
  iv: bytes,
  recordLimit: aNumber,
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
