import {
  aFunction,
  aNumber,
  aString,
  type Expectation,
  expectation,
  listOf,
  objectWith,
  once,
} from "@tlskit/wire/arguments";

export const aRole: Expectation = expectation(
  '"client" or "server"',
  (value) => value === "client" || value === "server",
);

/** Suites, groups or schemes, in a list that serves any number of handshakes. */
export const choices: Expectation = once(
  listOf(objectWith("something out of @tlskit/ciphersuites", { name: aString, code: aNumber })),
);

export const aSigner: Expectation = objectWith("a signer", { algorithms: listOf(aString), sign: aFunction });
