import { fork } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import * as net from "node:net";
import { Duplex } from "node:stream";
import * as tls from "node:tls";
import { nodePasswordCryptography, nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, createPkcs12Sync, encryptPrivateKeySync, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  accept,
  type CreateServerOptions,
  connect,
  createServer,
  createServerContext,
  type TlsSocket,
} from "../src/index.ts";
import { connected, failure, listening, ourClient, ourServer, pem, pki, rawSocket, text } from "./helpers/world.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A second host, with an authority of its own. */
const other = throwawayPki(nodeProvider, random, ["other.example"], Date.now());
const otherPem = {
  ca: certificatesToPem(other.root.certificate),
  cert: certificatesToPem(...other.certificate.chain),
  key: privateKeyToPem(other.certificate.key),
};
const { chain, key } = pki.certificate;
/** Weak, so that the tests are quick. */
const protection = {
  password: "secret",
  cryptography: nodePasswordCryptography,
  random,
  keyDerivation: { name: "PBKDF2", hash: "SHA-256", iterations: 1000 },
} as const;

describe("certificates and keys", () => {
  const encrypted = encryptPrivateKeySync(key, protection);
  const pfx = createPkcs12Sync({ key, certificates: chain, ...protection });

  test.each<[string, CreateServerOptions]>([
    ["as Buffers", { cert: Buffer.from(pem.cert), key: Buffer.from(pem.key) }],
    ["in lists", { cert: [pem.cert], key: [Buffer.from(pem.key)] }],
    ["several, their keys in another order", { cert: [pem.cert, otherPem.cert], key: [otherPem.key, pem.key] }],
    ["with a KeyObject", { cert: pem.cert, key: createPrivateKey(pem.key) }],
    ["with an encrypted key", { cert: pem.cert, key: encrypted, passphrase: "secret" }],
    [
      "with an encrypted key and its own passphrase",
      { cert: pem.cert, key: [{ pem: encrypted, passphrase: "secret" }] },
    ],
    ["with a passphrase that none of it needs", { cert: pem.cert, key: pem.key, passphrase: "secret" }],
    ["in PKCS#12", { pfx, passphrase: "secret" }],
    ["in PKCS#12, with its own passphrase", { pfx: [{ buf: Buffer.from(pfx), passphrase: "secret" }] }],
  ])("%s", async (_form, options) => {
    const server = createServer(options, (socket) => socket.end("served"));
    expect(await text(ourClient(await listening(server)))).toBe("served");
  });

  test.each<[string, CreateServerOptions, string]>([
    ["a wrong passphrase", { cert: pem.cert, key: encrypted, passphrase: "wrong" }, "wrong_password"],
    ["no passphrase", { cert: pem.cert, key: encrypted }, "encrypted_private_key"],
    ["a wrong passphrase of PKCS#12", { pfx, passphrase: "wrong" }, "wrong_password"],
    ["another certificate's key", { cert: [pem.cert, otherPem.cert], key: [pem.key] }, "certificate_key_mismatch"],
  ])("%s is an error at once", (_what, options, code) => {
    expect(() => createServer(options)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ["a Buffer", Buffer.from(pem.ca)],
    ["a list of texts and Buffers", [otherPem.ca, Buffer.from(pem.ca)]],
    ["a Buffer with a byte order mark", Buffer.from(`\ufeff${pem.ca}`)],
  ])("an authority may be %s", async (_form, ca) => {
    const { port } = await ourServer({}, (socket) => socket.end("served"));
    expect(await text(ourClient(port, { ca }))).toBe("served");
  });
});

describe("SNICallback", () => {
  const forOther = createServerContext({ certificates: [other.certificate] });

  test("gives the context by the name, or leaves the server's own", async () => {
    const names: string[] = [];
    const { port } = await ourServer(
      {
        SNICallback: (name, done) => {
          names.push(name);
          if (name === "other.example") setImmediate(() => done(null, forOther));
          else done(null);
        },
      },
      (socket) => socket.end("served"),
    );
    expect(await text(ourClient(port, { servername: "other.example", ca: otherPem.ca }))).toBe("served");
    expect(await text(ourClient(port))).toBe("served");
    expect(await text(ourClient(port, { host: "127.0.0.1", servername: "" }))).toBe("served");
    expect(names).toEqual(["other.example", "localhost"]);
  });

  test.each<[string, CreateServerOptions["SNICallback"]]>([
    ["an error", (_name, done) => done(new Error("unknown"))],
    ["something that is no context", (_name, done) => done(null, tls.createSecureContext() as never)],
    ["an exception", () => expect.fail("thrown")],
  ])("ends the handshake by %s", async (_what, SNICallback) => {
    const { server, port } = await ourServer({ SNICallback });
    const client = ourClient(port);
    const [[error]] = await Promise.all([once(server, "tlsClientError"), failure(client)]);
    expect(error).toBeInstanceOf(Error);
  });
});

describe("a process", () => {
  test.each(["at once", "when connected", "when secure"])(
    "doesn't wait for a socket that is unref'd %s",
    async (when) => {
      // Takes connections, and says nothing; or speaks TLS, and nothing else.
      const { port } = when === "when secure" ? await ourServer() : { port: await listening(net.createServer()) };
      const child = fork(new URL("helpers/unref-child.ts", import.meta.url), [String(port), when], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, TLSKIT_TEST_CA: pem.ca },
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      const [code] = await once(child, "exit");
      expect(code).toBe(0);
    },
  );
});

describe("an encoding that was set on the raw socket", () => {
  test.each(["utf8", "latin1", "hex"] as const)("%s: a client reads bytes nevertheless", async (encoding) => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key }, (socket) => socket.end("ünder"));
    const raw = net.connect(await listening(server), "127.0.0.1");
    raw.setEncoding(encoding);
    await once(raw, "connect");
    expect(await text(ourClient(0, { socket: raw }))).toBe("ünder");
  });

  test("and a server", async () => {
    const server = net.createServer((raw) => {
      raw.setEncoding("utf8");
      accept(raw, { certificates: [pki.certificate] }).end("ünder");
    });
    expect(await text(ourClient(await listening(server)))).toBe("ünder");
  });

  test("later is an error that names it", async () => {
    const { client, rawClient, server } = await connected();
    rawClient.setEncoding("utf8");
    server.write("data");
    expect(await failure(client)).toMatchObject({ kind: "caller", code: "raw_encoding" });
  });

  test("a stream of objects is refused as well", async () => {
    const objects = new Duplex({ objectMode: true, read: () => undefined, write: (_chunk, _encoding, done) => done() });
    const client = ourClient(0, { socket: objects });
    objects.push({});
    expect(await failure(client)).toMatchObject({ kind: "caller", code: "raw_encoding" });
  });
});

