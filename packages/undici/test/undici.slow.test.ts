import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { accept, createClientContext, TlsSocket } from "@tlskit/node";
import { Agent, buildConnector, fetch, request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AgentOptions, type ConnectorOptions, connector, createAgent, createFetch } from "../src/index.ts";
import { ca, pki, plainServer, rawServer, secureServer, serverContext } from "./helpers/servers.ts";

/** Options that undici's own connectors have as well. */
interface Common {
  readonly ca?: string;
  readonly allowH2?: boolean;
  readonly servername?: string;
  readonly timeout?: number;
  readonly maxCachedSessions?: number;
}

/** Two connectors that are to behave alike. */
const connectors: readonly [string, (options: Common) => buildConnector.connector][] = [
  ["ours", (options) => connector(options)],
  ["undici's own", (options) => buildConnector({ allowH2: true, ...options })],
];

const stranger = rootCertificates[0] ?? "";

describe.each(connectors)("over a connector, %s", (_, made) => {
  const agentOf = (options: Common = {}, agentOptions: AgentOptions = {}): Agent => {
    const agent = new Agent({ ...agentOptions, connect: made({ ca, ...options }) });
    onTestFinished(async () => await agent.destroy());
    return agent;
  };

  it.each([
    ["HTTP/2 where both have it", true, {}, "2.0"],
    ["HTTP/1.1 where the server has nothing else", false, {}, "1.1"],
    ["HTTP/1.1 where the connector is told so", true, { allowH2: false }, "1.1"],
  ] as const)("speaks %s", async (_, allowH2, options, version) => {
    const { port, versions } = await secureServer(allowH2);
    const { statusCode, body } = await request(`https://localhost:${port}/path`, { dispatcher: agentOf(options) });
    expect([statusCode, await body.text()]).toEqual([200, "/path"]);
    expect(versions).toEqual([version]);
  });

  it.each([true, false])("makes many requests over few connections (HTTP/2: %s)", async (allowH2) => {
    const { port, sockets } = await secureServer(allowH2);
    const dispatcher = agentOf({}, { connections: 2 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { body } = await request(`https://localhost:${port}/${index}`, { dispatcher });
        return await body.text();
      }),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `/${index}`));
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  it("resumes the session of an earlier connection", async () => {
    const { port, sockets } = await secureServer(false);
    const dispatcher = agentOf({}, { pipelining: 0 });
    for (const path of ["a", "b"]) {
      const { body } = await request(`https://localhost:${port}/${path}`, { dispatcher });
      await body.text();
    }
    expect(sockets.map((socket) => socket.isSessionReused())).toEqual([false, true]);
  });

  it("resumes none if none are kept", async () => {
    const { port, sockets } = await secureServer(false);
    const dispatcher = agentOf({ maxCachedSessions: 0 }, { pipelining: 0 });
    for (const path of ["a", "b"]) {
      const { body } = await request(`https://localhost:${port}/${path}`, { dispatcher });
      await body.text();
    }
    expect(sockets.map((socket) => socket.isSessionReused())).toEqual([false, false]);
  });

  it("asks for the name in the URL, and verifies that", async () => {
    const { port, sockets } = await secureServer(false);
    await (await request(`https://localhost:${port}/`, { dispatcher: agentOf() })).body.text();
    expect(sockets[0]?.servername).toBe("localhost");
  });

  it("asks for another name if it is told", async () => {
    const { port, sockets } = await secureServer(false);
    const dispatcher = agentOf({ servername: "localhost" });
    await (await request(`https://127.0.0.1:${port}/`, { dispatcher })).body.text();
    expect(sockets[0]?.servername).toBe("localhost");
  });

  it.each([
    ["another name's certificate", { servername: "example.com" }, "localhost"],
    ["a certificate that isn't the address's", {}, "127.0.0.1"],
    ["a server whom it doesn't trust", { ca: stranger }, "localhost"],
  ] as const)("takes not: %s", async (_, options, host) => {
    const { port, versions } = await secureServer(false);
    await expect(request(`https://${host}:${port}/`, { dispatcher: agentOf(options) })).rejects.toThrow();
    expect(versions).toEqual([]);
  });

  it("gives up a server that is silent, with the error that programs know", async () => {
    const closed: Promise<unknown>[] = [];
    const port = await rawServer((socket) => void closed.push(once(socket.resume(), "close")));
    const dispatcher = agentOf({ timeout: 100 });
    await expect(request(`https://localhost:${port}/`, { dispatcher })).rejects.toMatchObject({
      name: "ConnectTimeoutError",
      code: "UND_ERR_CONNECT_TIMEOUT",
    });
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });

  it("is aborted while it connects", async () => {
    const arrived = Promise.withResolvers<Socket>();
    const port = await rawServer((socket) => arrived.resolve(socket));
    const controller = new AbortController();
    const failed = fetch(`https://localhost:${port}/`, { dispatcher: agentOf(), signal: controller.signal });
    failed.catch(() => undefined);
    await arrived.promise;
    controller.abort(new Error("enough"));
    await expect(failed).rejects.toThrow("enough");
  });

  it("opens plain connections as well", async () => {
    const { body } = await request(`http://localhost:${await plainServer()}/plain`, { dispatcher: agentOf() });
    expect(await body.text()).toBe("/plain");
  });

  it("goes over a socket that is there, as behind a proxy", async () => {
    const { port } = await secureServer(false);
    const httpSocket = connectTcp(port, "localhost");
    httpSocket.on("error", () => undefined);
    onTestFinished(() => void httpSocket.destroy());
    await once(httpSocket, "connect");
    const asked = { hostname: "localhost", host: "localhost", protocol: "https:", port: "1", httpSocket };
    const socket = await new Promise<Socket>((resolve, reject) => {
      made({ ca })(asked, (error, opened) => (opened === null ? reject(error) : resolve(opened)));
    });
    socket.on("error", () => undefined);
    expect(socket.remotePort).toBe(port);
    socket.destroy();
  });
});

