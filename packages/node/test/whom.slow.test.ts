import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { Alert, type TlsError, UnverifiedPeer } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ConnectOptions, connect, TlsSocket } from "../src/index.ts";
import { failure, listening, ourClient, ourServer, pem, pki, text } from "./helpers/world.ts";

/** How one of the two clients fares at a port of this machine: what the server said, or the error. */
type Client = (port: number, options: object) => Promise<string>;

const ours: Client = async (port, options) => {
  const given: ConnectOptions = { host: "localhost", family: 4, port, ca: pem.ca, ...options };
  const socket = connect(given);
  onTestFinished(() => void socket.destroy());
  return await text(socket);
};

const nodes: Client = async (port, options) => {
  const given: tls.ConnectionOptions & net.TcpNetConnectOpts = {
    host: "localhost",
    family: 4,
    port,
    ca: pem.ca,
    ...options,
  };
  const socket = tls.connect(given);
  onTestFinished(() => void socket.destroy());
  return await text(socket);
};

const both: readonly (readonly [string, Client])[] = [
  ["our client", ours],
  ["node:tls", nodes],
];

/** A server by Node that says where its client comes from. */
async function telling(): Promise<number> {
  const server = tls.createServer({ cert: pem.cert, key: pem.key }, (socket) => {
    socket.on("error", () => undefined);
    socket.end(`hello, ${socket.remoteAddress}, ${socket.servername || "no name"}`);
  });
  return await listening(server);
}

describe.each(both)("%s", (_name, client) => {
  test("comes from localAddress and localPort", async () => {
    const port = await telling();
    expect(await client(port, { servername: "localhost", localAddress: "127.0.0.5" })).toBe(
      "hello, 127.0.0.5, localhost",
    );
  });

  test("asks lookup, and believes a refusal", async () => {
    const port = await telling();
    const refused = Object.assign(new Error("not allowed"), { code: "EBLOCKED" });
    const asked: string[] = [];
    const lookup: net.LookupFunction = (host, _options, done) => {
      asked.push(host);
      done(refused, "", 4);
    };
    await expect(client(port, { host: "inner.example", lookup })).rejects.toBe(refused);
    expect(asked).toEqual(["inner.example"]);
  });

  test("connects to where lookup says, and verifies by the name", async () => {
    const port = await telling();
    const lookup: net.LookupFunction = (_host, options, done) =>
      options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
    await expect(client(port, { host: "inner.example", lookup })).rejects.toThrow();
    expect(await client(port, { host: "inner.example", servername: "localhost", lookup })).toMatch(/^hello/);
  });

  test("hands family to the lookup", async () => {
    const families: unknown[] = [];
    const lookup: net.LookupFunction = (_host, options, done) => {
      families.push(options.family);
      done(new Error("enough"), "", 4);
    };
    await expect(client(1, { family: 6, lookup })).rejects.toThrow("enough");
    expect(families).toEqual([6]);
  });

  test("goes to the socket of a path", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key }, (socket) => socket.end("by path"));
    const path = join(tmpdir(), `tlskit-${process.pid}-${_name.replaceAll(/\W/g, "")}.sock`);
    server.listen(path);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    expect(await client(0, { path })).toBe("by path");
    await expect(client(0, { path: `${path}.absent` })).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is refused by its own checkServerIdentity, whose error it ends with", async () => {
    const port = await telling();
    const refusal = Object.assign(new Error("another key"), { code: "EPIN" });
    const asked: [string, tls.PeerCertificate][] = [];
    const checkServerIdentity: typeof tls.checkServerIdentity = (name, certificate) => {
      asked.push([name, certificate]);
      return refusal;
    };
    await expect(client(port, { checkServerIdentity })).rejects.toBe(refusal);
    expect(asked.map(([name, { subject, fingerprint256 }]) => [name, subject, fingerprint256])).toEqual([
      ["localhost", expect.anything(), new X509Certificate(pem.cert).fingerprint256],
    ]);
  });

  test("sends no name and verifies by the host, told an empty servername as by Node's agents", async () => {
    const port = await telling();
    expect(await client(port, { host: "127.0.0.1", servername: "" })).toBe("hello, 127.0.0.1, no name");
    await expect(client(port, { host: "127.0.0.2", servername: "" })).rejects.toThrow();
  });
});

