/**
 * What versions of TLS cost in a bundle: docs/versions.md has these rows. Everything a program needs to connect, or to serve,
 * is in them, with cryptography in JavaScript; the names are those that it imports. Then what a client takes by itself, with
 * what, and of what that is made: docs/bundles.md has these.
 */
import { bundle, kilobytes, type Use } from "./bundle.ts";
import { dispensableOf, profileOf } from "./bundle-profile.ts";
import { client, clientProvider, nobleChoices, values } from "./client-bundles.ts";

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

const sizeOf = async (...uses: readonly Use[]): Promise<number> => kilobytes((await bundle(client, ...uses)).code);
const alone = await sizeOf();

console.log("\n| a client of TLS 1.3 | |\n| --- | ---: |");
console.log(`| without a provider | ${alone.toFixed(1)} KB |`);
for (const [name, provider] of [...clientProvider, ...nobleChoices]) {
  console.log(`| with ${name} | ${(await sizeOf(provider)).toFixed(1)} KB |`);
}

console.log("\n| value | adds |\n| --- | ---: |");
for (const [name, use] of values) console.log(`| ${name} | ${((await sizeOf(use)) - alone).toFixed(1)} KB |`);

console.log("\n| part | minified | sent |\n| --- | ---: | ---: |");
for (const [part, bytes, kB] of profileOf(await bundle(client))) {
  console.log(`| ${part} | ${(bytes / 1024).toFixed(1)} KB | ${kB.toFixed(1)} KB |`);
}

console.log("\n| to leave out | saves |\n| --- | ---: |");
for (const [what, kB] of await dispensableOf(client)) console.log(`| ${what} | ${kB.toFixed(1)} KB |`);
