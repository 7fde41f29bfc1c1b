import { aFunction, aNumber, bytes, check, expectation, objectWith } from "@tlskit/wire/arguments";
import { type ContentType, isContentType } from "./content-type.ts";
import type { RecordKeys } from "./protection.ts";

const recordKeys = objectWith("the keys of a direction", {
  aead: objectWith("an AEAD, as aeadOf of @tlskit/crypto gives it", { withKey: aFunction, tagLength: aNumber }),
  key: bytes,
  iv: bytes,
  recordLimit: aNumber,
});
const aContentType = expectation("a content type", (value) => typeof value === "number" && isContentType(value));

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkKeys(keys: RecordKeys): void {
  check(keys, "keys", recordKeys);
}

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkContent(type: ContentType, content: Uint8Array): void {
  check(type, "type", aContentType);
  check(content, "content", bytes);
}