describe("blockList", () => {
  const loopback = new net.BlockList();
  loopback.addSubnet("127.0.0.0", 8);

  test("keeps a client from an address, also over a socket that was connected elsewhere", async () => {
    const { server, port } = await ourServer();
    let bytes = 0;
    server.on("connection", (raw: net.Socket) => raw.on("data", (data) => (bytes += data.length)));
    const raw = net.connect(port, "127.0.0.1");
    await once(raw, "connect");
    for (const options of [{ host: "127.0.0.1" }, { host: "localhost" }, { socket: raw }]) {
      const client = ourClient(port, { family: 4, blockList: loopback, ...options });
      expect(await failure(client)).toMatchObject({ code: "ERR_IP_BLOCKED" });
    }
    expect(bytes).toBe(0);
  });

  test("keeps a client from a server", async () => {
    const { server, port } = await ourServer({ blockList: loopback }, (socket) => socket.end("let in"));
    const failures: unknown[] = [];
    server.on("tlsClientError", (error) => failures.push(error));
    expect(await failure(ourClient(port))).toMatchObject({ code: "ECONNRESET" });
    expect(failures).toEqual([]);
  });
});

describe("checkServerIdentity", () => {
  test("is not asked about a server that our own checks refuse", async () => {
    const port = await telling();
    let asked = 0;
    const checkServerIdentity = (): undefined => {
      asked += 1;
      return undefined;
    };
    await expect(ours(port, { servername: "other.example", checkServerIdentity })).rejects.toMatchObject({
      code: "certificate_name_mismatch",
    });
    await expect(ours(port, { ca: strangersCa(), checkServerIdentity })).rejects.toMatchObject({ kind: "peer" });
    expect(asked).toBe(0);
    expect(await ours(port, { checkServerIdentity })).toMatch(/^hello/);
    expect(asked).toBe(1);
  });

  test.each<[string, () => unknown]>([
    ["throws", () => expect.fail("thrown")],
    [
      "throws nothing at all",
      () => {
        throw undefined;
      },
    ],
    ["gives a promise, which may be a refusal", () => Promise.resolve(undefined)],
    ["gives something else than an error", () => "no"],
  ])("refuses the server if it %s", async (_how, checkServerIdentity) => {
    const port = await telling();
    const server = ours(port, { checkServerIdentity });
    await expect(server).rejects.toBeInstanceOf(Error);
  });

  test("tells the server by an alert, before any data", async () => {
    const { server, port } = await ourServer({}, (socket) => socket.end("data"));
    const client = ourClient(port, { checkServerIdentity: () => new Error("no") });
    const received: unknown[] = [];
    client.on("data", (data) => received.push(data));
    const [[error]] = await Promise.all([once(server, "tlsClientError"), failure(client)]);
    expect(error).toMatchObject({ kind: "alert", alert: Alert.certificateUnknown });
    expect(received).toEqual([]);
    expect(client.authorized).toBe(false);
  });

  test("and checkServer are both asked", async () => {
    const port = await telling();
    const refusal = new Error("too late");
    const checkServer = async (): Promise<void> => {
      throw refusal;
    };
    await expect(ours(port, { checkServer, checkServerIdentity: () => undefined })).rejects.toMatchObject({
      kind: "internal",
      cause: refusal,
    });
  });
});

/** An authority that certified nobody here. */
function strangersCa(): string {
  return pem.cert.slice(0, pem.cert.indexOf("-----END") + 26);
}

