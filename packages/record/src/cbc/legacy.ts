/**
 * Records of TLS 1.1 and 1.0, which have block ciphers in CBC mode alone here: as TLS 1.2 has them, but for the version in
 * them and in TLS 1.0 the vectors. They are apart, so that nobody has them who doesn't ask for them.
 * @module
 */
import type { Random } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { aFunction, bytes, check } from "@tlskit/wire/arguments";
import type { Opening, Sealing } from "../protection.ts";
import { CbcOpening, CbcSealing, type Tls12CbcKeys } from "./tls12-cbc.ts";
import { ownVectors, type Vectors } from "./vectors.ts";

/** RFC 4346 §6.2.1, RFC 2246 §6.2.1: what the records say their version is. */
const [tls11, tls10] = [0x0302, 0x0301];

/** What protects the records of one direction in TLS 1.0. */
export interface Tls10CbcKeys extends Tls12CbcKeys {
  /** The vector of the first record, of as many bytes as a block has. */
  readonly iv: Uint8Array;
}

/**
 * How TLS 1.1 protects records by CBC.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function tls11CbcSealing(keys: Tls12CbcKeys, random: Random): Sealing {
  check(random, "random", aFunction);
  return new CbcSealing(keys, (blockLength) => ({ version: tls11, vectors: ownVectors(blockLength, random) }));
}

/**
 * How TLS 1.1 reads records that are protected by CBC.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function tls11CbcOpening(keys: Tls12CbcKeys): Opening {
  return new CbcOpening(keys, () => ({ version: tls11, vectors: undefined }));
}

/**
 * How TLS 1.0 protects records by CBC (RFC 2246 §6.2.3.2): each record's vector is the last block of the one before, which
 * everybody has seen. Who chooses what is sent next can so try whether a block sent before was this or that (BEAST): the first
 * record of whatever is sent has one byte of it, and the MAC behind that nobody can foresee.
 * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
 */
export function tls10CbcSealing(keys: Tls10CbcKeys): Sealing {
  return new CbcSealing(keys, (blockLength) => ({ version: tls10, vectors: chainedVectors(blockLength, keys) }));
}

/**
 * How TLS 1.0 reads records that are protected by CBC.
 * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
 */
export function tls10CbcOpening(keys: Tls10CbcKeys): Opening {
  return new CbcOpening(keys, (blockLength) => ({ version: tls10, vectors: chainedVectors(blockLength, keys) }));
}

function chainedVectors(blockLength: number, { iv }: Tls10CbcKeys): Vectors {
  check(iv, "keys.iv", bytes);
  if (iv.length !== blockLength) {
    throw callerError("out_of_range", `a vector has ${blockLength} bytes here, got ${iv.length}`);
  }
  let next = Uint8Array.from(iv);
  return {
    inRecord: 0,
    foreseeable: true,
    next: () => next,
    used: (ciphertext) => {
      next = Uint8Array.from(ciphertext.subarray(ciphertext.length - blockLength));
    },
  };
}
