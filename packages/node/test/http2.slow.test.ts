import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import type { Server, Socket } from "node:net";
import { Duplex } from "node:stream";
import {
  connectHttp2,
  createHttp2Server,
  createServerContext,
  type Http2RequestListener,
  type Http2ServerOptions,
} from "@tlskit/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { listening, ourClient, ourServer, pem, pki, rawSocket } from "./helpers/world.ts";

type Make = (options: Http2ServerOptions, listener?: Http2RequestListener) => Server;

const servers: readonly (readonly [string, Make])[] = [
  [
    "node:http2",
    ({ allowHTTP1, ...options }, listener) => {
      const identity = {
        cert: pem.cert,
        key: pem.key,
        allowHTTP1: allowHTTP1 === true,
        minVersion: "TLSv1.3",
      } as const;
      return http2.createSecureServer({ ...identity, headersTimeout: options.headersTimeout } as object, listener);
    },
  ],
  ["ours", (options, listener) => createHttp2Server({ certificates: [pki.certificate], ...options }, listener)],
];

type Connect = (port: number) => Promise<http2.ClientHttp2Session>;

const ours: Connect = (port) => connectHttp2(`https://localhost:${port}`, { ca: pki.anchors });

const clients: readonly (readonly [string, Connect])[] = [
  ["node:http2", async (port) => http2.connect(`https://localhost:${port}`, { ca: pem.ca })],
  ["ours", ours],
];

/** Everything that a stream gives until its orderly end, as text. */
async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = "";
  for await (const chunk of stream) all += chunk;
  return all;
}

/** A session by this client, closed when the test is over. */
async function session(connect: Connect, port: number): Promise<http2.ClientHttp2Session> {
  const opened = await connect(port);
  onTestFinished(() => opened.destroy());
  return opened;
}

/** What requests and sessions know of a connection. */
const facts = ({ socket, stream }: http2.Http2ServerRequest) => ({
  request: [
    ...[socket.remoteAddress, socket.remotePort, socket.remoteFamily],
    ...[socket.localAddress, socket.localPort, "encrypted" in socket && socket.encrypted],
    ...["alpnProtocol" in socket && socket.alpnProtocol, "servername" in socket && socket.servername],
    "getProtocol" in socket && typeof socket.getProtocol === "function" && socket.getProtocol(),
  ],
  session: [
    ...[stream.session?.encrypted, stream.session?.alpnProtocol],
    ...[stream.session?.socket.remoteAddress, stream.session?.socket.remotePort],
  ],
});

describe.each(clients)("a client by %s", (_client, connect) => {
  test.each(servers)("and a server by %s know who is there, and by what", async (_server, make) => {
    const seen: ReturnType<typeof facts>[] = [];
    const port = await listening(
      make({}, (request, response) => {
        seen.push(facts(request));
        response.end("h2 it is");
      }),
    );
    const opened = await session(connect, port);
    const stream = opened.request({ ":path": "/" });
    expect(await text(stream)).toBe("h2 it is");
    const { localPort } = opened.socket;
    expect(seen).toEqual([
      {
        request: ["127.0.0.1", localPort, "IPv4", "127.0.0.1", port, true, "h2", "localhost", "TLSv1.3"],
        session: [true, "h2", "127.0.0.1", localPort],
      },
    ]);
    expect([opened.encrypted, opened.alpnProtocol, opened.socket.remoteAddress, opened.socket.remotePort]).toEqual([
      ...[true, "h2", "127.0.0.1", port],
    ]);
    expect(opened.originSet).toEqual([`https://localhost:${port}`]);
  });
});

/** A server that answers the first request with frames in one record, when it has read it all. */
async function answering(frames: string): Promise<number> {
  const settings = "000000040000000000";
  const { port } = await ourServer({ alpnProtocols: ["h2"] }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write(Buffer.from(settings, "hex")));
    let read = "";
    socket.on("data", (chunk: Buffer) => {
      read += chunk.toString("latin1");
      if (read.endsWith("upload")) socket.write(Buffer.from(frames, "hex"));
    });
  });
  return port;
}

describe.each(clients)("a client by %s that gets a response and what is behind it at once", (_client, connect) => {
  // RFC 7541: `:status 200` is 88.
  const status = "00000101040000000188";

  test("misses nothing, though it reads already when it is told of the response", async () => {
    const opened = await session(
      connect,
      await answering(`${status}000005000100000001${Buffer.from("hello").toString("hex")}`),
    );
    const stream = opened.request({ ":path": "/", ":method": "POST" });
    // As undici does under an upload.
    stream.resume();
    const answered = new Promise<string>((resolve, reject) => {
      stream.once("response", () => text(stream).then(resolve, reject));
    });
    stream.write("upload");
    expect(await answered).toBe("hello");
    stream.destroy();
  });

  test("is told of a reset when it has been told of the response, and has done what it does then", async () => {
    const opened = await session(connect, await answering(`${status}00000403000000000100000002`));
    const stream = opened.request({ ":path": "/", ":method": "POST" });
    const told: string[] = [];
    const failed = new Promise((resolve) => {
      stream.once("error", resolve);
    }).then(() => told.push("error"));
    stream.once("response", async () => {
      for (let step = 0; step < 10; step += 1) await undefined;
      told.push("response");
    });
    stream.write("upload");
    await failed;
    expect(told).toEqual(["response", "error"]);
  });
});

