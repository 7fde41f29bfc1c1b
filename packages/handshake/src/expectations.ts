import { aFunction, aNumber, aString, type Expectation, expectation, listOf, objectWith } from "@tlskit/wire/arguments";

export const aRole: Expectation = expectation(
  '"client" or "server"',
  (value) => value === "client" || value === "server",
);

/** Suites, groups or schemes. */
export const choices: Expectation = listOf(
  objectWith("something out of @tlskit/ciphersuites", { name: aString, code: aNumber }),
);

export const aSigner: Expectation = objectWith("a signer", { algorithms: listOf(aString), sign: aFunction });
