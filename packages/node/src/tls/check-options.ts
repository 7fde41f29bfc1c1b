import { callerError } from "@tlskit/tls";
import { argumentError, invalidArgumentType, invalidArgumentValue, outOfRange } from "./argument-errors.ts";
import { connectOptions, contextOptions } from "./compatibility.ts";

/** Throws what `node:tls` does for a value that an option can't have. */
type Check = (name: string, value: unknown) => void;

const isView = (value: unknown): boolean => ArrayBuffer.isView(value);

function of(expected: string, isFit: (value: unknown) => boolean): Check {
  return (name, value) => {
    if (!isFit(value)) throw invalidArgumentType(name, expected, value);
  };
}

const aString = of("of type string", (value) => typeof value === "string");
const aFunction = of("of type function", (value) => typeof value === "function");
const aBoolean = of("of type boolean", (value) => typeof value === "boolean");
const aNumber = of("of type number", (value) => typeof value === "number");
const aStringOrBytes = of(
  "of type string or an instance of Buffer, TypedArray, or DataView",
  (value) => typeof value === "string" || isView(value),
);
const bytes = of("an instance of Buffer, TypedArray, or DataView", isView);

const aNonEmptyString: Check = (name, value) => {
  aString(name, value);
  if (value === "") throw invalidArgumentValue(name, value);
};

const anInteger: Check = (name, value) => {
  aNumber(name, value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
};

const seconds: Check = (name, value) => {
  anInteger(name, value);
  if (Number(value) < 0 || Number(value) > maxSeconds) throw outOfRange(name, `>= 0 && <= ${maxSeconds}`, value);
};

/** What fits into 32 bits. */
const maxSeconds = 2 ** 31 - 1;

const aCount: Check = (name, value) => {
  aNumber(name, value);
  if (!(Number(value) >= 1)) throw outOfRange(name, ">= 1", value);
};

const ticketKeys: Check = (name, value) => {
  bytes(name, value);
  const { byteLength } = value as ArrayBufferView; // it is one
  if (byteLength !== 48) throw invalidArgumentValue(name, byteLength, "must be exactly 48 bytes");
};

/** One, or several. What is false names nobody. */
function certificates(check: Check): Check {
  return (name, value) => {
    if (!value) return;
    for (const one of Array.isArray(value) ? value : [value]) check(name, one);
  };
}

/** A key is one that Node has already, is anywhere, or in a list has its own password beside it, as of `node:tls`. */
const keys: Check = (name, value) => {
  if (!value) return;
  if (!Array.isArray(value)) return key(name, value, ["asymmetricKeyType", "sign"]);
  for (const one of value) key(name, one, ["asymmetricKeyType", "key", "pem", "sign"]);
};

function key(name: string, value: unknown, members: readonly string[]): void {
  if (typeof value === "object" && value !== null && members.some((member) => member in value)) return;
  aStringOrBytes(name, value);
}

/** There are none here, whatever OpenSSL has. */
const anEngine: Check = (name, value) => {
  aString(name, value);
  throw argumentError(
    Error,
    "ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED",
    `Custom engines not supported: ${name} names one, and a key that lives elsewhere is a signer among certificates of @tlskit/node`,
  );
};

/** What each option has to be: those of contexts, and of connections and servers. `null` tells nothing. */
const checks: Readonly<Record<string, Check>> = {
  ca: certificates(aStringOrBytes),
  cert: certificates(aStringOrBytes),
  key: keys,
  clientCertEngine: anEngine,
  privateKeyIdentifier: aString,
  privateKeyEngine: anEngine,
  passphrase: aString,
  ciphers: aString,
  sigalgs: aNonEmptyString,
  ecdhCurve: aString,
  dhparam: aStringOrBytes,
  crl: certificates(aStringOrBytes),
  sessionIdContext: aString,
  sessionTimeout: seconds,
  ticketKeys,
  checkServerIdentity: aFunction,
  minDHSize: aCount,
  SNICallback: aFunction,
  pskCallback: aFunction,
  pskIdentityHint: aString,
  ALPNCallback: aFunction,
  handshakeTimeout: aNumber,
  enableTrace: aBoolean,
};

/** Options that Node calls by their names alone, and passes over where they are empty. */
const bareNames: Readonly<Record<string, Check>> = {
  secureOptions: (name, value) => {
    if (value !== "" && value !== false) anInteger(name, value);
  },
};

/**
 * Holds options to what they have to be, and refuses what can't be done.
 * @throws {TlsError} `refused_option` (the caller's fault)
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 * @throws {RangeError} `ERR_OUT_OF_RANGE`
 */
export function checkOptions(options: object): void {
  for (const [table, prefix] of [
    [checks, "options."],
    [bareNames, ""],
  ] as const) {
    for (const [name, check] of Object.entries(table)) {
      const value: unknown = Reflect.get(options, name);
      if (value !== undefined && value !== null) check(`${prefix}${name}`, value);
    }
  }
  for (const [name, [fate, note]] of Object.entries({ ...contextOptions, ...connectOptions })) {
    const value: unknown = Reflect.get(options, name);
    if (fate !== "refused" || value === undefined || value === null || harmless[name]?.(value) === true) continue;
    throw callerError("refused_option", `${name} is not supported: ${note}`);
  }
}

/** What a prime has at least of which Diffie-Hellman is done here. */
const minPrimeBits = 2048;

/** What options that are refused may be nevertheless. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  minDHSize: (value) => Number(value) <= minPrimeBits,
};
