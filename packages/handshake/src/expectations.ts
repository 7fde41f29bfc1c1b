import { aFunction, aNumber, aString, type Expectation, listOf, objectWith } from "@tlskit/wire/arguments";

/** Suites, groups or schemes. */
export const choices: Expectation = listOf(
  objectWith("something out of @tlskit/ciphersuites", { name: aString, code: aNumber }),
);

export const aSigner: Expectation = objectWith("a signer", { algorithms: listOf(aString), sign: aFunction });
