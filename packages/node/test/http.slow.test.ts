import { once } from "node:events";
import type * as http from "node:http";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import type * as tls from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, type TlsSocket } from "../src/index.ts";
import { listening, ourServer, pem, pki } from "./helpers/world.ts";

const connectTo = (port: number, alpnProtocols: readonly string[] = ["http/1.1"]) =>
  connect({ host: "127.0.0.1", servername: "localhost", port, ca: pki.anchors, alpnProtocols });

async function body(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}

/** An HTTPS server by Node itself. */
async function nodeHttps(listener: Parameters<typeof https.createServer>[1]): Promise<number> {
  const server = https.createServer({ cert: pem.cert, key: pem.key }, listener);
  onTestFinished(() => server.closeAllConnections());
  return await listening(server);
}

describe("Node's own HTTPS client over our sockets", () => {
  test("https.request({ createConnection })", async () => {
    const port = await nodeHttps((request, response) => {
      response.end(`${request.method} ${request.url} over ${(request.socket as tls.TLSSocket).getProtocol()}`);
    });
    const request = https.request({ path: "/a", port, createConnection: () => connectTo(port) });
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(await body(response)).toBe("GET /a over TLSv1.3");
  });

  test("a large body each way", async () => {
    const port = await nodeHttps((request, response) => void request.pipe(response));
    const data = "0123456789".repeat(500_000);
    const request = https.request({ method: "POST", port, createConnection: () => connectTo(port) });
    request.end(data);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect((await body(response)) === data).toBe(true);
  });

  test("an Agent keeps the connection for the next request", async () => {
    const port = await nodeHttps((_request, response) => response.end("ok"));
    let connections = 0;
    const agent = new https.Agent({ keepAlive: true });
    agent.createConnection = () => {
      connections += 1;
      return connectTo(port);
    };
    onTestFinished(() => agent.destroy());
    for (let i = 0; i < 3; i += 1) {
      const request = https.get({ host: "localhost", port, agent });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      expect(await body(response)).toBe("ok");
    }
    expect(connections).toBe(1);
  });

  test("a timeout of the request is the socket's, by option or by method", async () => {
    const port = await nodeHttps(() => undefined); // never answers
    const byOption = https.request({
      port,
      timeout: 50,
      createConnection: ({ timeout }) =>
        connect({ host: "127.0.0.1", servername: "localhost", port, ca: pki.anchors, timeout }),
    });
    const byMethod = https.request({ port, createConnection: () => connectTo(port) }).setTimeout(50);
    await Promise.all(
      [byOption, byMethod].map(async (request) => {
        request.on("error", () => undefined);
        request.end();
        await once(request, "timeout");
        request.destroy();
      }),
    );
  });

  test("an aborted request destroys the socket", async () => {
    const port = await nodeHttps(() => undefined);
    const socket = connectTo(port);
    const request = https.request({ port, createConnection: () => socket });
    request.end();
    await once(socket, "secureConnect");
    request.destroy();
    await expect(once(request, "response")).rejects.toThrow("socket hang up");
    expect(socket.destroyed).toBe(true);
  });

  test("a response that is cut off is an error", async () => {
    const port = await nodeHttps((_request, response) => {
      response.write("half");
      setImmediate(() => response.socket?.destroy());
    });
    const request = https.request({ port, createConnection: () => connectTo(port) });
    const errors: unknown[] = [];
    request.on("error", (error) => errors.push(error));
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await expect(body(response)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(errors).toEqual([]); // as over node:tls: it is chunked, so it says itself that it is incomplete
  });

  test("a server that is not verified gets no request", async () => {
    let requests = 0;
    const port = await nodeHttps((_request, response) => {
      requests += 1;
      response.end();
    });
    const strangers = () => connect({ host: "127.0.0.1", servername: "other.example", port, ca: pki.anchors });
    const request = https.request({ port, createConnection: strangers });
    request.end();
    await expect(once(request, "response")).rejects.toMatchObject({ kind: "peer" });
    expect(requests).toBe(0);
  });
});

describe("what Node's agents hand on", () => {
  class Agent extends https.Agent {
    readonly handedOn: object[] = [];

    override createConnection(options: http.ClientRequestArgs): TlsSocket {
      this.handedOn.push(options);
      return connect({ ...options, ca: pki.anchors });
    }
  }

  const answer = async (request: http.ClientRequest): Promise<string> => {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return await body(response);
  };

  test.each(["localhost", "127.0.0.1"])(
    "is taken, for %s: names of its own, its user's, and an empty servername",
    async (host) => {
      const port = await nodeHttps((request, response) =>
        response.end(`${request.method} ${request.headers["x-mine"]}`),
      );
      const agent = new Agent({ keepAlive: true, scheduling: "lifo", maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      const options = { host, port, family: 4, method: "PUT", headers: { "x-mine": "yes" }, mine: 1 };
      expect(await answer(https.request({ ...options, agent }).end())).toBe("PUT yes");
      expect(agent.handedOn).toMatchObject([
        { servername: host === "localhost" ? host : "", mine: 1, scheduling: "lifo" },
      ]);
      const direct = https.request({
        ...options,
        createConnection: (given) => connect({ ...given, ca: pki.anchors }),
      });
      expect(await answer(direct.end())).toBe("PUT yes");
    },
  );

  test("is verified by the Host header's name, as over node:tls, and refused where it protects and can't be done", async () => {
    const port = await nodeHttps((_request, response) => response.end());
    const agent = new Agent();
    const options = { host: "127.0.0.1", port, agent };
    await expect(answer(https.get({ ...options, headers: { host: "other.example" } }))).rejects.toMatchObject({
      code: "certificate_name_mismatch",
    });
    const refusal = new Error("pinned");
    const pinned: https.RequestOptions = { ...options, checkServerIdentity: () => refusal };
    await expect(answer(https.get(pinned))).rejects.toBe(refusal);
    const careless: https.RequestOptions = { ...options, rejectUnauthorized: false };
    expect(() => https.get(careless)).toThrow(expect.objectContaining({ code: "refused_option" }));
  });
});

describe("Node's own HTTP server over our sockets", () => {
  test("gets them as connections", async () => {
    const http = createHttpServer((request, response) => response.end(`${request.method} ${request.url}`));
    onTestFinished(() => http.closeAllConnections());
    const { port } = await ourServer({}, (socket) => http.emit("connection", socket));
    const request = https.get({ host: "localhost", port, path: "/b", ca: pem.ca, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(await body(response)).toBe("GET /b");
  });
});

describe("HTTP/2", () => {
  test("Node's client over our socket, with Node's server", async () => {
    const server = http2.createSecureServer({ cert: pem.cert, key: pem.key }, (_request, response) => {
      response.end("h2 it is");
    });
    const port = await listening(server);
    const session = http2.connect("https://localhost", { createConnection: () => connectTo(port, ["h2"]) });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    let text = "";
    for await (const chunk of stream) text += chunk;
    expect(text).toBe("h2 it is");
  });

  test("Node's server over our sockets, with Node's client", async () => {
    const http = http2.createServer((_request, response) => response.end("h2 here"));
    const { port } = await ourServer({ alpnProtocols: ["h2"] }, (socket) => http.emit("connection", socket));
    const session = http2.connect(`https://localhost:${port}`, { ca: pem.ca });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    let text = "";
    for await (const chunk of stream) text += chunk;
    expect(text).toBe("h2 here");
  });
});
