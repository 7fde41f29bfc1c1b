import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { type Region, region, temporaryRegion } from "./memory.ts";

/** openssl/core.h: types of an `OSSL_PARAM`. */
export const parameterType = { unsignedInteger: 2n, utf8String: 4n, octetPointer: 7n } as const;

/** One of a list that functions of libcrypto take: a name, and where its value lies. */
export interface Parameter {
  readonly name: string;
  readonly type: bigint;
  readonly address: Address;
  /** Bytes of the value. */
  readonly length: number;
}

/** Words of an `OSSL_PARAM`: name, type, address, length, and the length of what was written. */
const words = 5;
/** openssl/params.h: `OSSL_PARAM_UNMODIFIED` */
const unmodified = 0xffff_ffff_ffff_ffffn;

/** A list of parameters (`OSSL_PARAM`) for as long as there is the libcrypto. */
export function parameters(libcrypto: Libcrypto, ...list: readonly Parameter[]): Address {
  return written(libcrypto, region(libcrypto, bytesOf(list)), list).address;
}

/** The same for one call, during which whoever asks for it keeps it. */
export function temporaryParameters(libcrypto: Libcrypto, ...list: readonly Parameter[]): Region {
  return written(libcrypto, temporaryRegion(libcrypto, bytesOf(list)), list);
}

/** One more than there are ends the list: it is all zeros. */
function bytesOf(list: readonly Parameter[]): number {
  return (list.length + 1) * words * 8;
}

function written({ cString }: Libcrypto, made: Region, list: readonly Parameter[]): Region {
  const whole = new BigUint64Array(made.bytes.buffer);
  list.forEach(({ name, type, address, length }, at) => {
    whole.set([cString(name), type, address, BigInt(length), unmodified], at * words);
  });
  return made;
}
