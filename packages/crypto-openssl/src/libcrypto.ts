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
export type FreeingFunction = "EVP_CIPHER_CTX_free" | "EVP_MAC_CTX_free" | "EVP_PKEY_free" | "EVP_PKEY_CTX_free";

/** Where libcrypto is to be called. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  /** Absent where the runtime has no foreign function interface. */
  readonly foreign: ForeignFunctions | undefined;
}

export function thisHost(): Host {
  const { platform, arch } = process;
  return { platform, arch, foreign: denoForeignFunctions() ?? bunForeignFunctions() ?? nodeForeignFunctions() };
}

/** @throws {CryptoError} `unsupported`, saying what is missing */
export function openLibcrypto(named: string | undefined, host: Host): Libcrypto {
  checkPlatform(host);
  const { foreign } = host;
  if (foreign === undefined) {
    throw unsupported(
      "this runtime has no foreign function interface; Node has one from 26.1 on, if --no-experimental-ffi doesn't take it away",
    );
  }
  checkName(host, named, foreign);
  const library = named ?? foreign.defaultLibrary;
  const where = library ?? foreign.runtime;
  const opened = attempt(foreign, () => foreign.open(library), `${where} can't be opened`);
  const version = checkVersion(foreign, opened, where);
  const call = attempt(foreign, () => opened.functions(functions), `${version} in ${where} lacks a function`);
  const memory = { addressOf: foreign.addressOf, kept: [] };
  return { version, call, ...memory, cString: cStrings(memory), atEnd: opened.atEnd };
}

function checkPlatform({ platform, arch }: Host): void {
  // A `long` has 32 bits there.
  if (platform === "win32") throw unsupported("this provider is not made for Windows");
  // Addresses are written as these have them: 64 bits, the lowest first.
  if (!architectures.includes(arch)) throw unsupported(`this provider is not made for the architecture ${arch}`);
}

const architectures: readonly string[] = ["x64", "arm64", "riscv64", "loong64"];

function checkName({ platform }: Host, named: string | undefined, { runtime }: ForeignFunctions): void {
  if (named === undefined) return;
  // Its functions would call those of the same name in Node, another version's.
  if (runtime === "Node") throw unsupported(`Node has its own OpenSSL, and none beside it can be called: not ${named}`);
  if (platform === "darwin" && /(^|\/)libcrypto\.dylib$/.test(named)) {
    throw unsupported(`${named} has no version in its name, and macOS ends a process that opens such a one`);
  }
}

function checkVersion(foreign: ForeignFunctions, library: Library, where: string): string {
  const call = attempt(foreign, () => library.functions(versionFunctions), `${where} has no OpenSSL 3`);
  const text = new Uint8Array(new ArrayBuffer(128));
  const length = call.OPENSSL_strlcpy(foreign.addressOf(text), call.OpenSSL_version(0n), BigInt(text.length));
  const version = String.fromCharCode(...text.subarray(0, Number(length)));
  const major = call.OPENSSL_version_major();
  if (major !== majorVersion || !version.startsWith("OpenSSL ")) {
    throw unsupported(`${where} has ${version}, and only OpenSSL ${majorVersion} will do`);
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
      ? `${runtime} may not call native code without ${permission}`
      : `${otherwise}: ${reason}`;
    throw unsupported(sentence, error);
  }
}

function unsupported(sentence: string, cause?: unknown): CryptoError {
  return cryptoError("unsupported", `OpenSSL can't be called: ${sentence}`, cause);
}
