import type { ForeignFunctions, Functions, Library, Signature, Signatures } from "../foreign.ts";

type NodeFfi = typeof import("node:ffi");

const results = { void: "void", int: "int32", size: "uint64", address: "pointer" } as const;

/** Node's, from 26.1 on: `node:ffi`. */
export function nodeForeignFunctions(): ForeignFunctions | undefined {
  // A module that isn't there can't be imported, and older Nodes haven't got it.
  const ffi = process.getBuiltinModule?.("node:ffi");
  if (ffi === undefined) return undefined;
  return {
    runtime: "Node",
    permission: "--allow-ffi",
    defaultLibrary: undefined,
    open: () => open(ffi),
    isRefused: (error) => error instanceof Error && "code" in error && error.code === "ERR_ACCESS_DENIED",
    addressOf: (bytes) => ffi.getRawPointer(bytes),
  };
}

/** Open as long as the thread runs, whatever a collector thinks: functions may be called to the end. */
const opened: unknown[] = [];

function open(ffi: NodeFfi): Library {
  const { lib } = ffi.dlopen(null, {});
  opened.push(lib);
  const functions = <const S extends Signatures>(signatures: S): Functions<S> =>
    // What is asked for by these names and types is what is there. Node's own object is one that V8 searches at each call.
    ({ ...lib.getFunctions(definitions(signatures)) }) as unknown as Functions<S>;
  const node = functions(cleanup);
  const isolate = node._ZN2v87Isolate10GetCurrentEv();
  return {
    functions,
    atEnd: (name) => {
      const called = lib.getSymbol(name);
      return {
        call: (address) => node._ZN4node25AddEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_(isolate, called, address),
        callNoMore: (address) =>
          node._ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_(isolate, called, address),
      };
    },
  };
}

function definitions(signatures: Signatures): Parameters<NodeFfi["dlopen"]>[1] & object {
  const definition = ([result, parameters]: Signature) => ({
    return: results[result],
    arguments: new Array<"pointer">(parameters).fill("pointer"),
  });
  return Object.fromEntries(Object.entries(signatures).map(([name, signature]) => [name, definition(signature)]));
}

/**
 * What Node gives native code for this (`AddEnvironmentCleanupHook` of node.h), under the names that C++ gives it: called
 * when a thread's environment ends, even if the Worker was terminated.
 */
const cleanup = {
  _ZN2v87Isolate10GetCurrentEv: ["address", 0],
  _ZN4node25AddEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_: ["void", 3],
  _ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_: ["void", 3],
} as const satisfies Signatures;
