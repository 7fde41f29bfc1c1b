import { type CryptoError, cryptoError } from "@tlskit/crypto";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";

/** What failed in libcrypto through no fault of what it was given: memory, mostly. */
export function failure(libcrypto: Libcrypto, what: string): CryptoError {
  libcrypto.call.ERR_clear_error();
  return cryptoError("provider_failed", `libcrypto failed: ${what}`);
}

/** @throws {CryptoError} `provider_failed` unless the answer of a function says that it did what it should */
export function check(libcrypto: Libcrypto, answer: number, what: string): void {
  if (answer !== 1) throw failure(libcrypto, what);
}

/** @throws {CryptoError} `provider_failed` if it is null */
export function checkAddress(libcrypto: Libcrypto, address: Address, what: string): Address {
  if (address === 0n) throw failure(libcrypto, what);
  return address;
}
