/** An address in the memory of this process. */
export type Address = bigint;

/** The types of C that the functions here have: `int` has 32 bits, `size` and `pointer` have 64. */
interface Values {
  readonly int: number;
  readonly size: bigint;
  readonly pointer: Address;
}

export type NativeType = keyof Values | "void";

/** What a function answers with, and what it takes. */
export type Signature = readonly [result: NativeType, ...parameters: (keyof Values)[]];

export type Signatures = Readonly<Record<string, Signature>>;

type Call<S extends Signature> = S extends readonly [infer R, ...infer P extends (keyof Values)[]]
  ? (...given: { [I in keyof P]: Values[P[I]] }) => R extends keyof Values ? Values[R] : void
  : never;

/** Native functions by their names. What they are given isn't checked by anybody any more. */
export type Functions<S extends Signatures> = { readonly [Name in keyof S]: Call<S[Name]> };

/** A library that was opened. It stays open as long as the process runs. */
export interface Library {
  /** @throws whatever the runtime throws where one of the functions isn't there */
  functions<const S extends Signatures>(signatures: S): Functions<S>;
  /**
   * Has a function called with an address when the JavaScript of this thread has ended, however it ended. Absent where
   * the runtime has no such thing.
   */
  readonly atEnd?: (name: string) => AtEnd;
}

export interface AtEnd {
  call(address: Address): void;
  callNoMore(address: Address): void;
}

/** A runtime's foreign function interface. */
export interface ForeignFunctions {
  readonly runtime: "Node" | "Deno" | "Bun";
  /** How the user gives the permission, if the runtime asks for one. */
  readonly permission: string;
  /** Opened where no library is named; undefined is the program itself. */
  readonly defaultLibrary: string | undefined;
  /** @throws whatever the runtime throws */
  open(library: string | undefined): Library;
  /** Whether what `open` threw says that the permission is missing. */
  isRefused(error: unknown): boolean;
  /** Where bytes lie. It holds no longer than the bytes are kept. */
  readonly addressOf: (bytes: Uint8Array) => Address;
}
