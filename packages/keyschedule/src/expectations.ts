import { aFunction, aNumber, aString, bytes, check, type Expectation, objectWith, once } from "@tlskit/wire/arguments";

export const aHash: Expectation = once(
  objectWith("a hash, as hashOf of @tlskit/crypto gives it", {
    name: aString,
    length: aNumber,
    digest: aFunction,
    hmac: aFunction,
    start: aFunction,
  }),
);

export const aTranscriptHash: Expectation = once(
  objectWith("a hash, as hashOf of @tlskit/crypto gives it", { name: aString, length: aNumber, start: aFunction }),
);

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkTranscriptHash(transcriptHash: Uint8Array): void {
  check(transcriptHash, "transcriptHash", bytes);
}
