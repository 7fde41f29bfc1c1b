import { TrustAnchors } from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  anyOf,
  aString,
  bytes,
  type Expectation,
  expectation,
  instanceOf,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";

export const aDuplex: Expectation = objectWith("a Duplex", { on: aFunction, write: aFunction, destroy: aFunction });

const aPem = anyOf("a PEM text or its bytes", aString, bytes);
/** What else is wrong with a key shows where it is read. */
const aKey = anyOf("a private key or a signer", aPem, anObject);
const aPfx = anyOf(
  "the bytes of a PKCS#12 file, maybe with their password",
  bytes,
  objectWith("a file with its password", { buf: bytes, passphrase: optional(aString) }),
);

function oneOrMany(expected: Expectation): Expectation {
  return (value, name) => (Array.isArray(value) ? listOf(expected)(value, name) : expected(value, name));
}

export type Kind =
  | "boolean"
  | "boolean or object"
  | "function"
  | "number"
  | "object"
  | "string"
  | "objects"
  | "port"
  | "provider"
  | "Duplex"
  | "bytes"
  | "early data"
  | "protocols"
  | "PEM texts"
  | "PEM texts or TrustAnchors"
  | "keys"
  | "PKCS#12 files";

/** What an option can have to be, under the names that the tables of options have for it. */
export const kinds: Readonly<Record<Kind, Expectation>> = {
  boolean: aBoolean,
  "boolean or object": anyOf("a boolean or an object", aBoolean, anObject),
  function: aFunction,
  number: aNumber,
  object: anObject,
  string: aString,
  objects: listOf(anObject),
  port: expectation("a port", (value) => typeof value === "number" || typeof value === "string"),
  // What else it has to be is looked at where it is handed on to.
  provider: objectWith("a provider, such as nodeProvider", { hashes: listOf(anObject), aeads: listOf(anObject) }),
  Duplex: aDuplex,
  bytes,
  "early data": objectWith("data that may be replayed, and whom to tell what became of it", {
    replayable: bytes,
    outcome: aFunction,
  }),
  protocols: anyOf("names of protocols, or their bytes", bytes, listOf(anyOf("a name", aString, bytes))),
  "PEM texts": oneOrMany(aPem),
  "PEM texts or TrustAnchors": (value, name) =>
    typeof value === "object" && !Array.isArray(value) && bytes(value, name) !== undefined
      ? instanceOf(TrustAnchors, "@tlskit/x509")(value, name)
      : oneOrMany(aPem)(value, name),
  keys: oneOrMany(aKey),
  "PKCS#12 files": oneOrMany(aPfx),
};
