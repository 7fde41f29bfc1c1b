import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as https from "node:https";
import { createServer as createTcpServer } from "node:net";
import {
  accept,
  connect,
  connectHttp2,
  createHttp2Server,
  createHttpsServer,
  HttpsAgent,
  type HttpsServer,
  type TlsSocket,
} from "@tlskit/node";
import type { EarlyDataOutcome } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import type { ConnectOptions, CreateServerOptions } from "../src/index.ts";
import { createCautiousServer } from "./examples/too-early.ts";
import { listening, ourClient, ourServer, pki, text } from "./helpers/world.ts";

const onlyOnce = (): NonNullable<CreateServerOptions["earlyData"]> => {
  const seen = new Set<string>();
  return {
    maxSize: 1000,
    guard: {
      admit: ({ binder }) => {
        const before = seen.size;
        return seen.add(Buffer.from(binder).toString("hex")).size > before;
      },
    },
  };
};

/** A session of a server for which early data may be sent. */
async function sessionOf(port: number, options: Partial<ConnectOptions> = {}): Promise<Buffer> {
  const client = ourClient(port, options);
  const [session] = (await once(client, "session")) as [Buffer];
  client.end();
  return session;
}

/** What a client sends early, and what became of it. */
function early(said: string): {
  earlyData: NonNullable<ConnectOptions["earlyData"]>;
  told: Promise<readonly [EarlyDataOutcome, string]>;
} {
  let tell: (told: readonly [EarlyDataOutcome, string]) => void = () => undefined;
  const told = new Promise<readonly [EarlyDataOutcome, string]>((resolve) => {
    tell = resolve;
  });
  const outcome = (what: EarlyDataOutcome, data: Buffer): void => tell([what, data.toString()]);
  return { earlyData: { replayable: Buffer.from(said), outcome }, told };
}

describe("early data", () => {
  test("is an event of a server's own, and can be answered at once", async () => {
    const { server, port } = await ourServer({ earlyData: onlyOnce() }, (socket) => socket.pipe(socket));
    const states: boolean[] = [];
    server.on("earlyData", (data: Buffer, socket: TlsSocket) => {
      states.push(socket.secureConnecting);
      socket.write(`early ${data}`);
    });
    const session = await sessionOf(port);
    const { earlyData, told } = early("asked");
    const client = ourClient(port, { session, earlyData });
    client.end(", and later");
    expect(await text(client)).toBe("early asked, and later");
    expect(await told).toEqual(["accepted", ""]);
    expect(states).toEqual([true]);
    expect(client.info?.earlyData).toBe("accepted");
  });

  test.each<[string, Partial<CreateServerOptions>, boolean]>([
    ["a server that takes none any more", {}, true],
    ["a server where nobody listens for it", { earlyData: onlyOnce() }, false],
    ["a guard that has seen it", { earlyData: { maxSize: 1000, guard: { admit: () => false } } }, true],
  ])("is given back by %s, and comes to nobody", async (_, options, listens) => {
    const ticketKeys = Buffer.alloc(48, 1);
    const first = await ourServer({ earlyData: onlyOnce(), ticketKeys });
    first.server.on("earlyData", () => undefined);
    const { server, port } = await ourServer({ ticketKeys, ...options }, (socket) => socket.pipe(socket));
    const heard: string[] = [];
    if (listens) server.on("earlyData", (data: Buffer) => heard.push(data.toString()));
    const { earlyData, told } = early("asked");
    const client = ourClient(port, { session: await sessionOf(first.port), earlyData });
    expect(await told).toEqual(["rejected", "asked"]);
    await client.established;
    expect(client.isSessionReused()).toBe(true);
    client.end("later");
    expect(await text(client)).toBe("later");
    expect(heard).toEqual([]);
  });

  test("is given back unsent without a session", async () => {
    const { port } = await ourServer({ earlyData: onlyOnce() });
    const { earlyData, told } = early("asked");
    ourClient(port, { earlyData });
    expect(await told).toEqual(["not_sent", "asked"]);
  });

  test("is given back by a socket that is destroyed before the handshake", async () => {
    const { port } = await ourServer({ earlyData: onlyOnce() });
    const { earlyData, told } = early("asked");
    ourClient(port, { earlyData }).destroy();
    expect(await told).toEqual(["not_sent", "asked"]);
  });

  test("is told by the socket that accept gives", async () => {
    const heard: string[] = [];
    const ticketKeys = Buffer.alloc(48, 1);
    const options = { certificates: [pki.certificate], earlyData: onlyOnce(), ticketKeys };
    const server = createTcpServer((raw) => {
      const socket = accept(raw, options);
      socket.on("earlyData", (data: Buffer) => heard.push(data.toString()));
      socket.resume();
    });
    const port = await listening(server);
    const { earlyData, told } = early("asked");
    ourClient(port, { session: await sessionOf(port), earlyData });
    expect(await told).toEqual(["accepted", ""]);
    expect(heard).toEqual(["asked"]);
  });

  test("that is empty is refused: nothing could become of it", () => {
    const nothing = { replayable: new Uint8Array(0), outcome: () => undefined };
    expect(() => connect({ host: "localhost", port: 1, ca: pki.anchors, earlyData: nothing })).toThrow(
      expect.objectContaining({ code: "out_of_range" }),
    );
  });

  test("isn't for those who speak HTTP for others", async () => {
    const refused = expect.objectContaining({ code: "refused_option" });
    const { earlyData } = early("asked");
    const asClient: object = { earlyData };
    const asServer: object = { certificates: [pki.certificate], earlyData: onlyOnce() };
    expect(() => new HttpsAgent(asClient)).toThrow(refused);
    expect(() => createHttp2Server(asServer)).toThrow(refused);
    await expect(connectHttp2("https://localhost:1", asClient)).rejects.toEqual(refused);
    const agent = new HttpsAgent();
    expect(() => https.get({ host: "localhost", port: 1, agent, ...asClient })).toThrow(refused);
  });
});

