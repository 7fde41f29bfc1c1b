import { once } from "node:events";
import { Socket } from "node:net";
import * as node from "node:tls";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  certificatesToPem,
  createCertificateSync,
  type Extension,
  generatePrivateKeySync,
  nameConstraintsExtension,
  privateKeyToPem,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import * as ours from "../src/tls/index.ts";
import { alice, authority, stranger } from "./helpers/clients.ts";
import { listening, pem, text } from "./helpers/world.ts";

/** A certificate as private authorities make them that have never heard of alternative names. */
function commonNameAlone(...extensions: readonly Extension[]) {
  const rootKey = generatePrivateKeySync({ provider, random });
  const key = generatePrivateKeySync({ provider, random });
  const validity = { from: new Date(Date.now() - 60_000), days: 1 };
  const by = { provider, random, validity, signer: rootKey };
  const subject = { commonName: "Somebody's own authority" };
  const root = createCertificateSync({ ...by, publicKey: rootKey, subject, ca: {}, extensions });
  const leaf = createCertificateSync({ ...by, publicKey: key, issuer: root, subject: { commonName: "host.example" } });
  return { ca: certificatesToPem(root), pem: { cert: certificatesToPem(leaf), key: privateKeyToPem(key) } };
}

test("a common name doesn't count where the authority is held to names, which it would escape", async () => {
  const host = commonNameAlone(
    nameConstraintsExtension({ permitted: [{ type: "dNSName", value: "elsewhere.example" }] }),
  );
  const port = await listening(ours.createServer(host.pem));
  const socket = ours.connect({ port, host: "127.0.0.1", servername: "host.example", ca: host.ca });
  const [error] = await once(socket, "error");
  expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
type Tls = Pick<typeof node, "connect" | "createServer">;
const inPlace = ours as unknown as Tls;

/** Each with either: what happens is the same. */
const ways: readonly (readonly [string, string, Tls, Tls])[] = [
  ["node:tls", "node:tls", node, node],
  ["ours", "ours", inPlace, inPlace],
  ["ours", "node:tls", inPlace, node],
  ["node:tls", "ours", node, inPlace],
];

const { ca, cert, key } = pem;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

describe.each(ways)("a client of %s and a server of %s", (_client, _server, client, server) => {
  test("speak, and tell who they are", async () => {
    const listener = (socket: node.TLSSocket): void => {
      socket.end(`${socket.authorized} ${socket.getProtocol()} ${socket.servername}`);
    };
    const port = await listening(server.createServer({ cert, key }, listener));
    const socket = client.connect({ port, host: "127.0.0.1", servername: "localhost", ca });
    await once(socket, "secureConnect");
    expect(socket).toBeInstanceOf(Socket);
    expect(socket).toMatchObject({ authorized: true, authorizationError: null, encrypted: true });
    expect(await text(socket)).toBe("false TLSv1.3 localhost");
  });

  test("with rejectUnauthorized: false, whoever it is", async () => {
    const port = await listening(server.createServer({ cert, key }, (socket) => socket.end()));
    const socket = client.connect({ port, host: "127.0.0.1", servername: "other.example", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(false);
    await text(socket);
  });

  test("with checkServerIdentity, which replaces the check of the name", async () => {
    const port = await listening(server.createServer({ cert, key }, (socket) => socket.end()));
    const asked: unknown[] = [];
    const socket = client.connect({
      port,
      host: "127.0.0.1",
      servername: "other.example",
      ca,
      checkServerIdentity: (name, certificate) => {
        asked.push(name, certificate.subjectaltname);
        return undefined;
      },
    });
    await once(socket, "secureConnect");
    expect(asked).toEqual(["other.example", expect.stringContaining("DNS:localhost")]);
    expect(socket.authorized).toBe(true);
    await text(socket);
  });

  test("told nothing, by null: as undici tells it", async () => {
    const nothing = { ca: null, crl: null, ALPNProtocols: null, handshakeTimeout: null } as unknown as node.TlsOptions;
    const port = await listening(server.createServer({ ...nothing, cert, key }, (socket) => socket.end("hello")));
    const told = {
      ...{ session: null, socket: null, secureContext: null, timeout: null, signal: null, localAddress: null },
      ...{ path: null, cert: null, key: null, highWaterMark: null, ALPNProtocols: null },
    } as unknown as node.ConnectionOptions;
    const options = { port, host: "127.0.0.1", servername: "localhost", ca };
    expect(await text(client.connect({ ...told, ...options }))).toBe("hello");
  });

  test("and a name that the certificate isn't for", async () => {
    const port = await listening(server.createServer({ cert, key }));
    const socket = client.connect({ port, host: "127.0.0.1", servername: "other.example", ca });
    const [error] = await once(socket, "error");
    expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID", host: "other.example" });
  });

  describe("and a client certificate", () => {
    const asking = { cert, key, ca: authority.pem, requestCert: true };
    const listener = (socket: node.TLSSocket): void => {
      const { subject } = socket.getPeerCertificate();
      socket.end(`${socket.authorized} ${socket.authorizationError} ${subject?.CN}`);
    };

    test("that is verified", async () => {
      const port = await listening(server.createServer(asking, listener));
      const socket = client.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...alice.pem });
      expect(await text(socket)).toBe("true null alice");
    });

    test("that isn't, let in by rejectUnauthorized: false", async () => {
      const port = await listening(server.createServer({ ...asking, rejectUnauthorized: false }, listener));
      const socket = client.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...stranger.pem });
      expect(await text(socket)).toMatch(/^false \w+ alice$/);
    });

    test("that isn't, and is refused", async () => {
      const refusing = server.createServer(asking);
      const port = await listening(refusing);
      const refused = once(refusing, "tlsClientError");
      const socket = client.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...stranger.pem });
      socket.on("error", () => undefined);
      expect(await refused).toHaveLength(2);
    });
  });

  test("and a certificate that has a common name alone, of an authority that was named", async () => {
    const host = commonNameAlone();
    const port = await listening(server.createServer(host.pem, (socket) => socket.end("it is")));
    const socket = client.connect({ port, host: "127.0.0.1", servername: "host.example", ca: host.ca });
    expect(await text(socket)).toBe("it is");
    const other = client.connect({ port, host: "127.0.0.1", servername: "other.example", ca: host.ca });
    const [error] = await once(other, "error");
    expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("with ALPN", async () => {
    const port = await listening(
      server.createServer({ cert, key, ALPNProtocols: ["h2", "http/1.1"] }, (socket) => socket.end()),
    );
    const socket = client.connect({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ca,
      ALPNProtocols: ["http/1.1"],
    });
    await once(socket, "secureConnect");
    expect(socket.alpnProtocol).toBe("http/1.1");
    await text(socket);
  });
});

