import {
  availableCipherSuites,
  availableTls12CipherSuites,
  byName,
  type CipherSuite,
  cipherSuites,
  defaultTls12CipherSuites,
  type Tls12CipherSuite,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { type CryptoProvider, callerError } from "@tlskit/tls";

/**
 * The suites of TLS 1.3 in a list as OpenSSL and `node:tls` have it, colons between; nothing if it has none, which
 * leaves those of TLS 1.3 as they are.
 * @throws {TlsError} `unsupported_choice` (the caller's fault) if it names suites of TLS 1.3 and the provider has none of them
 */
export function suitesNamed(ciphers: string, provider: CryptoProvider): readonly CipherSuite[] | undefined {
  const names = wordsOf(ciphers).filter(
    (word) => word.startsWith("TLS_") && byName(tls12CipherSuites, word) === undefined,
  );
  if (names.length === 0) return undefined;
  const available = availableCipherSuites(provider, cipherSuites);
  const suites = names.map((name) => byName(available, name)).filter((suite) => suite !== undefined);
  if (suites.length === 0) throw callerError("unsupported_choice", `the provider has none of ${names.join(", ")}`);
  return [...new Set(suites)];
}

/**
 * The suites of TLS 1.2 in such a list, as the provider has them, best first: of those that are negotiated unless told
 * otherwise, whatever else it names. Without a list, all of these. A list of suites of TLS 1.3 has none, as in `node:tls`.
 */
export function tls12SuitesNamed(ciphers: string | undefined, provider: CryptoProvider): readonly Tls12CipherSuite[] {
  const all = availableTls12CipherSuites(provider, defaultTls12CipherSuites);
  if (ciphers === undefined) return all;
  let found: readonly Tls12CipherSuite[] = [];
  const without = (these: readonly Tls12CipherSuite[]) => found.filter((suite) => !these.includes(suite));
  const banned = new Set<Tls12CipherSuite>();
  for (const word of wordsOf(ciphers)) {
    const sign = /^[-+!]/.exec(word)?.[0];
    const these = meantBy(sign === undefined ? word : word.slice(1), all).filter((suite) => !banned.has(suite));
    if (sign === "!") for (const suite of these) banned.add(suite);
    if (sign === "+") found = [...without(these), ...found.filter((suite) => these.includes(suite))];
    else if (sign !== undefined) found = without(these);
    else found = [...found, ...these.filter((suite) => !found.includes(suite))];
  }
  return found;
}

function wordsOf(ciphers: string): readonly string[] {
  // `@SECLEVEL` and `@STRENGTH` say nothing here: what is weak isn't there.
  return ciphers
    .split(/[:, ]/)
    .map((word) => word.replace(/@.*/, ""))
    .filter((word) => word !== "");
}

/** Of a name, or of words of OpenSSL's that all have to hold (`ECDHE+AESGCM`). What isn't known names nothing that there is. */
function meantBy(name: string, all: readonly Tls12CipherSuite[]): readonly Tls12CipherSuite[] {
  const named = byName(all, name);
  if (named !== undefined) return [named];
  const tests = name.split("+").map((word) => (Object.hasOwn(words, word) ? words[word] : undefined));
  return all.filter((suite) => tests.every((test) => test?.(suite) === true));
}

const any = (): boolean => true;
const aeadIs =
  (part: string) =>
  ({ protection }: Tls12CipherSuite): boolean =>
    protection.type === "AEAD" && protection.aead.includes(part);
const keyIs =
  (key: Tls12CipherSuite["certificateKey"]) =>
  ({ certificateKey }: Tls12CipherSuite): boolean =>
    certificateKey === key;

/** Every word of OpenSSL's for several suites (openssl-ciphers(1)) that fits one of those that there are. */
const words: Readonly<Record<string, (suite: Tls12CipherSuite) => boolean>> = {
  ALL: any,
  DEFAULT: any,
  HIGH: any,
  "TLSv1.2": any,
  ECDHE: any,
  EECDH: any,
  kECDHE: any,
  kEECDH: any,
  aRSA: keyIs("RSA"),
  aECDSA: keyIs("ECDSA"),
  ECDSA: keyIs("ECDSA"),
  AES: aeadIs("AES"),
  AES128: aeadIs("AES-128"),
  AES256: aeadIs("AES-256"),
  AESGCM: aeadIs("GCM"),
  CHACHA20: aeadIs("CHACHA20"),
  SUITEB128: (suite) => keyIs("ECDSA")(suite) && aeadIs("GCM")(suite),
  SUITEB192: (suite) => keyIs("ECDSA")(suite) && aeadIs("AES-256-GCM")(suite),
};
