import { once } from "node:events";
import * as http2 from "node:http2";
import * as https from "node:https";
import * as tls from "node:tls";
import { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 } from "@tlskit/ciphersuites";
import { tls12, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type ConnectOptions,
  type CreateServerOptions,
  connect,
  connectHttp2,
  createHttp2Server,
  createHttpsServer,
  HttpsAgent,
  type TlsSocket,
} from "../src/index.ts";
import { connected, listening, ourClient, ourServer, pem, pki, text } from "./helpers/world.ts";

const older = { maxVersion: "TLSv1.2" } as const;
const trusting = { host: "127.0.0.1", servername: "localhost", ca: pem.ca } as const;

/** Who may be at either end: Node's own shows what is usual. */
const clients: Readonly<Record<string, (port: number, options?: object) => tls.TLSSocket | TlsSocket>> = {
  "node:tls": (port, options) => {
    const socket = tls.connect({ ...trusting, port, ...options });
    onTestFinished(() => void socket.destroy());
    return socket;
  },
  ours: (port, options) => ourClient(port, options),
};
type Listener = (socket: tls.TLSSocket | TlsSocket) => void;
const servers: Readonly<Record<string, (options: object, listener: Listener) => Promise<number>>> = {
  "node:tls": (options, listener) =>
    listening(tls.createServer({ cert: pem.cert, key: pem.key, ...options }, listener)),
  ours: async (options, listener) => (await ourServer(options, listener)).port,
};
const pairs = Object.keys(clients).flatMap((client) => Object.keys(servers).map((server) => [client, server] as const));

describe.each(pairs)("a client by %s at a server by %s", (client, server) => {
  const open = clients[client] ?? clients["ours"];
  const serve = servers[server] ?? servers["ours"];

  test.each([
    ["TLSv1.3", {}, {}],
    ["TLSv1.2", older, {}],
    ["TLSv1.2", {}, older],
    ["TLSv1.2", { secureProtocol: "TLSv1_2_method" }, {}],
  ])("speaks %s, as the narrower of the two says: %o, %o", async (version, atClient, atServer) => {
    const told: (string | null)[] = [];
    const port = await serve?.(atServer, (socket) => {
      told.push(socket.getProtocol());
      socket.end("hello");
    });
    const socket = open?.(port ?? 0, atClient);
    let [got, protocol] = ["", ""];
    socket?.once("secureConnect", () => (protocol = String(socket.getProtocol())));
    for await (const chunk of socket ?? []) got += chunk;
    expect([got, protocol, ...told]).toEqual(["hello", version, version]);
  });

  test("resumes a session of TLS 1.2, which it is told once", async () => {
    const resumedAtServer: boolean[] = [];
    const port = await serve?.(older, (socket) => {
      resumedAtServer.push(socket.isSessionReused());
      socket.end("hello");
    });
    const visit = async (session?: Buffer) => {
      const sessions: Buffer[] = [];
      const socket = open?.(port ?? 0, { session });
      socket?.on("session", (bytes: Buffer) => sessions.push(bytes));
      let [reused, last]: [boolean, Buffer | undefined] = [false, undefined];
      socket?.once("secureConnect", () => {
        reused = socket.isSessionReused();
        last = socket.getSession();
      });
      for await (const _ of socket ?? []);
      return { sessions, reused, last };
    };
    const first = await visit();
    expect([first.reused, first.sessions.length]).toEqual([false, 1]);
    // It is there as soon as the handshake is done: in TLS 1.2 the ticket is a part of it.
    expect(first.last).toEqual(first.sessions[0]);
    expect((await visit(first.sessions[0])).reused).toBe(true);
    expect(resumedAtServer).toEqual([false, true]);
  });
});

