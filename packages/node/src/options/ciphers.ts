import {
  availableCipherSuites,
  availableTls12CipherSuites,
  byName,
  type CipherSuite,
  cipherSuites,
  defaultTls12CipherSuites,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { type CryptoProvider, callerError } from "@tlskit/tls";
import { readCipherList, suitesMeant } from "./cipher-list.ts";

/**
 * The suites of TLS 1.3 in a list as OpenSSL and `node:tls` have it, colons between; nothing if it has none, which
 * leaves those of TLS 1.3 as they are.
 * @throws {TlsError} `unsupported_choice` (the caller's fault) if it names suites of TLS 1.3 and the provider has none of
 *   them; `invalid_cipher_list`
 */
export function suitesNamed(ciphers: string, provider: CryptoProvider): readonly CipherSuite[] | undefined {
  const { tls13: names } = readCipherList(ciphers);
  if (names.length === 0) return undefined;
  const available = availableCipherSuites(provider, cipherSuites);
  const suites = names.map((name) => byName(available, name)).filter((suite) => suite !== undefined);
  if (suites.length === 0) throw callerError("unsupported_choice", `the provider has none of ${names.join(", ")}`);
  return [...new Set(suites)];
}

/**
 * The suites of TLS 1.2 in such a list, as the provider has them, best first: of those that are negotiated unless told
 * otherwise, whatever else it names. Without a list, all of these. A list of suites of TLS 1.3 has none, as in `node:tls`.
 * @throws {TlsError} `invalid_cipher_list` (the caller's fault)
 */
export function tls12SuitesNamed(ciphers: string | undefined, provider: CryptoProvider): readonly Tls12CipherSuite[] {
  const all = availableTls12CipherSuites(provider, defaultTls12CipherSuites);
  return ciphers === undefined ? all : suitesMeant(readCipherList(ciphers), all, all);
}
