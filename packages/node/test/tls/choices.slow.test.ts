import { once } from "node:events";
import * as node from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import * as ours from "../../src/tls/index.ts";
import { listening, text } from "../helpers/world.ts";

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
type Tls = Pick<typeof node, "connect" | "createServer">;
const inPlace = ours as unknown as Tls;

const pki = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  "localhost",
  Date.now(),
  { keyTypes: ["rsaEncryption", "P-256"], authorityKeyType: "P-256" },
);
const [rsa, ecdsa] = pki.certificates.map(({ chain, key }) => ({
  cert: certificatesToPem(...chain),
  key: privateKeyToPem(key),
}));
const ca = certificatesToPem(pki.root.certificate);

/** Each with the other: OpenSSL's way and ours have to meet. */
const ways: readonly (readonly [client: string, server: string, Tls, Tls])[] = [
  ["ours", "ours", inPlace, inPlace],
  ["ours", "node:tls", inPlace, node],
  ["node:tls", "ours", node, inPlace],
];

/** What both are told, and what comes of it. */
const choices: readonly (readonly [options: node.SecureContextOptions, protocol: string, suite: string | RegExp])[] = [
  [{ ciphers: "AES128-SHA:@SECLEVEL=0", maxVersion: "TLSv1.2" }, "TLSv1.2", "AES128-SHA"],
  [{ ciphers: "kRSA+AESGCM", maxVersion: "TLSv1.2" }, "TLSv1.2", "AES256-GCM-SHA384"],
  [
    { ciphers: "DHE-RSA-AES128-GCM-SHA256", dhparam: "auto", maxVersion: "TLSv1.2" },
    "TLSv1.2",
    "DHE-RSA-AES128-GCM-SHA256",
  ],
  [
    // Parameters that can't be read are as none.
    { ciphers: "DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", dhparam: "none", maxVersion: "TLSv1.2" },
    "TLSv1.2",
    "ECDHE-RSA-AES128-GCM-SHA256",
  ],
  [{ ciphers: "ECDHE+SHA256+AES128", maxVersion: "TLSv1.2" }, "TLSv1.2", "ECDHE-RSA-AES128-SHA256"],
  [{ ciphers: "ECDHE+CHACHA20", maxVersion: "TLSv1.2" }, "TLSv1.2", "ECDHE-RSA-CHACHA20-POLY1305"],
  [{ ciphers: "TLS_CHACHA20_POLY1305_SHA256" }, "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"],
  [{ ciphers: "TLS_AES_256_GCM_SHA384:HIGH" }, "TLSv1.3", "TLS_AES_256_GCM_SHA384"],
  [{ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }, "TLSv1.1", /^ECDHE-RSA-AES\d+-SHA$/],
  [{ minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "AES256-SHA@SECLEVEL=0" }, "TLSv1", "AES256-SHA"],
  [{ secureProtocol: "TLSv1_method", ciphers: "ALL@SECLEVEL=0" }, "TLSv1", /^ECDHE-RSA-AES\d+-SHA$/],
  [{ secureProtocol: "TLSv1_2_method" }, "TLSv1.2", /^ECDHE-RSA-/],
  [{ secureProtocol: "TLS_method" }, "TLSv1.3", /^TLS_/],
];

describe.each(ways)("a client of %s and a server of %s", (_client, _server, client, server) => {
  test.each(choices)("by %j come to %s and %s", async (options, protocol, suite) => {
    const [negotiated, name] = await met(client, server, options, options);
    expect(negotiated).toBe(protocol);
    if (typeof suite === "string") expect(name).toBe(suite);
    else expect(name).toMatch(suite);
  });

  test("come to a group by ecdhCurve, and to a signature by sigalgs", async () => {
    const [, , group] = await met(client, server, { ecdhCurve: "P-384" }, { ecdhCurve: "X25519:P-521:P-384" });
    expect(group).toMatchObject({ name: "secp384r1" });
    const options = { sigalgs: "rsa_pss_rsae_sha512" };
    expect((await met(client, server, options, options))[0]).toBe("TLSv1.3");
  });
});

