import { once } from "node:events";
import type { ClientRequest, IncomingMessage, RequestListener } from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import { createHttpsServer, HttpsAgent, type HttpsAgentOptions, type HttpsServer, TlsSocket } from "@tlskit/node";
import { trustAnchorsFromPem } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { listening, ourServer, pem, pki } from "./helpers/world.ts";

/** An agent that is given up when the test is over. */
function agent(options: HttpsAgentOptions = {}): HttpsAgent {
  const made = new HttpsAgent({ ca: pki.anchors, ...options });
  onTestFinished(() => made.destroy());
  return made;
}

async function answer(request: ClientRequest): Promise<string> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  // The agent gets the connection back in the ticks behind the end.
  await new Promise((later) => setImmediate(later));
  return text;
}

/** A server that counts its connections. */
async function serving(
  listener: RequestListener,
): Promise<{ port: number; server: HttpsServer; connections: Socket[] }> {
  const server = createHttpsServer({ certificates: [pki.certificate] }, listener);
  const connections: Socket[] = [];
  server.on("connection", (raw: Socket) => connections.push(raw));
  return { port: await listening(server), server, connections };
}

const hello: RequestListener = (_request, response) => void response.end("hello");

describe("HttpsAgent", () => {
  test("opens connections for https.request, by name", async () => {
    const { port } = await serving((request, response) => {
      const { socket }: { socket: unknown } = request;
      if (!(socket instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
      response.end(`${socket.servername} ${socket.alpnProtocol}`);
    });
    expect(await answer(https.get(`https://localhost:${port}/`, { agent: agent() }))).toBe("localhost http/1.1");
  });

  test("and by address, for which no name is sent", async () => {
    const { port } = await serving((request, response) => {
      const { socket }: { socket: unknown } = request;
      response.end(String(socket instanceof TlsSocket && socket.servername));
    });
    expect(await answer(https.get(`https://127.0.0.1:${port}/`, { agent: agent() }))).toBe("false");
  });

  test("keeps a connection for the next request, until it is given up: with a close_notify", async () => {
    const { port, server, connections } = await serving(hello);
    const ended = new Promise((resolve) => {
      server.once("secureConnection", (socket: TlsSocket) => socket.once("end", () => resolve("orderly")));
    });
    const keeping = agent({ keepAlive: true });
    for (let i = 0; i < 3; i += 1) {
      expect(await answer(https.get({ host: "localhost", port, agent: keeping }))).toBe("hello");
    }
    expect(connections.length).toBe(1);
    keeping.destroy();
    expect(await ended).toBe("orderly");
  });

  test("goes over to another connection when the server closes the idle one", async () => {
    const { port, server, connections } = await serving(hello);
    const keeping = agent({ keepAlive: true });
    expect(await answer(https.get({ host: "localhost", port, agent: keeping }))).toBe("hello");
    const closed = once(connections[0] as Socket, "close");
    server.closeIdleConnections();
    await closed;
    expect(await answer(https.get({ host: "localhost", port, agent: keeping }))).toBe("hello");
    expect(connections.length).toBe(2);
  });

  test("opens no more than it was told", async () => {
    const { port, connections } = await serving(hello);
    const one = agent({ keepAlive: true, maxSockets: 1 });
    const requests = Array.from({ length: 5 }, () => answer(https.get({ host: "localhost", port, agent: one })));
    expect(new Set(await Promise.all(requests))).toEqual(new Set(["hello"]));
    expect(connections.length).toBe(1);
  });

  test.each<[string, HttpsAgentOptions]>([
    ["whom to trust", { ca: trustAnchorsFromPem(pem.ca) }],
    ["what to agree to", { alpnProtocols: ["http/1.1", "x"] }],
    ["what else is asked of the server", { checkServer: () => undefined }],
    ["whether to tell its name", { sendServerName: false }],
    ["whether to accept truncation", { dangerouslyAcceptTruncation: true }],
  ])("shares no connection between requests that differ in %s", async (_what, options) => {
    const { port, connections } = await serving(hello);
    const keeping = new HttpsAgent({ keepAlive: true });
    onTestFinished(() => keeping.destroy());
    const asked = { host: "localhost", port, agent: keeping };
    const [plain, other] = [{ ca: pki.anchors }, { ca: pki.anchors, ...options }].map(
      (how) => () => answer(https.get({ ...asked, ...how } as https.RequestOptions)),
    );
    for (const ask of [plain, other, plain, other]) expect(await ask?.()).toBe("hello");
    expect(connections.length).toBe(2);
  });

  test("a server that isn't verified gets no request", async () => {
    let requests = 0;
    const { port } = await serving(() => {
      requests += 1;
    });
    const request = https.get({ host: "localhost", port, servername: "other.example", agent: agent() });
    await expect(once(request, "response")).rejects.toMatchObject({ kind: "peer" });
    expect(requests).toBe(0);
  });

  test("an answer that nobody asked for yet is not the answer to the next request", async () => {
    let served = 0;
    const { port } = await ourServer({}, (socket) => {
      served += 1;
      const name = served;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${name}`);
        // Behind the first answer, when its reader has it.
        if (name === 1) setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"), 20);
      });
    });
    const keeping = agent({ keepAlive: true });
    const request = https.get({ host: "localhost", port, agent: keeping });
    const [socket] = (await once(request, "socket")) as [TlsSocket];
    expect(await answer(request)).toBe("1");
    await once(socket, "close");
    expect(await answer(https.get({ host: "localhost", port, agent: keeping }))).toBe("2");
  });

  test.each([
    ["makes no connections by way of a proxy", { proxyEnv: { HTTPS_PROXY: "http://localhost:1" } }, "refused_option"],
    ["has no lists of revoked certificates", { crl: "x" }, "refused_option"],
    ["knows no misspelt name", { checkServerIdentiy: () => new Error("refused") }, "unknown_option"],
  ])("%s, and says so at once", (_what, options, code) => {
    expect(() => new HttpsAgent(options as HttpsAgentOptions)).toThrow(
      expect.objectContaining({
        kind: "caller",
        code,
        message: expect.stringContaining(Object.keys(options)[0] ?? ""),
      }),
    );
  });

  test("takes what https.Agent takes", () => {
    const options = {
      keepAlive: true,
      keepAliveMsecs: 1,
      maxSockets: 1,
      maxTotalSockets: 1,
      scheduling: "fifo",
    } as const;
    const made = agent({ ...options, maxFreeSockets: 1, agentKeepAliveTimeoutBuffer: 1, defaultPort: 1, timeout: 1 });
    expect(made).toMatchObject({ maxSockets: 1, maxFreeSockets: 1, maxTotalSockets: 1, scheduling: "fifo" });
  });
});
