import { cipherSuitesOf, type KnownCipherSuite } from "../registry/cipher-suite.ts";
import type { LegacyVersion } from "./flaw.ts";

/** Suites that servers with a certificate have, with ephemeral keys and without. */
export function usualSuites(version: LegacyVersion): readonly number[] {
  const suites = [...cipherSuitesOf(version), ...(version === "TLS 1.2" ? cipherSuitesOf("TLS 1.1") : [])];
  return suites.filter(isUsual).map(({ code }) => code);
}

/** Suites with key exchange by RSA. */
export function rsaSuites(version: LegacyVersion): readonly number[] {
  const suites = [...cipherSuitesOf(version), ...(version === "TLS 1.2" ? cipherSuitesOf("TLS 1.1") : [])];
  return suites.filter((suite) => isUsual(suite) && suite.keyExchange === "RSA").map(({ code }) => code);
}

function isUsual({ keyExchange, authentication, cipher, exportGrade }: KnownCipherSuite): boolean {
  return (
    ["ECDHE", "DHE", "RSA"].includes(keyExchange) &&
    ["RSA", "ECDSA"].includes(authentication) &&
    ["AES", "CHACHA20", "CAMELLIA", "3DES", "RC4"].includes(cipher) &&
    !exportGrade
  );
}
