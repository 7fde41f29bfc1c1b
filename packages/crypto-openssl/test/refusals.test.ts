import { describe, expect, test } from "vitest";
import type { ForeignFunctions, Functions, Library, Signatures } from "../src/foreign.ts";
import { type Host, openLibcrypto } from "../src/libcrypto.ts";

/** A runtime with a library that answers like this, and has no other functions. */
function foreign(version: string, major: number, others: Partial<ForeignFunctions> = {}): ForeignFunctions {
  const memory: Uint8Array[] = [];
  const call: Record<string, (...given: never[]) => unknown> = {
    OPENSSL_version_major: () => major,
    OpenSSL_version: () => 1n,
    OPENSSL_strlcpy: (place: bigint) => {
      memory[Number(place)]?.set(new TextEncoder().encode(version));
      return BigInt(version.length);
    },
  };
  const library: Library = {
    functions: <const S extends Signatures>(signatures: S) => {
      const missing = Object.keys(signatures).find((name) => call[name] === undefined);
      if (missing !== undefined) throw new TypeError(`undefined symbol: ${missing}`);
      return call as unknown as Functions<S>;
    },
  };
  return {
    runtime: "Bun",
    permission: "",
    defaultLibrary: "libcrypto.so.3",
    open: () => library,
    isRefused: () => false,
    addressOf: (bytes) => BigInt(memory.push(bytes) - 1),
    ...others,
  };
}

const linux: Host = { platform: "linux", arch: "x64", foreign: foreign("OpenSSL 3.0.19 27 Jan 2026", 3) };

describe("where libcrypto can't be called, one error says what is missing", () => {
  test.each<[string, Host, string | undefined, string]>([
    [
      "an interface",
      { ...linux, foreign: undefined },
      undefined,
      "this runtime has no foreign function interface; Node has one from 26.1 on, if --no-experimental-ffi doesn't take it away",
    ],
    ["Windows", { ...linux, platform: "win32" }, undefined, "this provider is not made for Windows"],
    [
      "addresses of 32 bits",
      { ...linux, arch: "arm" },
      undefined,
      "this provider is not made for the architecture arm",
    ],
    [
      "another library beside Node's",
      { ...linux, foreign: foreign("OpenSSL 3.5.8", 3, { runtime: "Node", defaultLibrary: undefined }) },
      "/usr/lib/libcrypto.so.3",
      "Node has its own OpenSSL, and none beside it can be called: not /usr/lib/libcrypto.so.3",
    ],
    [
      "an unversioned library on macOS",
      { ...linux, platform: "darwin" },
      "/usr/lib/libcrypto.dylib",
      "/usr/lib/libcrypto.dylib has no version in its name, and macOS ends a process that opens such a one",
    ],
    [
      "BoringSSL, as Electron has it, without a function of OpenSSL 3",
      {
        ...linux,
        foreign: foreign("BoringSSL", 1, {
          runtime: "Node",
          defaultLibrary: undefined,
          open: () => ({
            functions: () => {
              throw new Error("undefined symbol: OPENSSL_version_major");
            },
          }),
        }),
      },
      undefined,
      "Node has no OpenSSL 3: undefined symbol: OPENSSL_version_major",
    ],
    [
      "BoringSSL that has them",
      { ...linux, foreign: foreign("BoringSSL", 3) },
      undefined,
      "libcrypto.so.3 has BoringSSL, and only OpenSSL 3 will do",
    ],
    [
      "OpenSSL 4",
      { ...linux, foreign: foreign("OpenSSL 4.0.0", 4) },
      "/opt/libcrypto.so.4",
      "/opt/libcrypto.so.4 has OpenSSL 4.0.0, and only OpenSSL 3 will do",
    ],
    [
      "OpenSSL 3 that was built without one of the functions",
      linux,
      undefined,
      "OpenSSL 3.0.19 27 Jan 2026 in libcrypto.so.3 lacks a function: undefined symbol: ERR_clear_error",
    ],
  ])("%s", (_, host, named, sentence) => {
    expect(() => openLibcrypto(named, host)).toThrow(
      expect.objectContaining({
        name: "CryptoError",
        code: "unsupported",
        message: `OpenSSL can't be called: ${sentence}`,
      }),
    );
  });
});