describe("the peer's certificate", () => {
  test("is what node:tls makes of it, with its issuers' and without", async () => {
    const { port } = await ourServer();
    const theirs = tls.connect({ host: "localhost", port, ca: pem.ca }).resume();
    const mine = ourClient(port).resume();
    onTestFinished(() => void theirs.destroy());
    await Promise.all([once(theirs, "secureConnect"), mine.established]);
    expect(mine.getPeerCertificate()).toEqual(theirs.getPeerCertificate());
    expect(mine.getPeerCertificate(true)).toEqual(theirs.getPeerCertificate(true));
    expect(mine.getPeerX509Certificate()?.raw).toEqual(theirs.getPeerX509Certificate()?.raw);
    expect(mine.getPeerX509Certificate()?.issuerCertificate?.raw).toEqual(
      theirs.getPeerX509Certificate()?.issuerCertificate?.raw,
    );
    let top = mine.getPeerCertificate(true);
    while (top.issuerCertificate !== top) top = top.issuerCertificate;
    expect(top.subject).toEqual(top.issuer);
  });

  test("is an empty object where there is none, and nothing once the socket is destroyed", async () => {
    const { server, port } = await ourServer();
    const client = ourClient(port);
    expect(client.getPeerCertificate()).toEqual({});
    expect(client.getPeerX509Certificate()).toBeUndefined();
    const [[atServer]] = await Promise.all([once(server, "secureConnection"), client.established]);
    if (!(atServer instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
    expect(atServer.getPeerCertificate(true)).toEqual({});
    client.destroy();
    expect(client.getPeerCertificate()).toBeNull();
  });
});

describe("a server that can't be verified", () => {
  const allowed = { rejectUnauthorized: false, dangerouslyAllowUnverified: true } as const;

  test("is accepted where two options say so, and told", async () => {
    const { port } = await ourServer({}, (socket) => socket.pipe(socket));
    const client = ourClient(port, { ...allowed, servername: "other.example" });
    const info = await client.established;
    expect([client.authorized, client.authorizationError]).toEqual([false, "certificate_name_mismatch"]);
    expect(info.peer).toBeInstanceOf(UnverifiedPeer);
    expect(client.getPeerCertificate().fingerprint256).toBe(new X509Certificate(pem.cert).fingerprint256);
    client.end("hello");
    expect(await text(client)).toBe("hello");
  });

  test("is told apart from one that can", async () => {
    const { port } = await ourServer();
    const client = ourClient(port, allowed);
    await client.established;
    expect([client.authorized, client.authorizationError]).toEqual([true, null]);
  });

  test("is refused where one option alone says so", async () => {
    const client = ourClient(await telling(), { dangerouslyAllowUnverified: true, servername: "other.example" });
    await expect(client.established).rejects.toMatchObject({ code: "certificate_name_mismatch" });
  });
});

describe("connect takes its arguments as tls.connect does", () => {
  const options: ConnectOptions = { ca: pki.anchors, family: 4 };

  test.each<[string, (port: number, listener: () => void) => TlsSocket]>([
    ["(options, listener)", (port, listener) => connect({ ...options, host: "localhost", port }, listener)],
    ["(options without a host, listener)", (port, listener) => connect({ ...options, port }, listener)],
    ["(port, host, options, listener)", (port, listener) => connect(port, "localhost", options, listener)],
    ["(port as text, host, options, listener)", (port, listener) => connect(`${port}`, "localhost", options, listener)],
    ["(port, options, listener)", (port, listener) => connect(port, options, listener)],
    ["(another port, options with the port, listener)", (port, listener) => connect(1, { ...options, port }, listener)],
    [
      "(options of which some are null, listener)",
      (port, listener) => connect({ ...options, host: "localhost", port, path: null, socketPath: null }, listener),
    ],
  ])("%s", async (_form, call) => {
    const port = await telling();
    let called = 0;
    const socket = call(port, () => {
      called += 1;
    });
    onTestFinished(() => void socket.destroy());
    expect(await text(socket)).toMatch(/^hello/);
    expect(called).toBe(1);
  });

  test("and nothing else", () => {
    const twice = [{ port: 1 }, { checkServerIdentity: () => new Error("dropped") }];
    for (const given of [[], [undefined], [null, { port: 1 }], [() => undefined], twice, [1, ...twice]]) {
      expect(() => Reflect.apply(connect, undefined, given)).toThrow(
        expect.objectContaining({ kind: "caller", code: "invalid_argument" }),
      );
    }
  });

  test("an address with a zone, which is about this machine and not about the server", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key }, (socket) => socket.end("zoned"));
    server.listen(0, "::1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as net.AddressInfo; // it listens on a port, so it has one
    const asked: string[] = [];
    const checkServerIdentity = (name: string): undefined => {
      asked.push(name);
      return undefined;
    };
    const client = connect({ host: "::1%lo", port, servername: "localhost", ca: pem.ca, checkServerIdentity });
    onTestFinished(() => void client.destroy());
    expect(await text(client)).toBe("zoned");
    expect(asked).toEqual(["localhost"]);
    const byAddress = connect({ host: "[::1%lo]", port, ca: pem.ca });
    onTestFinished(() => void byAddress.destroy());
    // The certificate is not for ::1: the verdict says so, of the address alone.
    expect((await failure(byAddress)) as TlsError).toMatchObject({
      code: "certificate_name_mismatch",
      message: expect.stringMatching(/not for ::1[^%]/),
    });
  });
});
