import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import { type ConnectOptions, connect, HttpsAgent } from "@tlskit/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { ourServer, pem, pki } from "./helpers/world.ts";

/** A server that answers each request with these bytes, and hangs up without a close_notify. */
async function hangingUp(answer: string): Promise<number> {
  const raws: Socket[] = [];
  const { server, port } = await ourServer({}, (socket) => {
    const raw = raws.shift();
    let said = "";
    socket.on("data", (data) => {
      said += data;
      if (said.includes("\r\n\r\n")) socket.write(answer, () => raw?.end());
    });
  });
  server.on("connection", (raw: Socket) => raws.push(raw));
  return port;
}

type Get = (
  port: number,
  options?: https.RequestOptions & Pick<ConnectOptions, "dangerouslyAcceptTruncation">,
) => ClientRequest;

const clients: Readonly<Record<string, Get>> = {
  "node:https": (port, options) => https.get({ host: "localhost", port, ca: pem.ca, agent: false, ...options }),
  "connect by createConnection": (port, { dangerouslyAcceptTruncation, ...options } = {}) => {
    const how = { host: "localhost", port, ca: pki.anchors, dangerouslyAcceptTruncation };
    return https.get({ host: "localhost", port, createConnection: () => connect(how), ...options });
  },
  HttpsAgent: (port, { dangerouslyAcceptTruncation, ...options } = {}) => {
    const agent = new HttpsAgent({ ca: pki.anchors, dangerouslyAcceptTruncation });
    return https.get({ host: "localhost", port, agent, ...options });
  },
  "HttpsAgent that keeps connections": (port, { dangerouslyAcceptTruncation, ...options } = {}) => {
    const agent = new HttpsAgent({ ca: pki.anchors, keepAlive: true, dangerouslyAcceptTruncation });
    onTestFinished(() => agent.destroy());
    return https.get({ host: "localhost", port, agent, ...options });
  },
};

const readers = ["quick", "slow"] as const;

/** Everything that a request and its response tell. */
async function told(request: ClientRequest, reader: (typeof readers)[number]): Promise<unknown> {
  const events: string[] = [];
  let body = "";
  request.on("error", (error: NodeJS.ErrnoException) => events.push(`request ${error.code}`));
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    request.once("response", resolve);
    request.once("close", () => resolve(undefined));
  });
  if (response !== undefined) {
    response.on("error", (error: NodeJS.ErrnoException) => events.push(`response ${error.code}`));
    response.on("end", () => events.push("end"));
    const closed = once(response, "close").catch(() => undefined);
    // Long enough for everything to have come, and for the end; if it isn't, this reader is a quick one too.
    if (reader === "slow") await new Promise((later) => setTimeout(later, 50));
    response.on("data", (chunk) => {
      body += chunk;
    });
    await closed;
    // What is told after the response's end is told to the request.
    if (!request.closed) await new Promise((later) => request.once("close", later));
  }
  await new Promise((later) => setImmediate(later));
  return { status: response?.statusCode, length: body.length, events };
}

const large = "0123456789".repeat(30_000);
const ok = "HTTP/1.1 200 OK\r\n";

describe.each(readers)(
  "a server hangs up without a close_notify, and a %s reader is told what node:https tells",
  (reader) => {
    const whole: readonly [string, string, https.RequestOptions, readonly string[]][] = [
      ["after a body with its length", `${ok}Content-Length: 5\r\n\r\nhello`, {}, ["end"]],
      ["after a large body with its length", `${ok}Content-Length: ${large.length}\r\n\r\n${large}`, {}, ["end"]],
      ["after a chunked body", `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, {}, ["end"]],
      [
        "after a large chunked body",
        `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
        {},
        ["end"],
      ],
      ["after the answer to HEAD", `${ok}Content-Length: 5\r\n\r\n`, { method: "HEAD" }, ["end"]],
      ["after a 204", "HTTP/1.1 204 No Content\r\n\r\n", {}, ["end"]],
      ["after a 304", "HTTP/1.1 304 Not Modified\r\n\r\n", {}, ["end"]],
      ["in the middle of a body with its length", `${ok}Content-Length: 10\r\n\r\nhello`, {}, ["response ECONNRESET"]],
      ["in the middle of a large body", `${ok}Content-Length: 999999\r\n\r\n${large}`, {}, ["response ECONNRESET"]],
      ["in the middle of a chunk", `${ok}Transfer-Encoding: chunked\r\n\r\n9\r\nhello`, {}, ["response ECONNRESET"]],
      ["between chunks", `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`, {}, ["response ECONNRESET"]],
      ["in the middle of a header", `${ok}Content-Le`, {}, ["request ECONNRESET"]],
      ["before any answer", "", {}, ["request ECONNRESET"]],
      ["after an answer that says to wait", "HTTP/1.1 100 Continue\r\n\r\n", {}, ["request ECONNRESET"]],
    ];

    test.each(whole)("%s", async (_when, answer, options, events) => {
      const port = await hangingUp(answer);
      const outcomes = [];
      for (const get of Object.values(clients)) outcomes.push(await told(get(port, options), reader));
      const [theirs, ...ours] = outcomes;
      expect(theirs).toMatchObject({ events });
      for (const outcome of ours) expect(outcome).toEqual(theirs);
    });

    const untilTheEnd: readonly [string, string][] = [
      ["a body that ends with the stream", `${ok}Connection: close\r\n\r\nhello`],
      ["a large body that ends with the stream", `${ok}Connection: close\r\n\r\n${large}`],
      ["a body whose last coding isn't chunked", `${ok}Transfer-Encoding: chunked, gzip\r\n\r\nhello`],
    ];

    test.each(untilTheEnd)("but not after %s: nobody can tell that it is whole", async (_which, answer) => {
      const port = await hangingUp(answer);
      const { "node:https": theirs, ...ours } = clients;
      expect(await told((theirs as Get)(port), reader)).toMatchObject({ events: ["end"] });
      for (const get of Object.values(ours)) {
        expect(await told(get(port), reader)).toMatchObject({
          status: 200,
          events: ["request truncated", "response truncated"],
        });
      }
    });

    test.each(untilTheEnd)("nor is %s refused by whoever dangerously accepts that", async (_which, answer) => {
      const port = await hangingUp(answer);
      const { "node:https": theirs, ...ours } = clients;
      const expected = await told((theirs as Get)(port), reader);
      for (const get of Object.values(ours)) {
        expect(await told(get(port, { dangerouslyAcceptTruncation: true }), reader)).toEqual(expected);
      }
    });
  },
);

describe("dangerouslyAcceptTruncation", () => {
  test("makes an end of a stream that is cut off, for a socket alone", async () => {
    const port = await hangingUp("all there is");
    const socket = connect({ host: "localhost", port, ca: pki.anchors, dangerouslyAcceptTruncation: true });
    socket.write("\r\n\r\n");
    let text = "";
    for await (const chunk of socket) text += chunk;
    expect(text).toBe("all there is");
  });

  test("but not of a handshake that is cut off", async () => {
    const { server, port } = await ourServer();
    server.prependListener("connection", (raw: Socket) => raw.end());
    const socket = connect({ host: "localhost", port, ca: pki.anchors, dangerouslyAcceptTruncation: true });
    await expect(socket.established).rejects.toMatchObject({ kind: "truncation" });
  });
});
