import { createPrivateKey, X509Certificate } from "node:crypto";
import * as node from "node:tls";
import { runSync } from "@tlskit/crypto";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import * as ours from "../../src/tls/index.ts";
import { defaultTrust } from "../../src/trust.ts";
import { pem, pki } from "../helpers/world.ts";

interface Thrown {
  readonly name: string;
  readonly code: unknown;
  readonly message: string;
}

/** What a call throws, as far as programs and Node's own tests look at it. */
function thrown(call: () => unknown): Thrown | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name: error.name, code: Reflect.get(error, "code"), message: error.message };
  }
}

const strange: readonly unknown[] = [1, 1.5, -1.5, true, "", "foo", {}, [], [1], null, undefined, Symbol("x"), () => 1];

describe("createSecureContext takes and refuses what that of node:tls does", () => {
  const lists = ["ciphers", "sigalgs", "minVersion", "maxVersion", "secureProtocol", "secureOptions", "sessionTimeout"];
  const others = ["sessionIdContext", "dhparam", "cert", "key", "ca"];
  test.each([...lists, ...others])("%s", (name) => {
    for (const value of strange) {
      // A certificate without a key is nobody's, and isn't read here.
      if (value === "foo" && (name === "cert" || name === "key")) continue;
      const options: Record<string, unknown> = { [name]: value };
      const expected = thrown(() => node.createSecureContext(options));
      const found = thrown(() => ours.createSecureContext(options));
      // Where OpenSSL has no code there is one here.
      if (expected?.code === undefined && expected !== undefined) expect(found?.code, String(value)).toBeDefined();
      else if (String(expected?.code).startsWith("ERR_INVALID")) expect(found, String(value)).toEqual(expected);
      else expect([found?.name, found?.code], String(value)).toEqual([expected?.name, expected?.code]);
    }
  });

  test.each([
    { minVersion: "TLSv9" },
    { maxVersion: "TLSv1.4" },
    { minVersion: "TLSv1.2", secureProtocol: "TLS_method" },
    { maxVersion: "TLSv1.2", secureProtocol: "TLSv1_2_method" },
    { secureProtocol: "SSLv2_method" },
    { secureProtocol: "SSLv3_client_method" },
    { secureProtocol: "TLSv1_3_method" },
    { secureProtocol: "constructor" },
    { sigalgs: "" },
    { sessionTimeout: -1 },
    { sessionTimeout: 2 ** 31 },
    { ciphers: ":" },
    { ecdhCurve: 1 },
    { ticketKeys: "x" },
    { ticketKeys: new Uint8Array(3) },
  ])("%j, to the sentence", (options) => {
    const expected = thrown(() => node.createSecureContext(options as node.SecureContextOptions));
    expect(expected).toBeDefined();
    expect(thrown(() => ours.createSecureContext(options as ours.SecureContextOptions))).toEqual(expected);
  });

  test.each([
    { ciphers: "FOO" },
    { ciphers: "TLS_FOO" },
    { ciphers: "HIGH:TLS_FOO" },
    { ciphers: "HIGH:!ALL" },
    { ciphers: "HIGH*" },
    { ciphers: "HIGH:@FOO" },
    { ciphers: "FOO:DEFAULT" },
    { ecdhCurve: "foo" },
    { ecdhCurve: "P-256:foo" },
    { ecdhCurve: "P-256,P-384" },
    { cert: "no PEM", key: pem.key },
    { cert: pem.cert, key: "no PEM" },
    { cert: pem.cert, key: otherKey() },
  ])("%j, by its code", (options) => {
    const expected = thrown(() => node.createSecureContext(options));
    expect(expected?.code).toBeDefined();
    const found = thrown(() => ours.createSecureContext(options));
    expect([found?.name, found?.code]).toEqual([expected?.name, expected?.code]);
  });

  test.each([
    {},
    { ciphers: "" },
    { ciphers: "HIGH@SECLEVEL=0" },
    { ciphers: "TLS_FOO:TLS_AES_128_GCM_SHA256" },
    { ecdhCurve: "auto" },
    { ecdhCurve: "prime256v1:X25519" },
    { ecdhCurve: "?foo:P-256" },
    { sigalgs: "ECDSA+SHA256:rsa_pss_rsae_sha256:PSS+SHA384:ed25519" },
    { sigalgs: "RSA+SHA1:RSA+SHA256" },
    { dhparam: "auto" },
    { dhparam: "no PEM" },
    { secureProtocol: "TLS_method" },
    { minVersion: "TLSv1" },
    { minVersion: null, ciphers: null },
    { cert: pem.cert, key: createPrivateKey(pem.key).export({ format: "pem", type: "sec1" }) },
  ])("%j is taken", (options) => {
    expect(thrown(() => node.createSecureContext(options as node.SecureContextOptions))).toBeUndefined();
    expect(thrown(() => ours.createSecureContext(options as ours.SecureContextOptions))).toBeUndefined();
  });
});