describe("close", () => {
  const outcome = (socket: TlsSocket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve));

  test("tells whether there was an error", async () => {
    const { client, server } = await connected();
    const [atClient, atServer] = [outcome(client), outcome(server)];
    client.resume().end();
    server.resume();
    expect(await Promise.all([atClient, atServer])).toEqual([false, false]);
    const [first, second] = [await connected(), await connected()];
    const destroyed = outcome(first.client);
    first.client.destroy();
    expect(await destroyed).toBe(false);
    const failed = outcome(second.client);
    second.client.destroy(new Error("enough"));
    expect(await failed).toBe(true);
  });

  test("comes after the error", async () => {
    const { client } = await connected();
    const order: string[] = [];
    client.on("error", () => order.push("error"));
    client.on("close", () => order.push("close"));
    client.destroy(new Error("enough"));
    await once(client, "close").catch(() => undefined);
    await new Promise(setImmediate);
    expect(order).toEqual(["error", "close"]);
  });

  test("is the last that whoever listens to the raw socket hears", async () => {
    const heard: unknown[] = [];
    const { port } = await ourServer();
    const raw = rawSocket(port);
    raw.on("error", (error) => heard.push(error));
    // The raw socket lingers, so that the alert arrives; meanwhile the peer may well reset it.
    const client = ourClient(0, { socket: raw, servername: "other.example" });
    await failure(client);
    if (!client.closed) await once(client, "close");
    raw.destroy(new Error("reset"));
    await once(raw, "close");
    expect(heard).toEqual([]);
  });
});

describe("setSecureContext", () => {
  test("takes options, as node:tls does", async () => {
    const { server, port } = await ourServer({}, (socket) => socket.end("served"));
    server.setSecureContext({ cert: otherPem.cert, key: otherPem.key });
    expect(await text(ourClient(port, { servername: "other.example", ca: otherPem.ca }))).toBe("served");
  });
});

test("a peer that hangs up during the handshake is ECONNRESET, as with node:tls", async () => {
  const port = await listening(net.createServer((raw) => raw.end()));
  const theirs = tls.connect({ port, host: "127.0.0.1" });
  const [error] = await once(theirs, "error");
  expect(error).toMatchObject({ code: "ECONNRESET" });
  const mine = connect({ port, host: "127.0.0.1", ca: pki.anchors });
  expect(await failure(mine)).toMatchObject({ code: "ECONNRESET" });
});
