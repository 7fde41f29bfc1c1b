import { join } from "node:path";
import { cipherSuites, defaultCipherSuites, defaultNamedGroups, namedGroups } from "@tlskit/ciphersuites";
import { expect, test } from "vitest";
import { type Bundle, bundle as bundleOf, kilobytes } from "../src/bundle.ts";
import { client, clientProvider, nobleChoices } from "../src/client-bundles.ts";
import { packageFolders, readManifest } from "../src/workspace.ts";

const bundle = (path: string, ...names: readonly string[]): Promise<Bundle> => bundleOf({ path, names });

/** Words that stand in the code of a part of x509, and nowhere else. */
const parts = {
  tls: ["TlsError", "handshake"],
  passwords: ["PBKDF2", "pbeWithSHA1AndDES", "1.2.840.113549.1.5.13"],
  pkcs12: ["1.2.840.113549.1.12.10.1", "friendly name"],
  jwk: ["key_ops"],
  requests: ["the request's information"],
} as const;

const foundIn = (code: string): readonly string[] =>
  Object.entries(parts).flatMap(([part, words]) => (words.some((word) => code.includes(word)) ? [part] : []));

// The limits are a fifth above what is measured: a part that gets in is noticed, a check more isn't.
test.each<[string, readonly string[], number, readonly string[]]>([
  ["verifying", ["verifyCertificateSync", "TrustAnchors"], 24, []],
  ["verifying with revocation", ["verifyCertificateSync", "TrustAnchors", "checkRevocation"], 34, []],
  ["making", ["createCertificateSync", "privateKeyToPem"], 20, []],
  ["PKCS#12", ["openPkcs12Sync"], 21, ["passwords", "pkcs12"]],
  ["JWK", ["privateKeyFromJwk"], 14, ["jwk"]],
  ["requests", ["verifyCertificateRequestSync"], 17, ["requests"]],
])("x509 for %s alone bundles nothing else", async (_, names, limit, expected) => {
  const { code } = await bundle("packages/x509", ...names);
  expect(foundIn(code)).toEqual(expected);
  expect(kilobytes(code)).toBeLessThan(limit);
});

// Signed certificate timestamps are written in TLS's presentation language (RFC 6962 §3.2): who verifies them gets wire's
// reader, and with it the names of alerts.
test("all of x509 together bundles nothing of TLS but its presentation language", async () => {
  const { code, packages } = await bundle("packages/x509", "*");
  expect(packages).toEqual(["packages/crypto", "packages/wire", "packages/x509"]);
  expect(kilobytes(code)).toBeLessThan(60);
});

// asn1js is for what no verdict rests on: docs/dependencies.md
test("asn1js is bundled with the entry @tlskit/x509/ber, and with no other entry of any package", async () => {
  const entries = packageFolders()
    .filter((folder) => folder.startsWith("packages/"))
    .flatMap((folder) =>
      Object.values(readManifest(folder).exports ?? {}).flatMap((path) =>
        typeof path === "string" && path.endsWith(".ts") ? [join(folder, path)] : [],
      ),
    );
  expect(entries.length).toBeGreaterThan(13);
  const having: string[] = [];
  for (const entry of entries) {
    const { modules } = await bundle(entry, "*");
    if (modules.some((path) => path.includes("/asn1js/"))) having.push(entry);
  }
  expect(having).toEqual(["packages/x509/src/ber/index.ts"]);
});

test("the entry @tlskit/x509/ber takes 25 KB", async () => {
  const { code } = await bundle("packages/x509/src/ber/index.ts", "berToDer");
  expect(kilobytes(code)).toBeGreaterThan(10);
  expect(kilobytes(code)).toBeLessThan(25);
});

test("a key server without sockets, and its client, bundle nothing of X.509, and of TLS the presentation language", async () => {
  const { code, packages } = await bundle("packages/keyless", "*");
  expect(packages).toEqual(["packages/crypto", "packages/keyless", "packages/wire"]);
  expect(kilobytes(code)).toBeLessThan(9);
});

