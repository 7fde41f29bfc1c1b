import type { HashFunction, HashName } from "@tlskit/crypto";
import { check } from "./answers.ts";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { type Region, region } from "./memory.ts";

/**
 * OpenSSL's functions for one hash alone. They keep their state where they are told, so that a running hash is memory of
 * JavaScript's, which needs nobody to free it; nor do they look for an implementation at each call.
 */
interface Functions<Name extends HashName | "MD5" = HashName> {
  readonly name: Name;
  /** Bytes of a digest. */
  readonly length: number;
  /** Bytes of a block (FIPS 180-4 §1), which HMAC pads keys to. */
  readonly blockLength: number;
  /** Bytes of the state: `MD5_CTX` of openssl/md5.h, `SHA_CTX`, `SHA256_CTX`, `SHA512_CTX` of openssl/sha.h. */
  readonly stateLength: number;
  readonly init: (state: Address) => number;
  readonly update: (state: Address, data: Address, length: bigint) => number;
  readonly final: (digest: Address, state: Address) => number;
}

function all({ call }: Libcrypto): readonly Functions[] {
  const { SHA1_Init, SHA1_Update, SHA1_Final, SHA256_Init, SHA256_Update, SHA256_Final } = call;
  const { SHA384_Init, SHA384_Update, SHA384_Final, SHA512_Init, SHA512_Update, SHA512_Final } = call;
  const small = { blockLength: 64, stateLength: 112 };
  const large = { blockLength: 128, stateLength: 216 };
  return [
    { ...small, name: "SHA-256", length: 32, init: SHA256_Init, update: SHA256_Update, final: SHA256_Final },
    { ...large, name: "SHA-384", length: 48, init: SHA384_Init, update: SHA384_Update, final: SHA384_Final },
    { ...large, name: "SHA-512", length: 64, init: SHA512_Init, update: SHA512_Update, final: SHA512_Final },
    { ...small, name: "SHA-1", length: 20, stateLength: 96, init: SHA1_Init, update: SHA1_Update, final: SHA1_Final },
  ];
}

/** SHA-2, and SHA-1 for files of old. */
export function hashFunctions(libcrypto: Libcrypto): readonly HashFunction[] {
  const input = region(libcrypto, inputLength);
  return all(libcrypto).map((functions) => hashFunction(libcrypto, functions, input));
}

/** For TLS 1.0 and 1.1. */
export function md5(libcrypto: Libcrypto): HashFunction<"MD5"> {
  const { MD5_Init, MD5_Update, MD5_Final } = libcrypto.call;
  const sizes = { length: 16, blockLength: 64, stateLength: 92 };
  const functions = { ...sizes, name: "MD5", init: MD5_Init, update: MD5_Update, final: MD5_Final } as const;
  return hashFunction(libcrypto, functions, region(libcrypto, inputLength));
}

/** Bytes that are copied at a time. */
const inputLength = 16384;

function hashFunction<Name extends HashName | "MD5">(
  libcrypto: Libcrypto,
  functions: Functions<Name>,
  input: Region,
): HashFunction<Name> {
  const { name, length, blockLength, stateLength } = functions;
  const state = region(libcrypto, stateLength);
  const block = region(libcrypto, blockLength);
  const output = region(libcrypto, length);

  const init = (): void => check(libcrypto, functions.init(state.address), name);
  const update = (data: Address, count: number): void =>
    check(libcrypto, functions.update(state.address, data, BigInt(count)), name);
  const add = (message: Uint8Array): void => {
    for (let from = 0; from < message.length; from += inputLength) {
      const part = from === 0 && message.length <= inputLength ? message : message.subarray(from, from + inputLength);
      input.bytes.set(part);
      update(input.address, part.length);
    }
  };
  const final = (): void => check(libcrypto, functions.final(output.address, state.address), name);

  const digest = (message: Uint8Array): Uint8Array => {
    init();
    add(message);
    final();
    return output.bytes.slice();
  };

  return {
    name,
    length,
    digest,
    // RFC 2104 §2
    hmac: (key, message) => {
      const short = key.length > blockLength ? digest(key) : key;
      block.bytes.fill(0x36);
      for (let i = 0; i < short.length; i += 1) block.bytes[i] = 0x36 ^ (short[i] ?? 0);
      init();
      update(block.address, blockLength);
      add(message);
      final();
      for (let i = 0; i < blockLength; i += 1) block.bytes[i] = 0x36 ^ 0x5c ^ (block.bytes[i] ?? 0);
      init();
      update(block.address, blockLength);
      update(output.address, length);
      final();
      const code = output.bytes.slice();
      for (const { bytes } of [block, state, output]) bytes.fill(0);
      input.bytes.fill(0, 0, message.length);
      return code;
    },
    start: () => {
      init();
      const running = state.bytes.slice();
      return {
        update: (part) => {
          state.bytes.set(running);
          add(part);
          running.set(state.bytes);
        },
        digest: () => {
          state.bytes.set(running);
          final();
          return output.bytes.slice();
        },
      };
    },
  };
}
