import type { ForeignFunctions, Functions, Library, Signature, Signatures } from "../foreign.ts";
import { systemLibrary } from "./system-library.ts";

const results = { void: "void", int: "i32", size: "u64", address: "u64" } as const;

/** What is used of Deno's, which has no types outside of Deno. */
interface Deno {
  dlopen(
    path: string,
    symbols: Readonly<Record<string, { readonly parameters: readonly string[]; readonly result: string }>>,
  ): { readonly symbols: object };
  readonly UnsafePointer: { of(bytes: Uint8Array): object | null; value(pointer: object | null): bigint | number };
}

/** Deno's: `Deno.dlopen`. */
export function denoForeignFunctions(): ForeignFunctions | undefined {
  const deno: unknown = Reflect.get(globalThis, "Deno");
  if (!isDeno(deno)) return undefined;
  return {
    runtime: "Deno",
    permission: "--allow-ffi",
    defaultLibrary: systemLibrary(),
    open: (library) => open(deno, library ?? systemLibrary()),
    isRefused: (error) => error instanceof Error && error.name === "NotCapable",
    addressOf: (bytes) => BigInt(deno.UnsafePointer.value(deno.UnsafePointer.of(bytes))),
  };
}

function isDeno(value: unknown): value is Deno {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "dlopen") === "function";
}

/** Open as long as the thread runs, whatever a collector thinks: functions may be called to the end. */
const opened: unknown[] = [];

function open(deno: Deno, path: string): Library {
  // Opens it, so that what fails is told by the library's name and not by a function's.
  deno.dlopen(path, {});
  return {
    functions: <const S extends Signatures>(signatures: S) => {
      const definition = ([result, parameters]: Signature) => ({
        result: results[result],
        parameters: new Array<"u64">(parameters).fill("u64"),
      });
      const entries = Object.entries(signatures).map(([name, signature]) => [name, definition(signature)] as const);
      const library = deno.dlopen(path, Object.fromEntries(entries));
      opened.push(library);
      // What is asked for by these names and types is what is there.
      return library.symbols as Functions<S>;
    },
  };
}
