/**
 * Arguments and options, checked at the door: a caller in JavaScript has no compiler to tell what is wrong. Each public
 * function says in a table what it expects, and what isn't that is an error that names the argument, and never its
 * value, which may be a secret.
 *
 * What makes expectations is marked for bundlers: without the mark they keep a table that a program makes no use of.
 * @module
 */
import { callerError } from "./error.ts";

/** Says what is wrong with a value under a name, in a sentence; nothing if it is as expected. */
export type Expectation = (value: unknown, name: string) => string | undefined;

/** An expectation for each member, the optional ones included: one that is forgotten doesn't compile. */
export type Expectations<Members> = { readonly [Name in keyof Members]-?: Expectation };

/**
 * Something that a test tells.
 * @param what in words, behind "not": `a function`
 */
// @__NO_SIDE_EFFECTS__
export function expectation(what: string, holds: (value: unknown) => boolean): Expectation {
  return (value, name) => (holds(value) ? undefined : `${name} is ${described(value)}, not ${what}`);
}

export const anything: Expectation = () => undefined;
export const aBoolean: Expectation = expectation("a boolean", (value) => typeof value === "boolean");
export const aFunction: Expectation = expectation("a function", (value) => typeof value === "function");
export const aNumber: Expectation = expectation("a number", (value) => typeof value === "number");
export const anObject: Expectation = expectation("an object", isObject);
export const aString: Expectation = expectation("a string", (value) => typeof value === "string");
/** Of whatever realm: an array out of another one is none of this one's `Uint8Array`. */
export const bytes: Expectation = expectation("a Uint8Array", isBytes);

/** Nothing, or what is expected. */
// @__NO_SIDE_EFFECTS__
export function optional(expected: Expectation): Expectation {
  return (value, name) => (value === undefined ? undefined : expected(value, name));
}

/** An array of what is expected. */
// @__NO_SIDE_EFFECTS__
export function listOf(expected: Expectation): Expectation {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} is ${described(value)}, not an array`;
    for (let index = 0; index < value.length; index += 1) {
      const entry: unknown = value[index];
      // A name is made for what is told alone: these checks stand at doors that a handshake goes through a hundred times.
      if (expected(entry, name) !== undefined) return expected(entry, `${name}[${index}]`);
    }
    return undefined;
  };
}

/**
 * An object that has these members, and maybe more.
 * @param what in words: `a provider of cryptography`
 */
// @__NO_SIDE_EFFECTS__
export function objectWith(what: string, members: Readonly<Record<string, Expectation>>): Expectation {
  const entries = Object.entries(members);
  return (value, name) => {
    if (!isObject(value)) return `${name} is ${described(value)}, not ${what}`;
    for (const [member, expected] of entries) {
      const found: unknown = Reflect.get(value, member);
      if (expected(found, name) !== undefined) return `${name} is not ${what}: ${expected(found, `${name}.${member}`)}`;
    }
    return undefined;
  };
}

/**
 * What is expected, and isn't asked again of an object that it held for: of what is made once and used for many
 * connections.
 */
// @__NO_SIDE_EFFECTS__
export function once(expected: Expectation): Expectation {
  const held = new WeakSet<object>();
  return (value, name) => {
    if (!isObject(value)) return expected(value, name);
    if (held.has(value)) return undefined;
    const problem = expected(value, name);
    if (problem === undefined) held.add(value);
    return problem;
  };
}

/** A class, whether or not its constructor is private. */
interface Class {
  readonly name: string;
  [Symbol.hasInstance](value: unknown): boolean;
}

/**
 * Made by this class, and by no look-alike: also not by the same class of a second copy of its package.
 * @param source who exports it: `@tlskit/x509`
 */
// @__NO_SIDE_EFFECTS__
export function instanceOf(type: Class, source: string): Expectation {
  return (value, name) => {
    if (value instanceof type) return undefined;
    const copy = isObject(value) && value.constructor?.name === type.name;
    return copy
      ? `${name} is made by another copy of ${source}: there may be only one in a program (npm ls ${source})`
      : `${name} is ${described(value)}, not a ${type.name} of ${source}`;
  };
}

/**
 * One of several things.
 * @param what in words: `a private key or a signer`
 */
// @__NO_SIDE_EFFECTS__
export function anyOf(what: string, ...expected: readonly Expectation[]): Expectation {
  return (value, name) =>
    expected.some((one) => one(value, name) === undefined) ? undefined : `${name} is ${described(value)}, not ${what}`;
}

/**
 * Holds each argument to what is expected of it.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function checkArguments<Arguments extends object>(given: Arguments, expected: Expectations<Arguments>): void {
  for (const name in expected) check(given[name], name, expected[name]);
}

/**
 * Holds each option to what is expected of it. A name that means nothing is refused too: it may have been meant to
 * make something safer.
 * @param where the options' name, for the sentence.
 * @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault)
 */
export function checkOptions<Options extends object>(
  where: string,
  given: Options,
  expected: Expectations<Options>,
): void {
  check(given, where, anObject);
  for (const name in given) {
    // What is undefined says nothing.
    if (given[name] !== undefined && !Object.hasOwn(expected, name)) {
      throw callerError("unknown_option", `${where} has no option ${JSON.stringify(name)}`);
    }
  }
  checkArguments(given, expected);
}

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function check(value: unknown, name: string, expected: Expectation): void {
  const problem = expected(value, name);
  if (problem !== undefined) throw callerError("invalid_argument", problem);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isBytes(value: unknown): boolean {
  return (
    ArrayBuffer.isView(value) &&
    (value instanceof Uint8Array || Reflect.get(value, Symbol.toStringTag) === "Uint8Array")
  );
}

/** What it is, and not what is in it. */
function described(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") {
    const name = value.constructor?.name ?? "Object";
    return name === "Object" ? "an object" : `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`;
  }
  return `a ${typeof value}`;
}