describe("createHttp2Server", () => {
  test("serves HTTP/1.1 where it is allowed, to whom agrees to it or to nothing", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate], allowHTTP1: true }, (request, response) => {
      const { socket } = request;
      response.end(`${request.httpVersion} ${socket.remoteAddress} ${"encrypted" in socket && socket.encrypted}`);
    });
    const port = await listening(server);
    for (const ALPNProtocols of [["http/1.1"], undefined]) {
      const request = https.get({ host: "localhost", port, ca: pem.ca, agent: false, ALPNProtocols } as object);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      expect(await text(response)).toBe("1.1 127.0.0.1 true");
    }
    const opened = await session(ours, port);
    expect(await text(opened.request({ ":path": "/" }))).toBe("2.0 127.0.0.1 true");
  });

  test("with Node's limits of time for HTTP/1.1, and its closing of idle connections", async () => {
    const often = { connectionsCheckingInterval: 20, headersTimeout: 60 };
    const server = createHttp2Server(
      { certificates: [pki.certificate], allowHTTP1: true, ...often },
      (_request, response) => response.end("hello"),
    );
    const port = await listening(server);
    const slow = ourClient(port, { alpnProtocols: ["http/1.1"] });
    slow.write("GET / HT");
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 408 /);

    const idle = ourClient(port, { alpnProtocols: ["http/1.1"] });
    idle.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(idle, "data");
    const closed = once(server, "close");
    server.close();
    expect(await text(idle)).toBe("");
    await closed;
  });

  test("takes settings for HTTP/1.1 later too, and tells of its events", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate], allowHTTP1: true });
    Object.assign(server, { maxRequestsPerSocket: 1 });
    const told: string[] = [];
    server.on("request", (_request, response) => response.end("hello"));
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
      told.push(`${error.code}`);
      socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
    });
    server.on("upgrade", (_request: IncomingMessage, socket: Socket) => {
      told.push("upgrade");
      socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    });
    const port = await listening(server);
    const asked = async (said: string): Promise<string> => {
      const socket = ourClient(port);
      socket.write(said);
      return await text(socket);
    };
    expect(await asked("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
    expect(await asked("HELO\r\n\r\n")).toMatch(/^HTTP\/1\.1 418 /);
    const upgrade = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    expect(await asked(upgrade)).toMatch(/^HTTP\/1\.1 101 /);
    expect(told).toEqual(["HPE_INVALID_METHOD", "upgrade"]);
  });

  test("answers 403, as Node's own, to whom agrees to nothing", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate] });
    const socket = ourClient(await listening(server));
    expect(await text(socket)).toMatch(/^HTTP\/1\.0 403 /);
  });

  test("tells of a handshake that fails, and serves on", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate] }, (_request, response) => response.end("on"));
    const port = await listening(server);
    const stranger = rawSocket(port);
    stranger.end("HELO mail.example\r\n");
    const [error] = await once(server, "tlsClientError");
    expect(error).toMatchObject({ kind: "peer" });
    const opened = await session(ours, port);
    expect(await text(opened.request({ ":path": "/" }))).toBe("on");
  });

  test("goes over to another context, and is closed when its sessions are", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate] });
    const port = await listening(server);
    const opened = await session(ours, port);
    server.setSecureContext(createServerContext({ certificates: [pki.certificate], alpnProtocols: ["x"] }));
    const socket = ourClient(port, { alpnProtocols: ["x"] });
    expect((await socket.established).alpnProtocol).toBe("x");
    socket.destroy();
    const closed = once(server, "close");
    server.close();
    opened.close();
    await closed;
  });
});

describe("connectHttp2", () => {
  test("refuses a server that agrees to nothing", async () => {
    const { port } = await ourServer({}, (socket) => socket.resume());
    await expect(connectHttp2(`https://localhost:${port}`, { ca: pki.anchors })).rejects.toMatchObject({
      kind: "peer",
      code: "no_application_protocol",
    });
  });

  test("refuses one that isn't verified, with no session", async () => {
    const { port } = await ourServer({ alpnProtocols: ["h2"] }, (socket) => socket.resume());
    const other = connectHttp2(`https://localhost:${port}`, { ca: pki.anchors, servername: "other.example" });
    await expect(other).rejects.toMatchObject({ kind: "peer" });
  });

  test("survives a server that fails as soon as it is verified", async () => {
    const { port } = await ourServer({ alpnProtocols: ["h2"] }, (socket) => socket.resume());
    const raw = rawSocket(port);
    const wire = new Duplex({ read: () => undefined, write: (chunk, _encoding, done) => raw.write(chunk, done) });
    // In one piece with the flight that verifies it, a record that can't be opened.
    raw.once("data", (flight: Buffer) =>
      wire.push(Buffer.concat([flight, Buffer.from("17030300110000000000000000000000000000000000", "hex")])),
    );
    const failed = connectHttp2("https://localhost", { ca: pki.anchors, socket: wire });
    await expect(failed).rejects.toMatchObject({ code: "bad_record_mac" });
  });

  test("is for https alone", async () => {
    await expect(connectHttp2("http://localhost")).rejects.toMatchObject({ code: "unsupported_protocol" });
  });
});

