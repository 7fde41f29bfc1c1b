/** An address in the memory of this process. */
export type Address = bigint;

/** What functions of C answer with: an `int` has 32 bits, the others have 64. */
interface Results {
  readonly void: unknown;
  readonly int: number;
  readonly size: bigint;
  readonly address: Address;
}

/** What a function answers with, and how many words it takes. */
export type Signature = readonly [result: keyof Results, parameters: keyof Words];

/**
 * Whatever a function takes is passed as a word of 64 bits, an `int` with its sign: the calling conventions of 64-bit
 * machines look at the part of it that they want. Node's interface takes words straight from compiled code, in 10 ns, and
 * checks anything else in JavaScript, in 200.
 */
interface Words {
  0: [];
  1: [bigint];
  2: [bigint, bigint];
  3: [bigint, bigint, bigint];
  4: [bigint, bigint, bigint, bigint];
  5: [bigint, bigint, bigint, bigint, bigint];
  6: [bigint, bigint, bigint, bigint, bigint, bigint];
  7: [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
}

export type Signatures = Readonly<Record<string, Signature>>;

type Call<S extends Signature> = (...words: Words[S[1]]) => Results[S[0]];

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
  /** Opened where no library is named; undefined if it is part of the runtime. */
  readonly defaultLibrary: string | undefined;
  /** @throws whatever the runtime throws */
  open(library: string | undefined): Library;
  /** Whether what `open` threw says that the permission is missing. */
  isRefused(error: unknown): boolean;
  /** Where bytes lie. It holds no longer than the bytes are kept. */
  readonly addressOf: (bytes: Uint8Array) => Address;
}