describe("the connector", () => {
  it("gives a TlsSocket, and returns it at once, for whoever gives up", async () => {
    const { port } = await secureServer(false);
    const asked = { hostname: "localhost", host: "localhost", protocol: "https:", port: String(port) };
    const connected = Promise.withResolvers<unknown>();
    const returned: unknown = connector({ ca })(asked, (_error, socket) => connected.resolve(socket));
    expect(returned).toBeInstanceOf(TlsSocket);
    expect(await connected.promise).toBe(returned);
    if (returned instanceof TlsSocket) returned.destroy();
  });

  it("tells who gave up that there is no connection, once", async () => {
    const port = await rawServer(() => undefined);
    const asked = { hostname: "localhost", host: "localhost", protocol: "https:", port: String(port) };
    const told: unknown[] = [];
    const returned: unknown = connector({ ca })(asked, (...[error]) => void told.push(error));
    if (!(returned instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
    returned.destroy();
    await once(returned, "close");
    expect(told).toEqual([expect.objectContaining({ code: "closed_during_handshake" })]);
  });

  it("fails a response that is cut off where only the stream's end delimits it", async () => {
    const port = await rawServer((raw) => {
      const secure = accept(raw, { context: serverContext });
      secure.once("data", () => {
        secure.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf", () => raw.destroy());
      });
    });
    await using fetchOver = createFetch({ ca });
    await expect(fetchOver(`https://localhost:${port}/`).then((response) => response.text())).rejects.toThrow();
  });

  it("waits as long as it is told, also for longer than a timer can", async () => {
    const { port } = await secureServer(false);
    await using fetchOver = createFetch({ ca, timeout: 2 ** 40 });
    expect(await (await fetchOver(`https://localhost:${port}/long`)).text()).toBe("/long");
  });

  it.each([
    ["the connector", { ca, allowH2: false }, { allowH2: true }],
    ["the dispatcher", { ca, allowH2: true }, { allowH2: false }],
  ])("speaks no HTTP/2 where %s is told so", async (_, options, agentOptions) => {
    const { port, versions } = await secureServer(true);
    await using fetchOver = createFetch(options, agentOptions);
    await (await fetchOver(`https://localhost:${port}/`)).text();
    expect(versions).toEqual(["1.1"]);
  });

  it("takes a context, which has its protocols and sessions itself", async () => {
    const { port, versions } = await secureServer(true);
    const context = createClientContext({ ca, alpnProtocols: ["http/1.1"] });
    await using fetchOver = createFetch({ context });
    expect(await (await fetchOver(`https://localhost:${port}/context`)).text()).toBe("/context");
    expect(versions).toEqual(["1.1"]);
  });

  it("takes several addresses that were tried in vain for one, with the error that programs know", async () => {
    const timedOut = Object.assign(new AggregateError([Object.assign(new Error("late"), { code: "ETIMEDOUT" })]), {});
    const asked = { hostname: "localhost", host: "localhost", protocol: "https:", port: "1" };
    const error = await new Promise((resolve) => {
      connector({ ca, lookup: (_host, _options, found) => found(timedOut, "") })(asked, (...[failed]) =>
        resolve(failed),
      );
    });
    expect(error).toMatchObject({ code: "UND_ERR_CONNECT_TIMEOUT", cause: timedOut });
  });

  it.each<[string, string, ConnectorOptions]>([
    ["allowH2", "invalid_argument", { allowH2: 1 as never }],
    ["timeout", "invalid_argument", { timeout: "1" as never }],
    ["maxCachedSessions", "invalid_argument", { maxCachedSessions: "1" as never }],
  ])("refuses what can't be %s", (name, code, options) => {
    expect(() => connector(options)).toThrow(
      expect.objectContaining({ kind: "caller", code, message: expect.stringMatching(new RegExp(`^${name} is`)) }),
    );
  });

  it("fails a request whose connection it can't open as it was told", async () => {
    const dispatcher = createAgent({ rejectUnauthorized: false });
    await expect(request("https://localhost:1/", { dispatcher })).rejects.toMatchObject({ code: "refused_option" });
  });
});

describe("createFetch", () => {
  it("fetches, with all that a fetch may be told", async () => {
    const { port, versions } = await secureServer(true);
    await using fetchOver = createFetch({ ca: pki.anchors });
    const response = await fetchOver(`https://localhost:${port}/fetch`, { method: "POST", body: "hello" });
    expect([response.status, await response.text()]).toEqual([200, "/fetch"]);
    expect(versions).toEqual(["2.0"]);
  });

  it("says in the cause why a server isn't taken", async () => {
    const { port } = await secureServer(true);
    await using fetchOver = createFetch();
    await expect(fetchOver(`https://localhost:${port}/`)).rejects.toMatchObject({
      name: "TypeError",
      cause: { name: "TlsError", kind: "peer", code: "certificate_unknown_issuer" },
    });
  });

  it("takes another dispatcher for a request, and limits of the agent for all", async () => {
    const { port } = await secureServer(false);
    await using fetchOver = createFetch({ ca }, { maxHeaderSize: 20 });
    await expect(fetchOver(`https://localhost:${port}/`)).rejects.toThrow();
    const dispatcher = createAgent({ ca });
    expect(await (await fetchOver(`https://localhost:${port}/other`, { dispatcher })).text()).toBe("/other");
    await dispatcher.close();
  });
});
