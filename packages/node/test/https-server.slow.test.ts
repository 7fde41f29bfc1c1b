import { once } from "node:events";
import { type IncomingMessage, request as plainRequest, type RequestListener, type ServerOptions } from "node:http";
import * as https from "node:https";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createHttpsServer, createServerContext, type HttpsServer, TlsSocket } from "@tlskit/node";
import { TlsError } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import { takeConnectionListener } from "../src/http/connection-listener.ts";
import { httpsServers } from "./helpers/http.ts";
import { failure, listening, ourClient, pem, pki, rawSocket } from "./helpers/world.ts";

const hello: RequestListener = (_request, response) => void response.end("hello");

/** What a client gets that says this and waits; `end` says whether a close_notify told the end. */
async function answerTo(server: Server, said: string): Promise<{ readonly status: string[]; readonly end: string }> {
  const socket = ourClient(await listening(server));
  socket.write(said);
  return await answers(socket);
}

async function answers(socket: TlsSocket): Promise<{ readonly status: string[]; readonly end: string }> {
  let text = "";
  socket.on("data", (data) => {
    text += data;
  });
  const end = await new Promise<string>((resolve) => {
    socket.once("end", () => resolve("close_notify"));
    socket.once("error", (error) => resolve(error instanceof TlsError ? error.code : error.message));
  });
  return { status: [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => String(status)), end };
}

const get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";
/** The watch over the time that requests take is Node's, and looks now and then. */
const often = { connectionsCheckingInterval: 20 };

describe("a connection is answered as Node does, and closed with a close_notify, which Node owes,", () => {
  test.each<[string, ServerOptions, string, string[]]>([
    ["whose header comes too slowly", { ...often, headersTimeout: 60 }, "GET / HT", ["408"]],
    ["whose body comes too slowly", { ...often, headersTimeout: 60, requestTimeout: 60 }, `${post}ab`, ["408"]],
    ["that asks for nothing", { ...often, headersTimeout: 60 }, "", ["408"]],
    ["that asks for nothing more", { keepAliveTimeout: 60, keepAliveTimeoutBuffer: 0 }, get, ["200"]],
    ["that speaks no HTTP", {}, "HELO\r\n\r\n", ["400"]],
    // Node gives no second answer while the first is on its way.
    ["that speaks no HTTP behind a request", {}, `${get}HELO\r\n\r\n`, ["200"]],
    ["that names no host", {}, "GET / HTTP/1.1\r\n\r\n", ["400"]],
    ["with too large a header", { maxHeaderSize: 2000 }, `GET / HTTP/1.1\r\nA: ${"a".repeat(2001)}`, ["431"]],
    ["that is done", {}, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", ["200"]],
  ])("%s", async (_which, options, said, status) => {
    const listener: RequestListener = (request, response) => {
      // What has a body is answered when that has come.
      if (request.headers["content-length"] === undefined) response.end("hello");
      else request.resume().on("end", () => response.end("hello"));
    };
    const [theirs, ours] = await Promise.all(
      httpsServers.map(async ([, make]) => await answerTo(make(options, listener), said)),
    );
    expect(theirs?.status).toEqual(status);
    expect(ours).toEqual({ status, end: "close_notify" });
  });

  // RFC 9112 §9.6; Node leaves it to the client, or waits until the connection is idle for too long.
  test("that has asked often enough, at once", async () => {
    let requests = 0;
    const server = createHttpsServer({ certificates: [pki.certificate] }, (_request, response) => {
      requests += 1;
      setImmediate(() => response.end("hello"));
    });
    server.maxRequestsPerSocket = 2;
    // What it asks beyond that is asked of nobody.
    expect(await answerTo(server, get + get + get)).toEqual({ status: ["200", "200"], end: "close_notify" });
    expect(requests).toBe(2);
  });

  test("that is idle, when the server closes", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, hello);
    const idle = ourClient(await listening(server));
    idle.write(get);
    await once(idle, "data");
    const closed = once(server, "close");
    server.close();
    expect(await answers(idle)).toEqual({ status: [], end: "close_notify" });
    await closed;
  });
});

