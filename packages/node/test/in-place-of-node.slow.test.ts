import { once } from "node:events";
import { Socket } from "node:net";
import * as node from "node:tls";
import { describe, expect, test } from "vitest";
import * as ours from "../src/tls/index.ts";
import { alice, authority, stranger } from "./helpers/clients.ts";
import { listening, pem, text } from "./helpers/world.ts";

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