describe("a hang-up without a close_notify", () => {
  /** A server that tells of failed sessions, and a client by our own socket, over what can be cut. */
  async function cuttable(listener: Http2RequestListener): Promise<{
    readonly opened: http2.ClientHttp2Session;
    readonly raw: Socket;
    readonly told: unknown[];
    readonly sessionClosed: Promise<unknown>;
  }> {
    const told: unknown[] = [];
    const server = createHttp2Server({ certificates: [pki.certificate] }, listener);
    const sessionClosed = new Promise((resolve) => {
      server.on("session", (opened: http2.ServerHttp2Session) => opened.once("close", resolve));
    });
    server.on("sessionError", (error: { readonly code?: unknown }) => told.push(error.code));
    const raw = rawSocket(await listening(server));
    const opened = await connectHttp2("https://localhost", { ca: pki.anchors, socket: raw });
    opened.on("error", () => undefined);
    onTestFinished(() => opened.destroy());
    return { opened, raw, told, sessionClosed };
  }

  test("is an end for a server that has got all requests", async () => {
    const { opened, raw, told, sessionClosed } = await cuttable((_request, response) => response.end("hello"));
    expect(await text(opened.request({ ":path": "/" }))).toBe("hello");
    raw.end();
    await sessionClosed;
    expect(told).toEqual([]);
  });

  test("is an end for a server whose answer isn't wanted any more: its stream is closed", async () => {
    const closed: Promise<unknown>[] = [];
    const { opened, raw, told, sessionClosed } = await cuttable((request, response) => {
      closed.push(once(request.stream, "close"));
      response.write("half");
    });
    await once(opened.request({ ":path": "/" }), "response");
    raw.end();
    await sessionClosed;
    await Promise.all(closed);
    expect(told).toEqual([]);
  });

  test("is an error for a server that has half of a request", async () => {
    const failed: Promise<unknown>[] = [];
    const { opened, raw, told, sessionClosed } = await cuttable((request, response) => {
      failed.push(text(request).catch(({ code }) => code));
      response.write("go on");
    });
    const upload = opened.request({ ":path": "/", ":method": "POST" });
    upload.write("half");
    upload.on("error", () => undefined);
    await once(upload, "response");
    raw.end();
    await sessionClosed;
    expect(told).toEqual(["truncated"]);
    expect(await Promise.all(failed)).not.toEqual(["half"]);
  });

  /** A session with a server that can be cut off, and tells when it has one. */
  async function toCuttableServer(listener: Http2RequestListener): Promise<{
    readonly opened: http2.ClientHttp2Session;
    readonly cut: () => void;
  }> {
    const server = createHttp2Server({ certificates: [pki.certificate] }, listener);
    const raws: Socket[] = [];
    server.on("connection", (raw: Socket) => raws.push(raw));
    const port = await listening(server);
    const opened = await connectHttp2(`https://localhost:${port}`, { ca: pki.anchors });
    onTestFinished(() => opened.destroy());
    return { opened, cut: () => raws[0]?.end() };
  }

  test("is an end for a client that has got all answers", async () => {
    const { opened, cut } = await toCuttableServer((_request, response) => response.end("hello"));
    const errors: unknown[] = [];
    opened.on("error", (error) => errors.push(error));
    const closed = once(opened, "close");
    expect(await text(opened.request({ ":path": "/" }))).toBe("hello");
    cut();
    await closed;
    expect(errors).toEqual([]);
  });

  test.each([
    ["before an answer", undefined],
    ["in the middle of one", "half"],
  ])("is an error for a client %s", async (_when, half) => {
    const { opened, cut } = await toCuttableServer((_request, response) => {
      if (half !== undefined) response.write(half);
      else cut();
    });
    const failed = failureOf(opened);
    const stream = opened.request({ ":path": "/" });
    stream.once("response", cut);
    await expect(text(stream)).rejects.toMatchObject({ code: "truncated" });
    expect(await failed).toMatchObject({ code: "truncated" });
  });
});

async function failureOf(opened: http2.ClientHttp2Session): Promise<unknown> {
  return await new Promise((resolve) => opened.once("error", resolve));
}
