import {
  availableCipherSuites,
  availableTls12CipherSuites,
  cipherSuites,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";

/** The suites that there are to choose from, by OpenSSL's names in small letters: those too that nobody has who doesn't name them. */
export function getCiphers(): string[] {
  names ??= [
    ...availableTls12CipherSuites(nodeProvider, tls12CipherSuites).flatMap(({ aliases }) => aliases),
    ...availableCipherSuites(nodeProvider, cipherSuites).map(({ name }) => name),
  ]
    .map((name) => name.toLowerCase())
    .sort();
  return [...names];
}

let names: readonly string[] | undefined;
