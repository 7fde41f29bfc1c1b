/**
 * What versions of TLS cost in a bundle: docs/versions.md has these rows. Everything a program needs to connect, or to serve,
 * is in them, with cryptography in JavaScript; the names are those that it imports.
 */
import { bundle, kilobytes, type Use } from "./bundle.ts";

const tls = (file: string, ...names: readonly string[]): Use => ({ path: `packages/tls/src/${file}.ts`, names });
const noble = (...names: readonly string[]): Use => ({ path: "packages/crypto-noble", names });

const versions: readonly (readonly [versions: string, ...uses: readonly Use[]])[] = [
  ["TLS 1.3", noble("nobleProvider")],
  ["TLS 1.3, 1.2", tls("index", "tls13", "tls12"), noble("nobleProvider")],
  [
    "TLS 1.3, 1.2 with CBC, DHE and RSA",
    tls("index", "tls13", "tls12With"),
    tls("cbc", "cbc"),
    tls("dhe", "dhe"),
    tls("rsa", "rsa"),
    noble("nobleTls12Provider"),
  ],
  [
    "TLS 1.3, 1.2, 1.1, 1.0",
    tls("index", "tls13", "tls12"),
    tls("legacy", "tls11", "tls10"),
    noble("nobleTls12Provider"),
  ],
];

console.log("| versions | client | server |\n| --- | ---: | ---: |");
for (const [name, ...uses] of versions) {
  const sizes: string[] = [];
  for (const names of [
    ["TlsClient", "ClientContext"],
    ["TlsServer", "ServerContext"],
  ]) {
    const { code } = await bundle(tls("index", ...names), ...uses);
    sizes.push(`${kilobytes(code).toFixed(1)} KB`);
  }
  console.log(`| ${name} | ${sizes.join(" | ")} |`);
}
