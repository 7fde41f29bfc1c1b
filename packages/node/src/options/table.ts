import { callerError } from "@tlskit/tls";
import { anObject, check, type Expectation } from "@tlskit/wire/arguments";
import { type Kind, kinds } from "./expectations.ts";

/** What an option is about. */
export type Scope =
  /** What connections share: it is an option of contexts as well. */
  | "context"
  /** One connection. */
  | "connection"
  /** The TCP connection below, or the listening socket: `node:net` gets it as it is. */
  | "net"
  /** HTTP: `node:http` or `node:http2` gets it as it is. */
  | "http";

/** How an option reaches what it is about. */
type Way =
  /** Held to what it has to be, and used here. */
  | { readonly scope: "context" | "connection"; readonly takes: Kind }
  /** An option of contexts of `@tlskit/tls` under the same name, which get it as it is and check it. */
  | { readonly scope: "context"; readonly handedOn: true }
  | { readonly scope: "net" | "http" };

/** What becomes of an option. Each of `node:tls` has a row, so that none is dropped without a word. */
export type Row =
  /** As in `node:tls`. */
  | ({ readonly is: "done"; readonly note?: string } & Way)
  /** Ours alone; its meaning is told where its type is. */
  | ({ readonly is: "own" } & Way)
  /** An error, unless its value is one of those that ask for nothing. */
  | { readonly is: "refused"; readonly instead: string; readonly unless?: readonly (string | boolean)[] }
  /** Of no effect on whom one trusts. */
  | { readonly is: "ignored"; readonly because: string };

export type OptionTable = Readonly<Record<string, Row>>;

type Named<Table, Is extends Row["is"]> = {
  [Name in keyof Table]: Table[Name] extends { readonly is: Is } ? Name : never;
}[keyof Table];

/** Options that are taken. */
export type Taken<Table> = Named<Table, "done" | "own">;

/** Options that contexts of `@tlskit/tls` have under the same name, with the types and meanings that they have there. */
export type HandedOn<Table, Options> = Partial<
  Pick<
    Options,
    { [Name in keyof Table]: Table[Name] extends { readonly handedOn: true } ? Name : never }[keyof Table] &
      keyof Options
  >
>;

/** What is refused or ignored, as types: of what is refused, the values alone that ask for nothing. */
export type NotTaken<Table> = {
  readonly [Name in Named<Table, "refused">]?:
    | (Table[Name] extends { readonly unless: readonly (infer Value)[] } ? Value : never)
    | undefined;
} & { readonly [Name in Named<Table, "ignored">]?: unknown };

/**
 * Marks that `http.request` and its agents leave: they hand on what is theirs and their user's, under any name. What is
 * known is looked at nevertheless.
 */
const marksOfAgents = ["_agentKey", "_defaultAgent"] as const;

/**
 * Refuses what can't be done, and names that mean nothing here.
 * @param caller for the sentence: the function that was called.
 * @param scopes which options that function has.
 * @returns those options that it has and that say something: agents hand on `null` for what there isn't
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `refused_option` (the caller's fault)
 */
export function checkedOptions<Options extends object>(
  caller: string,
  options: Options,
  tables: readonly OptionTable[],
  scopes: readonly Scope[],
): Options {
  check(options, "options", anObject);
  const handedOn = marksOfAgents.some((mark) => mark in options);
  const taken: Record<string, unknown> = {};
  // What is inherited counts as well: it is read like the rest.
  for (const name in options) {
    const value = options[name];
    if (value === undefined || value === null) continue;
    const row = rowOf(name, tables);
    if (row?.is === "refused") {
      if (row.unless?.some((harmless) => harmless === value)) continue;
      throw callerError("refused_option", `${name} is not supported: ${row.instead}`);
    }
    if (row !== undefined && "scope" in row && scopes.includes(row.scope)) {
      if ("takes" in row) check(value, name, kinds[row.takes]);
      taken[name] = value;
    } else if (row?.is !== "ignored" && !handedOn) {
      throw callerError("unknown_option", `${caller} has no option ${JSON.stringify(name)}`);
    }
  }
  return taken as Options; // every value is the one under that name, and what is left out may be absent
}

/** Those of some checked options that are about something, in the order of the tables. */
export function optionsAbout<Options extends object>(
  scope: Scope,
  options: Options,
  tables: readonly OptionTable[],
): Partial<Options> {
  return optionsWhere((row) => "scope" in row && row.scope === scope, options, tables);
}

/** Those of some checked options that contexts of `@tlskit/tls` get as they are. */
export function handedOn<Options extends object>(options: Options, tables: readonly OptionTable[]): Partial<Options> {
  return optionsWhere((row) => "handedOn" in row, options, tables);
}

/**
 * A context that is there already has its options: others beside it would be dropped.
 * @throws {TlsError} `invalid_argument`, `conflicting_options` (the caller's fault)
 */
export function checkContextAlone(
  options: { readonly context?: unknown },
  expected: Expectation,
  tables: readonly OptionTable[],
): void {
  if (options.context === undefined) return;
  check(options.context, "context", expected);
  const name = Object.keys(options).find((option) => {
    const row = rowOf(option, tables);
    return row !== undefined && "scope" in row && row.scope === "context";
  });
  if (name !== undefined) {
    throw callerError("conflicting_options", `${name} is an option of contexts, and there is a context already`);
  }
}

function optionsWhere<Options extends object>(
  wanted: (row: Row) => boolean,
  options: Options,
  tables: readonly OptionTable[],
): Partial<Options> {
  const found: Record<string, unknown> = {};
  for (const [name, row] of rowsOf(tables)) {
    if (wanted(row) && name in options) found[name] = Reflect.get(options, name);
  }
  return found as Partial<Options>; // every value is the one under that name
}

/** In the order of the tables, put together once: sockets ask for them, one after the other. */
function rowsOf(tables: readonly OptionTable[]): readonly (readonly [string, Row])[] {
  const known = rows.get(tables) ?? tables.flatMap((table) => Object.entries(table));
  rows.set(tables, known);
  return known;
}

const rows = new WeakMap<readonly OptionTable[], readonly (readonly [string, Row])[]>();

function rowOf(name: string, tables: readonly OptionTable[]): Row | undefined {
  const table = tables.find((candidate) => Object.hasOwn(candidate, name));
  return table?.[name];
}
