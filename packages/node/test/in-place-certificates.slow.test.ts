import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import type * as node from "node:tls";
import { certificatesToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import * as ours from "../src/tls/index.ts";
import { old, version1 } from "./helpers/old-files.ts";
import { listening, pem, pki, text } from "./helpers/world.ts";

// What it is called by here, as Node's types have it: theirs are about classes of their own.
const { connect, createSecureContext, createServer } = ours as unknown as Pick<
  typeof node,
  "connect" | "createSecureContext" | "createServer"
>;

async function shownTo(client: node.ConnectionOptions, server: node.TlsOptions): Promise<node.TLSSocket> {
  const port = await listening(createServer(server, (socket) => socket.end()));
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ...client });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

const whoever = { rejectUnauthorized: false };
const { cert, key, ca } = pem;

describe("a server in place of node:tls shows", () => {
  test("a certificate of version 1", async () => {
    const socket = await shownTo({ ca: version1.cert, servername: "old.example" }, version1);
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerX509Certificate()?.toString()).toBe(version1.cert);
  });

  test.each<[string, node.TlsOptions]>([
    ["PKCS#12 by triple DES", { pfx: old.pfx, passphrase: old.passphrase }],
    ["PKCS#12 with a password of its own", { pfx: [{ buf: old.pfx, passphrase: old.passphrase }] }],
    ["a PEM text encrypted by OpenSSL's old way", { cert: old.cert, key: old.key, passphrase: old.passphrase }],
    [
      "the same among what is false",
      { cert: [old.cert], key: [{ pem: old.key, passphrase: old.passphrase }], pfx: "" },
    ],
  ])("what is in %s", async (_, server) => {
    const socket = await shownTo({ ca: old.cert, servername: "old.example" }, server);
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate().subject.CN).toBe("old.example");
  });

  test("what certifies its certificate, where that is in ca alone", async () => {
    const [leaf, ...above] = pki.certificate.chain;
    const server = {
      cert: certificatesToPem(...(leaf === undefined ? [] : [leaf])),
      key,
      ca: certificatesToPem(...above),
    };
    expect(above).not.toEqual([]);
    expect((await shownTo({ ca }, server)).authorized).toBe(true);
  });

  test("nothing if there is a certificate without a key, and the client is told", async () => {
    const server = createServer({ cert });
    const port = await listening(server);
    const failed = once(server, "tlsClientError");
    const socket = connect({ port, host: "127.0.0.1", ca });
    const [error] = await once(socket, "error");
    expect(error).toMatchObject({ library: "SSL routines", reason: expect.stringMatching(/handshake failure$/) });
    expect((await failed)[0]).toMatchObject({ reason: "no suitable signature algorithm" });
  });
});

describe("a client in place of node:tls trusts", () => {
  test("what has other labels, and what its context was told besides", async () => {
    expect((await shownTo({ ca: ca.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE") }, { cert, key })).authorized).toBe(
      true,
    );
    expect((await shownTo({ ca: ca.replaceAll("CERTIFICATE", "X509 CERTIFICATE") }, { cert, key })).authorized).toBe(
      true,
    );
    const secureContext = createSecureContext({ ca: old.cert });
    secureContext.context.addCACert(ca);
    expect((await shownTo({ secureContext }, { cert, key })).authorized).toBe(true);
    expect((await shownTo({ secureContext, servername: "old.example" }, old)).authorized).toBe(true);
  });

  test.each<[string, node.ConnectionOptions["ca"]]>([
    ["no list", []],
    ["a text without certificates", key],
  ])("nobody, if it is told of %s", async (_, nobody) => {
    const socket = await shownTo({ ca: nobody, ...whoever }, { cert, key });
    expect(socket.authorized).toBe(false);
    const port = await listening(createServer({ cert, key }));
    const [error] = await once(connect({ port, host: "127.0.0.1", servername: "localhost", ca: nobody }), "error");
    expect(error).toMatchObject({ code: expect.stringMatching(/^UNABLE_TO_/) });
  });
});

test("a server's own certificate in its pfx makes nobody a client that is trusted", async () => {
  const own = { pfx: old.pfx, passphrase: old.passphrase };
  const server = createServer({ ...own, requestCert: true, ...whoever }, (socket) => {
    socket.end(`${socket.authorized} ${String(socket.authorizationError)}`);
  });
  const port = await listening(server);
  const client = connect({ port, host: "127.0.0.1", servername: "old.example", ca: old.cert, ...own });
  expect(await text(client)).toBe("false DEPTH_ZERO_SELF_SIGNED_CERT");
});

test.each<[string, node.SecureContextOptions, object]>([
  ["a key of another certificate", { cert: old.cert, key }, { code: "ERR_OSSL_X509_KEY_VALUES_MISMATCH" }],
  ["no password", { cert: old.cert, key: old.key }, { message: expect.stringMatching(/bad decrypt$/) }],
  ["a wrong one", { cert: old.cert, key: old.key, passphrase: "passwort" }, { code: "ERR_OSSL_BAD_DECRYPT" }],
  ["a wrong one of PKCS#12", { pfx: old.pfx, passphrase: "passwort" }, { message: "mac verify failure" }],
])("%s is an error when the context is made, as with node:tls", (_, options, error) => {
  expect(() => createSecureContext(options)).toThrow(expect.objectContaining(error));
});

test("a client that reads nothing is told of the end, and a server's socket ends with it", async () => {
  const server = createServer({ cert, key });
  const port = await listening(server);
  const accepted = once(server, "secureConnection");
  const raw = connectTcp(port, "127.0.0.1");
  const socket = connect({ socket: raw, servername: "localhost", ca }, () => socket.end());
  const [theirs] = await accepted;
  await Promise.all([once(theirs, "close"), once(socket, "close")]);
  expect([theirs.readableEnded, socket.readableEnded]).toEqual([true, true]);
});