describe("a server for HTTP", () => {
  const head = (method: string): string => `${method} / HTTP/1.1\r\nHost: localhost\r\n`;

  /** What a server says to a request that is sent early, and to another behind it. */
  async function exchange(
    asked: string,
    earlyRequest: ((request: IncomingMessage, response: ServerResponse) => void) | undefined,
    more: (server: HttpsServer) => void = () => undefined,
    behind = `${head("GET")}Connection: close\r\n\r\n`,
  ): Promise<{ readonly answer: string; readonly handled: readonly string[] }> {
    const handled: string[] = [];
    const server = createHttpsServer(
      { certificates: [pki.certificate], earlyData: onlyOnce() },
      (request, response) => {
        handled.push(`${request.method}`);
        response.end("late");
      },
    );
    if (earlyRequest !== undefined) server.on("earlyRequest", earlyRequest);
    more(server);
    const port = await listening(server);
    const session = await sessionOf(port);
    const { earlyData, told } = early(asked);
    const client = ourClient(port, { session, earlyData });
    expect(await told).toEqual(["accepted", ""]);
    if (behind === "") client.end();
    else client.write(behind);
    return { answer: await text(client), handled };
  }

  const statuses = (answer: string): readonly string[] => answer.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];

  test("answers 425 to what comes early, unless somebody listens for that (RFC 8470 §5.2)", async () => {
    const { answer, handled } = await exchange(`${head("GET")}\r\n`, undefined);
    expect(statuses(answer)).toEqual(["425", "200"]);
    expect(handled).toEqual(["GET"]);
  });

  test("tells of early requests by themselves", async () => {
    const { answer, handled } = await exchange(`${head("GET")}\r\n`, (_request, response) => response.end("early"));
    expect(statuses(answer)).toEqual(["200", "200"]);
    expect(answer).toMatch(/early.*late/s);
    expect(handled).toEqual(["GET"]);
  });

  test("doesn't go on with an early request that has a body", async () => {
    const { answer, handled } = await exchange(`${head("POST")}Content-Length: 4\r\n\r\nbody`, undefined);
    expect(statuses(answer)).toEqual(["425", "200"]);
    expect(handled).toEqual(["GET"]);
  });

  test.each(["Expect: 100-continue\r\nContent-Length: 0\r\n", "Expect: something\r\nContent-Length: 0\r\n"])(
    "has no way around it: %j",
    async (field) => {
      const listen = (server: HttpsServer): void => {
        server.on("checkContinue", (_request, response) => response.end("continue"));
        server.on("checkExpectation", (_request, response) => response.end("expectation"));
      };
      const { answer, handled } = await exchange(`${head("POST")}${field}\r\n`, undefined, listen, "");
      expect(statuses(answer)).toEqual(["425"]);
      expect(handled).toEqual([]);
    },
  );

  test("nor by an upgrade", async () => {
    const upgraded: string[] = [];
    const asked = `${head("GET")}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const listen = (server: HttpsServer): void => {
      server.on("upgrade", (_request, socket) => {
        upgraded.push("upgraded");
        socket.end();
      });
    };
    const { answer } = await exchange(asked, undefined, listen, "");
    expect(statuses(answer)).toEqual(["425"]);
    expect(upgraded).toEqual([]);
  });

  test.each([
    ["GET", "200", "early"],
    ["POST", "425", "late"],
  ])("in the example answers %s with %s when it comes early", async (method, status, first) => {
    const when = ({ socket }: IncomingMessage): string => (Reflect.get(socket, "secureConnecting") ? "early" : "late");
    const server = createCautiousServer([pki.certificate], onlyOnce().guard, (request, response) =>
      response.end(when(request)),
    );
    const port = await listening(server);
    const { earlyData } = early(`${head(method)}Content-Length: 0\r\n\r\n`);
    const client = ourClient(port, {
      session: await sessionOf(port, { alpnProtocols: ["http/1.1"] }),
      earlyData,
      alpnProtocols: ["http/1.1"],
    });
    await client.established;
    client.write(`${head(method)}Content-Length: 0\r\nConnection: close\r\n\r\n`);
    const answer = await text(client);
    expect(statuses(answer)).toEqual([status, "200"]);
    expect(answer.match(/early|late/g)?.[0]).toBe(first);
  });

  test("takes no early request for another behind one that destroyed the socket", async () => {
    const handled: string[] = [];
    const server = createHttpsServer({ certificates: [pki.certificate], earlyData: onlyOnce() }, (request) => {
      handled.push(`late ${request.url}`);
    });
    server.on("earlyRequest", (request: IncomingMessage) => {
      handled.push(`early ${request.url}`);
      request.socket.destroy();
    });
    const port = await listening(server);
    const { earlyData, told } = early("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    const client = ourClient(port, { session: await sessionOf(port), earlyData });
    await Promise.all([told, new Promise((closed) => client.once("close", closed))]);
    expect(handled).toContain("early /a");
    expect(handled).not.toContain("late /b");
  });

  test("takes a request whose end comes behind the handshake for any other", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate], earlyData: onlyOnce() }, (_request, response) =>
      response.end("late"),
    );
    const port = await listening(server);
    const { earlyData } = early(head("GET"));
    const client = ourClient(port, { session: await sessionOf(port), earlyData });
    await client.established;
    client.write("Connection: close\r\n\r\n");
    const answer = await text(client);
    expect(statuses(answer)).toEqual(["200"]);
  });
});