describe("a socket of TLS 1.2", () => {
  const both = (options: Partial<ConnectOptions> = {}, atServer: Partial<CreateServerOptions> = {}) =>
    connected({ ...older, ...options }, atServer);

  test("tells suite and key exchange as Node's own does", async () => {
    const { client, server } = await both();
    expect(client.getCipher()).toEqual({
      name: "ECDHE-ECDSA-AES128-GCM-SHA256",
      standardName: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      version: "TLSv1.2",
    });
    expect(client.getEphemeralKeyInfo()).toEqual({ type: "ECDH", name: "X25519", size: 253 });
    expect([server.getProtocol(), server.getEphemeralKeyInfo()]).toEqual(["TLSv1.2", null]);
  });

  test("tells the key exchange of TLS 1.3 likewise", async () => {
    const { client } = await connected();
    expect(client.getEphemeralKeyInfo()).toEqual({ type: "TLSGroup", name: "X25519MLKEM768" });
  });

  test("has no keys that could be updated", async () => {
    const { client } = await both();
    expect(() => client.updateKeys()).toThrow(expect.objectContaining({ code: "no_key_update" }));
  });

  // RFC 5246 §7.2.1#close-answered
  test("ends where its peer ends: there is no half-close", async () => {
    const { client, server } = await both({ allowHalfOpen: true }, { allowHalfOpen: true });
    client.end("last words");
    expect(await text(server)).toBe("last words");
    await once(client.resume(), "end");
  });

  test("is refused by its server in the handshake, not behind it, if it has no certificate to show", async () => {
    const demanding = { requestCert: true, ca: pem.ca };
    const { port } = await ourServer(demanding);
    await expect(ourClient(port, older).established).rejects.toMatchObject({ code: "alert_handshake_failure" });
  });
});

describe("keylog", () => {
  test.each([
    ["TLSv1.2", older, ["CLIENT_RANDOM"]],
    [
      "TLSv1.3",
      {},
      [
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        "CLIENT_TRAFFIC_SECRET_0",
        "SERVER_TRAFFIC_SECRET_0",
        "EXPORTER_SECRET",
      ],
    ],
  ])("tells both ends the secrets of a connection of %s", async (_version, options, labels) => {
    const [atClient, atServer, atContext]: [string[], string[], string[]] = [[], [], []];
    const { server, port } = await ourServer({ keyLog: (line) => atContext.push(line) }, (socket) => socket.end());
    server.on("keylog", (line: Buffer, socket: TlsSocket) => {
      expect(socket.remoteAddress).toBe("127.0.0.1");
      atServer.push(String(line));
    });
    const client = ourClient(port, options);
    client.on("keylog", (line: Buffer) => atClient.push(String(line)));
    await text(client);
    expect(atClient.map((line) => line.split(" ")[0])).toEqual(labels);
    expect(atClient.every((line) => /^\w+ [0-9a-f]{64} [0-9a-f]{64,}\n$/.test(line))).toBe(true);
    expect(atServer).toEqual(atClient);
    expect(atContext.map((line) => `${line}\n`)).toEqual(atClient);
  });

  test("tells the lines of node:tls", async () => {
    const atServer: string[] = [];
    const server = tls.createServer({ cert: pem.cert, key: pem.key, ...older }, (socket) => socket.end());
    server.on("keylog", (line: Buffer) => atServer.push(String(line)));
    const client = ourClient(await listening(server));
    const atClient: string[] = [];
    client.on("keylog", (line: Buffer) => atClient.push(String(line)));
    await text(client);
    expect(atClient).toEqual(atServer);
  });
});