test("roots are bundled if they are used, and their date alone without them", async () => {
  const { code } = await bundle("packages/roots", "mozillaRoots");
  expect(foundIn(code)).toEqual([]);
  expect(kilobytes(code)).toBeGreaterThan(40);
  expect(kilobytes(code)).toBeLessThan(70);
  expect(kilobytes((await bundle("packages/roots", "mozillaRootsDate")).code)).toBeLessThan(0.2);
});

test("a TLS client bundles nothing of x509 that it doesn't use", async () => {
  const { code } = await bundle("packages/tls", "TlsClient", "ClientContext");
  expect(foundIn(code)).toEqual(["tls"]);
});

test("TLS 1.2 is bundled by whoever lists it, and CBC and renegotiation by whoever asks for that besides", async () => {
  const of12 = (modules: readonly string[]): readonly string[] =>
    modules.filter((path) => /tls12|earlier-(host|version)|cbc|main-secret|renegotiati/.test(path));
  for (const names of [
    ["TlsClient", "ClientContext"],
    ["TlsServer", "ServerContext"],
  ]) {
    expect(of12((await bundle("packages/tls", ...names)).modules)).toEqual([]);
  }
  const { modules } = await bundle("packages/tls", "TlsClient", "ClientContext", "tls12");
  expect(of12(modules)).not.toEqual([]);
  expect(modules.filter((path) => /cbc|renegotiati(on|ng)/.test(path))).toEqual([]);
  // Key exchanges with pre-shared keys, and what is called dangerous
  expect(modules.filter((path) => /tls12\/(\w+-)?psk\.ts|anon\.ts|dangerous-(null|anonymous)/.test(path))).toEqual([]);
});

test("TLS 1.1 and 1.0, MD5 and signatures with SHA-1 are bundled by whoever imports the entry of old versions", async () => {
  const old = /RSA-PKCS1\/MD5-SHA-1|rsa_pkcs1_md5_sha1|ecdsa_sha1|SHA-1 end to end|TLS 1\.[01]/;
  const ofLegacy = (modules: readonly string[]): readonly string[] => modules.filter((path) => path.includes("legacy"));
  const all = ["TlsClient", "TlsServer", "ClientContext", "ServerContext"];
  for (const { code, modules } of [
    await bundle("packages/tls", ...all),
    await bundle("packages/tls", ...all, "tls12"),
    await bundle("packages/tls/src/cbc.ts", "*"),
    await bundle("packages/tls/src/rsa.ts", "*"),
  ]) {
    expect(ofLegacy(modules)).toEqual([]);
    // What names are for people says of versions and schemes stays.
    expect(code.replaceAll(/0x\d+|\d+:[`"][^`"]*[`"]/g, "")).not.toMatch(old);
  }
  const { code, modules } = await bundle("packages/tls/src/legacy.ts", "tls11");
  expect(ofLegacy(modules).length).toBeGreaterThan(4);
  expect(code).toMatch(old);
});

// What a version before TLS 1.3 needs hangs on its value (docs/versions.md), and so does what few clients need (docs/bundles.md).
// The limits are a fiftieth above what is measured.
test.each([
  ["client", ["TlsClient", "ClientContext"], 53.4],
  ["server", ["TlsServer", "ServerContext"], 60.9],
])("a %s for TLS 1.3 alone takes no more than it does", async (_role, names, limit) => {
  expect(kilobytes((await bundle("packages/tls", ...names)).code)).toBeLessThan(limit);
});

test.each([
  ["WebCrypto", clientProvider[0], 64.1],
  ["all of noble", clientProvider[1], 92.8],
  ["the least of noble", nobleChoices.at(-1), 77.2],
])("with %s a client takes no more than it does", async (_name, provider, limit) => {
  expect(kilobytes((await bundleOf(client, ...(provider === undefined ? [] : [provider[1]]))).code)).toBeLessThan(
    limit,
  );
});

