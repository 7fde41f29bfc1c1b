import {
  availableTls12CipherSuites,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_PSK_WITH_AES_128_CBC_SHA,
  TLS_PSK_WITH_AES_256_CBC_SHA,
  TLS_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_RSA_WITH_AES_128_CBC_SHA,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_256_CBC_SHA,
  TLS_RSA_WITH_AES_256_GCM_SHA384,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { Unimplemented } from "./flags.ts";
import { provider } from "./provider.ts";

/** BoringSSL's suites before TLS 1.3, in its order on a machine with AES in hardware. */
const known: readonly Tls12CipherSuite[] = [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_128_CBC_SHA,
  TLS_RSA_WITH_AES_256_CBC_SHA,
  TLS_PSK_WITH_AES_128_CBC_SHA,
  TLS_PSK_WITH_AES_256_CBC_SHA,
  TLS_RSA_WITH_3DES_EDE_CBC_SHA,
];

/** What the runner's lists have besides names of suites. */
const words: Readonly<Record<string, (suite: Tls12CipherSuite) => boolean>> = {
  ALL: ({ name }) => !name.includes("3DES"),
  DEFAULT: ({ name }) => !name.includes("3DES"),
  "3DES": ({ name }) => name.includes("3DES"),
  AES: ({ name }) => name.includes("_AES_"),
  AES128: ({ name }) => name.includes("_AES_128_"),
};

/**
 * The suites that a list in OpenSSL's form stands for, as far as the provider has them. Brackets, around those that are
 * equally good, are passed over: here one is always better than the other.
 */
export function cipherList(list: string): readonly Tls12CipherSuite[] {
  const suites = new Set<Tls12CipherSuite>();
  for (const word of list.split(/[:|[\]]+/).filter((each) => each !== "")) {
    const isOut = word.startsWith("!");
    const name = isOut ? word.slice(1) : word;
    const named = known.filter((suite) => (words[name] ?? (() => suite.name === name))(suite));
    if (named.length === 0) throw new Unimplemented(`the cipher ${word}`);
    for (const suite of named) {
      if (isOut) suites.delete(suite);
      else suites.add(suite);
    }
  }
  const available = availableTls12CipherSuites(provider, [...suites]);
  return [...suites].filter((suite) => available.includes(suite));
}
