import { type CryptoError, cryptoError } from "@tlskit/crypto";
import type { Address, AtEnd, ForeignFunctions, Functions, Library } from "./foreign.ts";
import { functions, versionFunctions } from "./functions.ts";
import { cStrings } from "./memory.ts";
import { bunForeignFunctions } from "./runtimes/bun.ts";
import { denoForeignFunctions } from "./runtimes/deno.ts";
import { nodeForeignFunctions } from "./runtimes/node.ts";

/** The only major version that this was written for and tried with. */
const majorVersion = 3;

/** OpenSSL's libcrypto, opened, in the one thread that has this object. */
export interface Libcrypto {
  /** As libcrypto tells it: `OpenSSL 3.5.8 25 Aug 2026`. */
  readonly version: string;
  readonly call: Functions<typeof functions>;
  /** Where bytes lie. It holds no longer than the bytes are kept. */
  readonly addressOf: (bytes: Uint8Array) => Address;
  /** Where a name lies, as C has it. It stays there. */
  readonly cString: (text: string) => Address;
  /** Memory that libcrypto is given the addresses of, again and again. */
  readonly kept: Uint8Array[];
  /** Absent where the runtime has no such thing. */
  readonly atEnd: ((freeing: FreeingFunction) => AtEnd) | undefined;
}

/** How an object of libcrypto's is freed. */
export type FreeingFunction = "EVP_CIPHER_CTX_free" | "EVP_PKEY_free" | "EVP_PKEY_CTX_free";

/** @throws {CryptoError} `unsupported`, saying what is missing */
export function openLibcrypto(path: string | undefined): Libcrypto {
  checkPlatform();
  const foreign = foreignFunctions();
  const opened = path ?? foreign.defaultLibrary;
  checkName(opened);
  const where = opened ?? "the program itself";
  const library = attempt(foreign, () => foreign.open(opened), `the library ${where} can't be opened`);
  const version = checkVersion(foreign, library, where);
  const call = attempt(foreign, () => library.functions(functions), `${version} in ${where} lacks a function`);
  const memory = { addressOf: foreign.addressOf, kept: [] };
  return { version, call, ...memory, cString: cStrings(memory), atEnd: library.atEnd };
}

function checkPlatform(): void {
  const { platform, arch } = process;
  // `long` is shorter there, and nobody has tried.
  if (platform === "win32") throw unsupported("this provider has not been tried on Windows, and does without");
  // Structures are laid out here, and addresses written, as these have them.
  if (!["x64", "arm64", "riscv64", "loong64"].includes(arch)) {
    throw unsupported(`this provider has not been tried on ${arch}, and does without`);
  }
}

function foreignFunctions(): ForeignFunctions {
  const found = denoForeignFunctions() ?? bunForeignFunctions() ?? nodeForeignFunctions();
  if (found === undefined) {
    throw unsupported(
      "this runtime has no foreign function interface: Node has one from 26.1 on (unless --no-experimental-ffi takes it away), Deno and Bun have theirs",
    );
  }
  return found;
}

/** macOS ends the whole process over a libcrypto without a version in its name, so it is refused before it is opened. */
function checkName(library: string | undefined): void {
  if (process.platform === "darwin" && library !== undefined && /(^|\/)libcrypto\.dylib$/.test(library)) {
    throw unsupported(`${library} has no version in its name: macOS would end the process; name libcrypto.3.dylib`);
  }
}

function checkVersion(foreign: ForeignFunctions, library: Library, where: string): string {
  const call = attempt(foreign, () => library.functions(versionFunctions), `there is no OpenSSL 3 in ${where}`);
  const text = new Uint8Array(new ArrayBuffer(128));
  const length = call.OPENSSL_strlcpy(foreign.addressOf(text), call.OpenSSL_version(0), BigInt(text.length));
  const version = String.fromCharCode(...text.subarray(0, Number(length)));
  const major = call.OPENSSL_version_major();
  if (major !== majorVersion || !version.startsWith("OpenSSL ")) {
    throw unsupported(`OpenSSL ${majorVersion} is wanted, and in ${where} is ${version}`);
  }
  return version;
}

function attempt<T>(foreign: ForeignFunctions, make: () => T, otherwise: string): T {
  try {
    return make();
  } catch (error) {
    const { runtime, permission } = foreign;
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = foreign.isRefused(error)
      ? `${runtime} has not been given the permission to call native code: ${permission}`
      : `${otherwise}: ${reason}`;
    throw unsupported(sentence, error);
  }
}

function unsupported(sentence: string, cause?: unknown): CryptoError {
  return cryptoError("unsupported", `OpenSSL can't be called: ${sentence}`, cause);
}
