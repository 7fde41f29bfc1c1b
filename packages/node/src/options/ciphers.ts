import { availableCipherSuites, byName, type CipherSuite, cipherSuites } from "@tlskit/ciphersuites";
import { type CryptoProvider, callerError } from "@tlskit/tls";

/**
 * The suites of TLS 1.3 in a list as OpenSSL and `node:tls` have it, colons between; nothing if it has none, which
 * leaves those of TLS 1.3 as they are.
 * @throws {TlsError} `unsupported_choice` (the caller's fault) if it names suites of TLS 1.3 and the provider has none of them
 */
export function suitesNamed(ciphers: string, provider: CryptoProvider): readonly CipherSuite[] | undefined {
  const names = ciphers.split(":").filter((name) => name.startsWith("TLS_"));
  if (names.length === 0) return undefined;
  const available = availableCipherSuites(provider, cipherSuites);
  const suites = names.map((name) => byName(available, name)).filter((suite) => suite !== undefined);
  if (suites.length === 0) throw callerError("unsupported_choice", `the provider has none of ${names.join(", ")}`);
  return [...new Set(suites)];
}