/** Modules that a client has by what it names. */
const byValue: readonly (readonly [names: readonly string[], modules: RegExp])[] = [
  [["resumption"], /handshake\/src\/(resumable-session|psk-offer|session-resumption)|sessions\/src\/client-session/],
  [["ownCertificates"], /tls\/src\/(certificate-credential|own-certificates)|x509\/src\/keys\//],
  [["postHandshakeAuthentication"], /handshake\/src\/tls13\/certificate-answers/],
  [["externalPskOffers"], /handshake\/src\/external-psk-(offers|for)/],
  [["checkRevocation"], /x509\/src\/(revocation|crl|ocsp)\//],
  [["trustAnchorsFromPem"], /x509\/src\/pem|wire\/src\/base64/],
  [["VerifiedSignatures"], /x509\/src\/verification\/verified-signatures/],
  [["explainTraced"], /ciphersuites\/src\/names|messages\/src\/value-names/],
];

test.each(byValue)("a client that names %s bundles it, and no other", async (names, modules) => {
  expect((await bundleOf(client)).modules.filter((path) => modules.test(path))).toEqual([]);
  const named = await bundle("packages/tls", ...client.names, ...names);
  expect(named.modules.filter((path) => modules.test(path))).not.toEqual([]);
});

test.each(["x25519", "p256", "chacha20Poly1305", "aes128Gcm", "sha256", "rsaVerification"])(
  "noble's %s by itself takes a tenth to a fourth of the whole",
  async (name) => {
    expect(kilobytes((await bundle("packages/crypto-noble", name)).code)).toBeLessThan(16);
  },
);

/** The names of the registry's suites and groups that stand in the code. */
const entriesIn = (code: string): readonly string[] =>
  [...cipherSuites, ...namedGroups].map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(code));

test.each(["TLS_AES_128_GCM_SHA256", "x25519"])("%s alone bundles no other suite or group", async (name) => {
  const { code } = await bundle("packages/ciphersuites", name);
  expect(entriesIn(code)).toEqual([name]);
  expect(kilobytes(code)).toBeLessThan(0.3);
});

test("what a client offers by default bundles nothing that is known beside it", async () => {
  const { code } = await bundle("packages/ciphersuites", "defaultCipherSuites", "defaultNamedGroups");
  expect(entriesIn(code)).toEqual([...defaultCipherSuites, ...defaultNamedGroups].map(({ name }) => name));
});

test("a TLS client bundles no suite and no group that isn't offered by default", async () => {
  const { code } = await bundle("packages/tls", "TlsClient", "ClientContext");
  // Names are there for people; what an entry is made of stands in the entry alone.
  const entries = [
    ...cipherSuites.filter((suite) => !defaultCipherSuites.includes(suite)).map(({ aead }) => `aead:"${aead}"`),
    ...namedGroups
      .filter((group) => !defaultNamedGroups.includes(group))
      .map((group) => `keyExchange:"${group.keyExchange}"`),
  ];
  const written = code.replaceAll("`", '"');
  expect(entries.filter((entry) => written.includes(entry))).toEqual([]);
  expect(written).toContain('aead:"AES-128-GCM"');
  expect(written).toContain('keyExchange:"X25519"');
});

test("names for people are bundled without the suites' entries", async () => {
  const { code } = await bundle("packages/ciphersuites/src/names.ts", "cipherSuiteName");
  expect(code).not.toMatch(/aead|recordLimit/);
  expect(kilobytes(code)).toBeLessThan(1);
});

/** Words that stand in what TLS 1.2 and before need of a provider beyond what TLS 1.3 does. */
const beyondTls13 = [
  "MD5",
  "MD5-SHA-1",
  "ECDSA/P-256/SHA-1",
  "AES-128-CBC",
  "ffdhe2048",
  "unsafe_group",
  "the key encrypts",
];

test("a provider for TLS 1.3 bundles nothing of what TLS 1.2 needs beside it", async () => {
  const found = async (name: string): Promise<readonly string[]> => {
    const { code } = await bundle("packages/crypto-noble", name);
    return beyondTls13.filter((word) => code.includes(word));
  };
  expect(await found("nobleProvider")).toEqual([]);
  expect(await found("nobleTls12Provider")).toEqual(beyondTls13);
  expect(await found("aes128Cbc")).toEqual(["AES-128-CBC"]);
});
