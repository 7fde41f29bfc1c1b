/** What the members of a policy's file can be: each kind reads itself, and has its own part of the JSON Schema. */
import { callerError, type TlsError } from "@tlskit/wire";

/** As much of JSON Schema as is needed here. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Values<T> {
  /** For people, behind "has to be": `a list of versions`. */
  readonly about: string;
  readonly schema: Schema;
  /**
   * @param where `our.json: cipherSuites.allowed[2]`, for errors
   * @throws {TlsError} of the code `invalid_policy`
   */
  read(value: unknown, where: string): T;
}

/** One of some words. */
export function oneOf<const T extends string>(
  about: string,
  words: readonly T[],
  hint?: (word: string) => string,
): Values<T> {
  return {
    about,
    schema: { enum: words },
    read(value, where) {
      const found = words.find((word) => word === value);
      if (found !== undefined) return found;
      throw invalidPolicy(
        `${where}: ${shown(value)} isn't ${about}${typeof value === "string" ? (hint?.(value) ?? "") : ""}`,
      );
    },
  };
}

export function listOf<T>(about: string, values: Values<T>): Values<readonly T[]> {
  return {
    about,
    schema: { type: "array", items: values.schema, uniqueItems: true },
    read(value, where) {
      if (!Array.isArray(value)) throw invalidPolicy(`${where}: ${shown(value)} isn't ${about}`);
      const read = value.map((entry: unknown, index) => values.read(entry, `${where}[${index}]`));
      const twice = read.findIndex((entry, index) => read.indexOf(entry) !== index);
      if (twice >= 0) throw invalidPolicy(`${where}[${twice}]: ${shown(read[twice])} is there twice`);
      return read;
    },
  };
}

export function mapOf<T>(about: string, names: Values<string>, values: Values<T>): Values<Readonly<Record<string, T>>> {
  return {
    about,
    schema: { type: "object", propertyNames: names.schema, additionalProperties: values.schema },
    read: (value, where) =>
      Object.fromEntries(
        Object.entries(objectOf(value, where, about)).map(([name, entry]) => [
          names.read(name, where),
          values.read(entry, `${where}.${name}`),
        ]),
      ),
  };
}

/** A whole number that isn't negative. */
export function wholeNumber(about: string): Values<number> {
  return {
    about,
    schema: { type: "integer", minimum: 0 },
    read(value, where) {
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
      throw invalidPolicy(`${where}: ${shown(value)} isn't ${about}`);
    },
  };
}

/** What is asked or isn't: there is no `false`, which would read as if the opposite were asked. */
export const asked: Values<true> = {
  about: "true",
  schema: { const: true },
  read(value, where) {
    if (value === true) return true;
    throw invalidPolicy(`${where}: ${shown(value)} isn't true; leave it out if it isn't asked for`);
  },
};

export function text(about: string): Values<string> {
  return {
    about,
    schema: { type: "string", minLength: 1 },
    read(value, where) {
      if (typeof value === "string" && value !== "") return value;
      throw invalidPolicy(`${where}: ${shown(value)} isn't ${about}`);
    },
  };
}

/** The members of an object, of whatever prototype. */
export function objectOf(value: unknown, where: string, about: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw invalidPolicy(`${where}: ${shown(value)} isn't ${about}`);
}

export function invalidPolicy(message: string, cause?: unknown): TlsError {
  return callerError("invalid_policy", message, cause);
}

/** As it stands in the file, if that is short. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}
