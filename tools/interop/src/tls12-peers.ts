import { createSecureContext } from "node:tls";
import { isAnonymous, type Tls12CipherSuite, type Tls12KeyExchange, tls12CipherSuites } from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { commandOutput } from "./command-output.ts";
import { opensslName } from "./openssl.ts";

/** Who else has a cipher suite of TLS 1.2. */
export interface Tls12Peer {
  readonly name: string;
  has(suite: Tls12CipherSuite): boolean;
}

/** Of OpenSSL's security levels the lowest: every suite that it was built with. */
export const everyOpensslSuite = "ALL:@SECLEVEL=0";

/** With those that encrypt nothing, which `ALL` leaves out. */
const opensslSuites =
  commandOutput("openssl", "ciphers", `${everyOpensslSuite}:COMPLEMENTOFALL`)?.trim().split(":") ?? [];
const gnutlsSuites = (commandOutput("gnutls-cli", "--list") ?? "").split("\n").flatMap((line) => {
  const [, high, low] = /^TLS_\S+\s+0x(..), 0x(..)/.exec(line) ?? [];
  return high === undefined || low === undefined ? [] : [Number.parseInt(high + low, 16)];
});

export const opensslCommand: Tls12Peer = {
  name: "`openssl`",
  has: (suite) => opensslSuites.includes(opensslName(suite)),
};

export const gnutlsCommands: Tls12Peer = { name: "GnuTLS", has: ({ code }) => gnutlsSuites.includes(code) };

export const nodeTls: Tls12Peer = {
  name: "Node's `tls`",
  has: (suite) => {
    try {
      createSecureContext({ ciphers: nodeCiphers(suite), maxVersion: "TLSv1.2" });
      return true;
    } catch {
      return false; // it has no cipher then
    }
  },
};

/** What Node is told to have that suite alone. */
export function nodeCiphers(suite: Tls12CipherSuite): string {
  return `${opensslName(suite)}:@SECLEVEL=0`;
}

const peers: readonly Tls12Peer[] = [opensslCommand, gnutlsCommands, nodeTls];

const exchanges: readonly (readonly [Tls12KeyExchange, string])[] = [
  ["ECDHE", "`tls12`"],
  ["DHE", "`dhe` of `@tlskit/tls/dhe`"],
  ["RSA", "`rsa` of `@tlskit/tls/rsa`"],
  ["ECDHE_PSK", "`ecdhePsk` of `@tlskit/tls/psk`"],
  ["DHE_PSK", "`dhePsk` of `@tlskit/tls/psk`"],
  ["RSA_PSK", "`rsaPsk` of `@tlskit/tls/psk`"],
  ["PSK", "`psk` of `@tlskit/tls/psk`"],
  ["ECDH_anon", "`dangerousEcdhAnon` of `@tlskit/tls/dangerous-anonymous`"],
  ["DH_anon", "`dangerousDhAnon` of `@tlskit/tls/dangerous-anonymous`"],
];

/** All that encrypt, and the anonymous ones. */
const countedSuites = [...tls12CipherSuites, ...dangerousCipherSuites.filter(isAnonymous)];

/** A table for docs/conformance.md: how many suites of each key exchange the peers of this machine have. */
export function keyExchangeTable(): string {
  const rows = exchanges.map(([exchange, from]) => {
    const suites = countedSuites.filter(({ keyExchange }) => keyExchange === exchange);
    const counts = peers.map((peer) => suites.filter(peer.has).length);
    const alone = suites.filter((suite) => !peers.some((peer) => peer.has(suite)));
    return [exchange, from, suites.length, ...counts, alone.map(({ name }) => `\`${name}\``).join(", ") || "none"];
  });
  return [
    ["key exchange", "is", "suites", ...peers.map(({ name }) => name), "suites that no peer here has"],
    ["---", "---", "---:", ...peers.map(() => "---:"), "---"],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}