test("a server is made without new as well, and is one", () => {
  const server = ours.Server({});
  expect(server).toBeInstanceOf(ours.Server);
  expect(ours.createServer()).toBeInstanceOf(ours.Server);
  expect(ours.Server.name).toBe(node.Server.name);
});

describe.each<[string, Tls]>([
  ["node:tls", node],
  ["ours", inPlace],
])("onread, by %s", (_name, client) => {
  const message = "what is sent ".repeat(10_000);

  async function received(pausing: (socket: node.TLSSocket) => boolean | undefined): Promise<string> {
    const port = await listening(ours.createServer({ cert, key }, (socket) => socket.end(message)));
    const buffer = Buffer.alloc(1000);
    let [text, times] = ["", 0];
    const onread = {
      buffer,
      callback: (length: number, into: Uint8Array): boolean => {
        expect(into).toBe(buffer);
        text += buffer.toString("latin1", 0, length);
        times += 1;
        if (times % 20 !== 0) return true;
        setImmediate(() => socket.resume());
        return pausing(socket) ?? true;
      },
    };
    const options = { port, host: "127.0.0.1", servername: "localhost", ca, onread };
    const socket = client.connect(options);
    socket.on("data", () => expect.unreachable());
    await once(socket, "end");
    return text;
  }

  test("gives what is received in a buffer of the program's", async () => {
    expect(await received(() => true)).toBe(message);
  });

  test("waits where the callback says so", async () => {
    expect(await received(() => false)).toBe(message);
  });

  test("waits where the socket is paused", async () => {
    expect(await received((socket) => void socket.pause())).toBe(message);
  });
});