describe("HTTP over TLS 1.2", () => {
  const hello = (request: { readonly socket: object }, response: { end(text: string): void }): void => {
    const { socket } = request;
    response.end(
      "getProtocol" in socket && typeof socket.getProtocol === "function" ? String(socket.getProtocol()) : "no TLS",
    );
  };
  const body = async (stream: AsyncIterable<unknown>): Promise<string> => {
    let all = "";
    for await (const chunk of stream) all += chunk;
    return all;
  };
  const get = async (port: number, options: https.RequestOptions): Promise<string> => {
    const [response] = await once(https.get({ ...trusting, port, ...options }), "response");
    return await body(response);
  };

  test("Node's client at our server", async () => {
    const port = await listening(createHttpsServer({ certificates: [pki.certificate] }, hello));
    expect(await get(port, { ...older, agent: false })).toBe("TLSv1.2");
  });

  test("ours at Node's server, and sessions that the agent keeps", async () => {
    const resumed: boolean[] = [];
    const server = https.createServer({ cert: pem.cert, key: pem.key, ...older }, hello);
    server.on("secureConnection", (socket: tls.TLSSocket) => resumed.push(socket.isSessionReused()));
    const port = await listening(server);
    const agent = new HttpsAgent({ ca: pki.anchors });
    onTestFinished(() => agent.destroy());
    for (const _ of [1, 2]) {
      const headers = { Connection: "close" };
      expect(await get(port, { agent, headers })).toBe("TLSv1.2");
    }
    expect(resumed).toEqual([false, true]);
  });

  test("HTTP/2: Node's client at our server", async () => {
    const port = await listening(createHttp2Server({ certificates: [pki.certificate] }, hello));
    const session = http2.connect(`https://localhost:${port}`, { ...trusting, ...older });
    onTestFinished(() => session.destroy());
    expect(await body(session.request({ ":path": "/" }))).toBe("TLSv1.2");
  });

  test("HTTP/2: ours at Node's server", async () => {
    const port = await listening(http2.createSecureServer({ cert: pem.cert, key: pem.key, ...older }, hello));
    const session = await connectHttp2(`https://localhost:${port}`, { ca: pki.anchors });
    onTestFinished(() => session.destroy());
    expect(await body(session.request({ ":path": "/" }))).toBe("TLSv1.2");
  });

  // RFC 9113 §9.2.2
  test("HTTP/2 is refused with a suite that it forbids", async () => {
    const versions = [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256], cbc })];
    const plain = http2.createSecureServer({
      cert: pem.cert,
      key: pem.key,
      ciphers: "ECDHE-ECDSA-AES128-SHA256",
      ...older,
    });
    const session = await connectHttp2(`https://localhost:${await listening(plain)}`, { ca: pki.anchors, versions });
    const [error] = await once(session, "error");
    expect(error).toMatchObject({ code: "inadequate_security" });
    const ours = createHttp2Server({ certificates: [pki.certificate], versions });
    const failed = once(ours, "sessionError");
    const port = await listening(ours);
    const strict = http2.connect(`https://localhost:${port}`, {
      ...trusting,
      ...older,
      ciphers: "ECDHE-ECDSA-AES128-SHA256",
    });
    strict.on("error", () => undefined);
    expect(await failed).toMatchObject([{ code: "inadequate_security" }, {}]);
  });
});

describe("TLS 1.1 and 1.0, where they are listed", () => {
  const all = { versions: [tls13, tls12, tls11, tls10] };
  const atNode = (version: tls.SecureVersion) => ({
    minVersion: version,
    maxVersion: version,
    ciphers: "DEFAULT@SECLEVEL=0",
  });

  test.each(["TLSv1.1", "TLSv1"] as const)("%s: Node's client at our server", async (version) => {
    const told: (string | null)[] = [];
    const { port } = await ourServer(all, (socket) => {
      told.push(socket.getProtocol());
      socket.end("hello");
    });
    const socket = tls.connect({ ...trusting, port, ...atNode(version) });
    expect(await text(socket)).toBe("hello");
    expect(told).toEqual([version]);
  });

  test.each(["TLSv1.1", "TLSv1"] as const)("%s: ours at Node's server", async (version) => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, ...atNode(version) }, (socket) =>
      socket.end("hello"),
    );
    const port = await listening(server);
    const socket = ourClient(port, all);
    expect((await socket.established).version).toBe(version === "TLSv1" ? 0x0301 : 0x0302);
    expect([socket.getProtocol(), socket.getCipher()?.version]).toEqual([version, "TLSv1.0"]);
    expect(await text(socket)).toBe("hello");
    const narrow = ourClient(port, { ...all, minVersion: "TLSv1.2" });
    await expect(narrow.established).rejects.toMatchObject({ code: "alert_protocol_version" });
  });
});

test("connect has the versions of its context", async () => {
  const { port } = await ourServer(older, (socket) => socket.end("hello"));
  const socket = connect({ ...trusting, port, minVersion: "TLSv1.3" });
  await expect(socket.established).rejects.toMatchObject({ code: "alert_protocol_version" });
});
