import type { ForeignFunctions, Functions, Library, Signature, Signatures } from "../foreign.ts";
import { systemLibrary } from "./system-library.ts";

const results = { void: "void", int: "i32", size: "u64", address: "u64" } as const;

/** What is used of Bun's, which has no types outside of Bun. */
interface BunFfi {
  dlopen(
    path: string,
    symbols: Readonly<Record<string, { readonly args: readonly string[]; readonly returns: string }>>,
  ): { readonly symbols: object };
  ptr(bytes: Uint8Array): number;
}

/** Bun's: `bun:ffi`. */
export function bunForeignFunctions(): ForeignFunctions | undefined {
  if (process.versions["bun"] === undefined) return undefined;
  const ffi: unknown = process.getBuiltinModule?.("bun:ffi");
  if (!isBunFfi(ffi)) return undefined;
  return {
    runtime: "Bun",
    permission: "",
    defaultLibrary: systemLibrary(),
    open: (library) => open(ffi, library ?? systemLibrary()),
    isRefused: () => false,
    addressOf: (bytes) => BigInt(ffi.ptr(bytes)),
  };
}

function isBunFfi(value: unknown): value is BunFfi {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "dlopen") === "function";
}

/** Open as long as the thread runs, whatever a collector thinks: functions may be called to the end. */
const opened: unknown[] = [];

function open(ffi: BunFfi, path: string): Library {
  checkOpens(ffi, path);
  return {
    functions: <const S extends Signatures>(signatures: S) => {
      const definition = ([result, parameters]: Signature) => ({
        returns: results[result],
        args: new Array<"u64">(parameters).fill("u64"),
      });
      const entries = Object.entries(signatures).map(([name, signature]) => [name, definition(signature)] as const);
      const library = ffi.dlopen(path, Object.fromEntries(entries));
      opened.push(library);
      // What is asked for by these names and types is what is there.
      return library.symbols as Functions<S>;
    },
  };
}

/** Bun opens a library with a function or not at all, and what is no libcrypto may lack any. */
function checkOpens(ffi: BunFfi, path: string): void {
  try {
    ffi.dlopen(path, { OpenSSL_version: { args: [], returns: "u64" } });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_DLOPEN_FAILED") throw error;
  }
}
