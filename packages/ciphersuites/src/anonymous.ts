import type { Tls12CipherSuite } from "./tls12-cipher-suite.ts";

/** Whether a suite authenticates nobody. */
export function isAnonymous({ keyExchange }: Tls12CipherSuite): boolean {
  return keyExchange.endsWith("_anon");
}