describe("createHttpsServer", () => {
  test("answers Node's own client, and its requests know who asks, and by what", async () => {
    const seen: unknown[] = [];
    const server = createHttpsServer({ certificates: [pki.certificate] }, (request, response) => {
      const { socket }: { socket: unknown } = request;
      if (!(socket instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
      seen.push(socket.remoteAddress, socket.remotePort, socket.localPort, socket.encrypted, socket.alpnProtocol);
      response.end(`${request.method} ${request.url}`);
    });
    const port = await listening(server);
    const options = { host: "localhost", port, path: "/b", ca: pem.ca, agent: false, ALPNProtocols: ["http/1.1"] };
    const [response] = (await once(https.get(options), "response")) as [IncomingMessage];
    const { localPort } = response.socket;
    let text = "";
    for await (const chunk of response) text += chunk;
    expect(text).toBe("GET /b");
    expect(seen).toEqual(["127.0.0.1", localPort, port, true, "http/1.1"]);
  });

  test("speaks no HTTP in the clear", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, hello);
    const port = await listening(server);
    const errors: unknown[] = [];
    server.on("clientError", (error, socket) => {
      errors.push(error);
      socket.destroy();
    });
    const request = plainRequest({ host: "127.0.0.1", port }).end();
    await expect(once(request, "response")).rejects.toThrow();
    expect(errors).toMatchObject([{ kind: "peer", code: "http_request" }]);
  });

  test("tells of a handshake that fails by tlsClientError and by clientError, as Node's own, and serves on", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, hello);
    const told: string[] = [];
    server.on("tlsClientError", () => told.push("tlsClientError"));
    const port = await listening(server);
    const stranger = (): Socket => {
      const raw = rawSocket(port);
      raw.end("HELO mail.example\r\n");
      return raw.resume();
    };
    await once(stranger(), "close"); // nobody listens to clientError
    server.on("clientError", (_error: Error, socket: Duplex) => {
      told.push("clientError");
      socket.destroy();
    });
    await once(stranger(), "close");
    expect(told).toEqual(["tlsClientError", "clientError", "tlsClientError"]);
    const socket = ourClient(port);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(await answers(socket)).toEqual({ status: ["200"], end: "close_notify" });
  });

  test("goes over to another context", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, hello);
    const port = await listening(server);
    server.setSecureContext(createServerContext({ certificates: [pki.certificate], alpnProtocols: ["x"] }));
    const socket = ourClient(port, { alpnProtocols: ["x"] });
    expect((await socket.established).alpnProtocol).toBe("x");
  });

  test("breaks a response off without a close_notify", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, (_request, response) => {
      // As one that ends with its connection: what is cut off must not look like that end.
      response.useChunkedEncodingByDefault = false;
      response.setHeader("Connection", "close");
      response.write("half");
      setImmediate(() => response.destroy());
    });
    expect(await answerTo(server, get)).toEqual({ status: ["200"], end: "truncated" });
  });

  test("closes all connections at once if told, whatever they do", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, (_request, response) => {
      response.writeHead(200, { "Content-Length": 5 });
      response.write("half");
    });
    const port = await listening(server);
    const busy = ourClient(port);
    busy.write(get);
    await once(busy, "data");
    server.closeIdleConnections();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    expect((await answers(busy)).end).toBe("truncated");
    await closed;
  });

  test("lets clientError answer for itself, as Node's own", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate] }, hello);
    server.on("clientError", (_error, socket) => socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n"));
    expect(await answerTo(server, "HELO\r\n\r\n")).toEqual({ status: ["418"], end: "close_notify" });
  });

  test("refuses to be over a Node whose servers get their connections in another way", () => {
    expect(() => takeConnectionListener(createTcpServer())).toThrow(
      expect.objectContaining({ kind: "internal", code: "unsupported_runtime" }),
    );
  });
});

/** What a server tells of clients that say this and hang up without a close_notify. */
async function toldOfHangUp(
  server: https.Server | HttpsServer,
  port: number,
  said: string,
): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    told.push(error.code);
    socket.destroy();
  });
  const raw = rawSocket(port);
  const client = ourClient(port, { socket: raw });
  client.on("error", () => undefined);
  client.resume();
  client.write(said);
  if (said === get) await once(client, "data");
  else await client.established;
  raw.end();
  await once(raw, "close");
  return told;
}

describe.each(httpsServers)("%s, when a client hangs up without a close_notify", (_whose, make) => {
  test.each<[string, string, unknown[]]>([
    ["before it has asked", "", []],
    ["after an answer", get, []],
    ["in the middle of a header", "GET / HTTP/1.1\r\nHost: loc", ["HPE_INVALID_EOF_STATE"]],
    ["in the middle of a body", `${post}ab`, ["HPE_INVALID_EOF_STATE"]],
    [
      "in the middle of a chunked body",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      ["HPE_INVALID_EOF_STATE"],
    ],
  ])("%s", async (_when, said, told) => {
    const server = make({}, (request, response) => request.resume().on("end", () => response.end("hello")));
    expect(await toldOfHangUp(server, await listening(server), said)).toEqual(told);
  });

  test("in the middle of a body, tells the request", async () => {
    const server = make({});
    const failed = new Promise((resolve) => {
      server.on("request", (request: IncomingMessage) => request.resume().on("error", resolve));
    });
    const said = `${post}ab`;
    await toldOfHangUp(server, await listening(server), said);
    expect(await failed).toMatchObject({ code: "ECONNRESET" });
  });
});

describe("after an upgrade", () => {
  /** The server's socket, when the other protocol has begun and its client hangs up without a close_notify. */
  async function upgraded(dangerouslyAcceptTruncation: boolean): Promise<Duplex> {
    const server = createHttpsServer({ certificates: [pki.certificate], dangerouslyAcceptTruncation });
    const port = await listening(server);
    const raw = rawSocket(port);
    const client = ourClient(port, { socket: raw });
    client.resume();
    client.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    const [, socket] = (await once(server, "upgrade")) as [IncomingMessage, Duplex];
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await once(client, "data");
    raw.end();
    return socket.resume();
  }

  test("a hang-up is a truncation: HTTP knows nothing of the other protocol", async () => {
    const socket = await upgraded(false);
    if (!(socket instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
    expect(await failure(socket)).toMatchObject({ code: "truncated" });
  });

  test("and an end for servers that were told so", async () => {
    await once(await upgraded(true), "end");
  });
});