test("a key may be one that Node has, or a signer", () => {
  const { cert, key } = pem;
  const signer = { algorithms: ["ECDSA/P-256/SHA-256"], sign: () => new Uint8Array(64) };
  for (const one of [createPrivateKey(key), signer, [{ pem: key, passphrase: "x" }]]) {
    const options: object = { cert, key: one };
    expect(ours.createSecureContext(options)).toBeInstanceOf(ours.SecureContext);
  }
});

test("a certificate that a server can't have is refused before there is a client", () => {
  const { chain, key } = runSync(pki.bad("key not for signing"));
  const options = { cert: certificatesToPem(...chain), key: privateKeyToPem(key) };
  const refused = expect.objectContaining({ code: "unsuitable_certificate" });
  expect(() => ours.createServer(options)).toThrow(refused);
  const server = ours.createServer(pem);
  expect(() => server.setSecureContext(options)).toThrow(refused);
  expect(() => server.addContext("localhost", options)).toThrow(refused);
});

describe("getCACertificates and setDefaultCACertificates", () => {
  test("say what those of node:tls say", () => {
    expect(ours.rootCertificates).toBe(node.rootCertificates);
    expect(ours.getCACertificates("bundled")).toBe(node.rootCertificates);
    for (const type of ["x", 1, null]) {
      const expected = thrown(() => node.getCACertificates(type as "default"));
      expect(thrown(() => ours.getCACertificates(type as "default"))).toEqual(expected);
    }
    for (const certs of [undefined, 1, "x", [1], [null], ["x"]]) {
      const expected = thrown(() => node.setDefaultCACertificates(certs as string[]));
      const found = thrown(() => ours.setDefaultCACertificates(certs as string[]));
      expect({ ...found, message: found?.message.replace(/array \(.*\)$/, "array") }).toEqual(expected);
    }
  });

  test("read and write whom connections trust", () => {
    const before = ours.getCACertificates();
    const trusted = defaultTrust().anchors.all.flatMap(({ certificate }) => certificate?.der ?? []);
    expect(fingerprints(before)).toEqual(fingerprints(trusted));
    expect(Object.isFrozen(before)).toBe(true);
    expect(ours.getCACertificates("default")).toBe(before);
    try {
      const { buffer, byteOffset, byteLength } = Buffer.from(pem.ca);
      const view: unknown = new DataView(buffer, byteOffset, byteLength);
      ours.setDefaultCACertificates([pem.ca, view as string]);
      expect(ours.getCACertificates()).toEqual([pem.ca]);
      const unreadable = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
      expect(thrown(() => ours.setDefaultCACertificates([pem.ca, unreadable]))).toMatchObject({
        code: "ERR_OSSL_PEM_ASN1_LIB",
      });
      expect(ours.getCACertificates()).toEqual([pem.ca]);
      ours.setDefaultCACertificates([]);
      expect(ours.getCACertificates()).toEqual([]);
    } finally {
      ours.setDefaultCACertificates(before);
    }
    expect(fingerprints(ours.getCACertificates())).toEqual(fingerprints(before));
  });
});

test.each([
  [["h2", "http/1.1"]],
  [["é"]],
  [Buffer.from("\x01a\x02bc")],
  [new Uint16Array([0x6101])],
  [Buffer.from("\x02a")],
  [[""]],
  [["a".repeat(256)]],
  [["a".repeat(255)]],
  [[]],
  ["h2"],
  [undefined],
])("convertALPNProtocols of %j is as that of node:tls", (protocols) => {
  const { convertALPNProtocols }: { convertALPNProtocols?: typeof ours.convertALPNProtocols } = node as object;
  const expected = {};
  const found = {};
  const failure = thrown(() => convertALPNProtocols?.(protocols, expected));
  expect(thrown(() => ours.convertALPNProtocols(protocols, found))).toEqual(failure);
  expect(found).toEqual(expected);
});

function fingerprints(certificates: readonly (string | Uint8Array)[]): ReadonlySet<string> {
  return new Set(certificates.map((certificate) => new X509Certificate(certificate).fingerprint256));
}

/** A key that belongs to another certificate. */
function otherKey(): string {
  return `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
-----END PRIVATE KEY-----
`;
}