describe("here, unlike there", () => {
  const withEcdsa = ecdsa ?? {};

  test("broad words bring nothing old", async () => {
    const options = { ciphers: "ALL:COMPLEMENTOFDEFAULT@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;
    const [, suite] = await met(inPlace, inPlace, options, options);
    expect(suite).toBe("ECDHE-RSA-AES256-GCM-SHA384");
    await expect(met(node, inPlace, { ...options, ciphers: "AES128-SHA@SECLEVEL=0" }, options)).rejects.toMatchObject({
      code: expect.stringMatching(/HANDSHAKE_FAILURE$/),
    });
  });

  test("a server leaves out what its certificate can't do", async () => {
    const options = { ciphers: "AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
    const [, suite] = await met(inPlace, inPlace, options, { ...options, ...withEcdsa });
    expect(suite).toBe("ECDHE-ECDSA-AES128-GCM-SHA256");
  });

  test("a server does no DHE without dhparam, as there", async () => {
    const options = { ciphers: "DHE-RSA-AES128-GCM-SHA256:ECDHE+AESGCM", maxVersion: "TLSv1.2" } as const;
    expect((await met(inPlace, inPlace, options, options))[1]).toMatch(/^ECDHE-/);
    expect((await met(inPlace, inPlace, options, { ...options, dhparam: "auto" }))[1]).toMatch(/^DHE-/);
  });

  test("parameters of one's own stand for a group that everybody can look up", async () => {
    const ciphers = { ciphers: "DHE-RSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
    const [, , group] = await met(inPlace, inPlace, ciphers, { ...ciphers, dhparam: dhParameters(3000) });
    expect(group).toMatchObject({ type: "DH", size: 3072 });
  });

  test("what is assigned to a default holds from then on", async () => {
    const { default: tls } = ours;
    const { DEFAULT_MAX_VERSION } = tls;
    tls.DEFAULT_MAX_VERSION = "TLSv1.2";
    try {
      expect((await met(inPlace, inPlace, {}, {}))[0]).toBe("TLSv1.2");
    } finally {
      tls.DEFAULT_MAX_VERSION = DEFAULT_MAX_VERSION;
    }
    expect((await met(inPlace, inPlace, {}, {}))[0]).toBe("TLSv1.3");
  });

  test("whoever setDefaultCACertificates names is trusted where no ca is given", async () => {
    const before = ours.getCACertificates();
    await expect(met(inPlace, inPlace, { ca: undefined }, {})).rejects.toMatchObject({
      code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    });
    ours.setDefaultCACertificates([ca]);
    try {
      expect((await met(inPlace, inPlace, { ca: undefined }, {}))[0]).toBe("TLSv1.3");
    } finally {
      ours.setDefaultCACertificates(before);
    }
  });
});

type Met = readonly [protocol: string | null, suite: string, group: object | null];

/** A connection of a client and a server, and what they came to. */
async function met(
  client: Tls,
  server: Tls,
  clientOptions: node.ConnectionOptions,
  serverOptions: node.TlsOptions,
): Promise<Met> {
  const port = await listening(server.createServer({ ...rsa, ...serverOptions }, (socket) => socket.end()));
  const socket = client.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...clientOptions });
  await once(socket, "secureConnect");
  const found: Met = [socket.getProtocol(), socket.getCipher().name, socket.getEphemeralKeyInfo()];
  await text(socket);
  return found;
}

/** PKCS #3: parameters with a prime, or so, of that many bits. */
function dhParameters(bits: number): string {
  const prime = Buffer.alloc(Math.ceil(bits / 8) + 1, 0xff);
  prime[0] = 0;
  prime[1] = 0xff >> (7 - ((bits - 1) % 8));
  const inner = Buffer.concat([Buffer.of(0x02, 0x82), uint16(prime.length), prime, Buffer.of(0x02, 0x01, 0x02)]);
  const der = Buffer.concat([Buffer.of(0x30, 0x82), uint16(inner.length), inner]);
  const base64 = der.toString("base64").replace(/(.{64})/g, "$1\n");
  return `-----BEGIN DH PARAMETERS-----\n${base64}\n-----END DH PARAMETERS-----\n`;
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
