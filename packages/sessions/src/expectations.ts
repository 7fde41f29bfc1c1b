import { callerError } from "@tlskit/wire";
import { aFunction, aString, type Expectation, listOf, objectWith } from "@tlskit/wire/arguments";

export const aProvider: Expectation = objectWith("a provider of cryptography, as of @tlskit/crypto-noble", {
  hashes: listOf(objectWith("a hash", { name: aString })),
  aeads: listOf(objectWith("an AEAD", { name: aString, withKey: aFunction })),
});

/** @throws {TlsError} `out_of_range` (the caller's fault) */
export function checkSize(name: string, size: number): number {
  if (!Number.isSafeInteger(size) || size < 1)
    throw callerError("out_of_range", `${name} is ${size}, not a number from 1`);
  return size;
}
