/** A server of web pages by node:https and node:http2, with the WebSockets of ws: for the clients that people have. */
import type { IncomingMessage } from "node:http";
import { constants, createSecureServer, type Http2ServerRequest } from "node:http2";
import { createServer, type ServerOptions } from "node:https";
import type { Server } from "node:net";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WebSocketServer } from "ws";
import { input } from "./cases.ts";
import { page, script, style } from "./page.ts";
import { hello, portOf, printPorts, tlsOf, tlsOptions, who } from "./servers.ts";
import { bytes, digest, type ServerInput, type WebPorts } from "./web.ts";

type Request = IncomingMessage | Http2ServerRequest;
/** What both kinds have. */
interface Response extends Writable {
  statusCode: number;
  setHeader(name: string, value: string | number): unknown;
}
type Answer = (request: Request, response: Response, argument: string, name: string) => unknown;

/** What happens once, by what it is called: it can be waited for before and after. */
const happenings = new Map<string, PromiseWithResolvers<void>>();
const sent = new Map<string, number>();
const connections: unknown[] = [];

/** By the first part of a path; the second and third are an argument and a name. */
const answers: Readonly<Record<string, Answer>> = {
  hello: (request, response) => response.end(hello(request)),
  who: (request, response) => response.end(who(request)),
  "": (_request, response) => response.end(page),
  "style.css": (_request, response) => response.end(style),
  "script.js": (_request, response) => response.end(script),
  redirect(_request, response) {
    response.statusCode = 302;
    response.setHeader("location", "/hello");
    response.end();
  },

  /** Which connection this is, and whether it resumed a session. */
  connection(request, response) {
    const connection = "stream" in request ? request.stream.session : request.socket;
    if (!connections.includes(connection)) connections.push(connection);
    response.end(JSON.stringify([connections.indexOf(connection), tlsOf(request).isSessionReused()]));
  },

  digest: async (request, response) => response.end(await digest(request)),
  echo: (request, response) => pipeline(request, response),
  bytes: (_request, response, length, name) =>
    pipeline(
      bytes(Number(length), (taken) => sent.set(name, (sent.get(name) ?? 0) + taken)),
      response,
    ),
  sent: (_request, response, name) => response.end(String(sent.get(name))),

  /** Reads nothing until the client says so. */
  async unread(request, response, name) {
    await happening(`read ${name}`).promise;
    response.end(await digest(request));
  },
  read(_request, response, name) {
    happening(`read ${name}`).resolve();
    response.end();
  },

  never: () => undefined,
  half(_request, response, name) {
    response.once("close", happening(`closed ${name}`).resolve);
    response.setHeader("content-length", 10);
    response.write("half ");
  },
  /** Answers when half an answer was given up. */
  async closed(_request, response, name) {
    await happening(`closed ${name}`).promise;
    response.end("closed");
  },
  /** Breaks off in the middle of an answer, when the client has read what came before. */
  async cut(request, response, name, length) {
    // Without a length it is the end of the connection that delimits it.
    if (length !== "") response.setHeader("content-length", length);
    else Object.assign(response, { useChunkedEncodingByDefault: false });
    response.write("half ");
    await happening(`read ${name}`).promise;
    if ("stream" in request) request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else request.socket.destroy();
  },
};

const { expired, misnamed } = input<ServerInput>();
const options = tlsOptions();

printPorts<WebPorts>({
  https: await portOf(withWebSockets(createServer(options, answer))),
  http2: await portOf(withHttp2(options)),
  expired: await portOf(withHttp2(expired)),
  misnamed: await portOf(withHttp2(misnamed)),
  demanding: await portOf(withHttp2({ ...options, rejectUnauthorized: true })),
});

function withHttp2(options: ServerOptions): Server {
  return withWebSockets(createSecureServer({ ...options, allowHTTP1: true }, answer));
}

function withWebSockets(server: Server): Server {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => {
      if (String(data) === "close") socket.close(4000, "as you wish");
      else socket.send(data, { binary: isBinary });
    });
  });
  return server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
}

function happening(name: string): PromiseWithResolvers<void> {
  const found = happenings.get(name) ?? Promise.withResolvers<void>();
  happenings.set(name, found);
  return found;
}

async function answer(request: Request, response: Response): Promise<void> {
  const [, what = "", argument = "", name = ""] = (request.url ?? "").split("/");
  try {
    const found = answers[what];
    if (found === undefined) throw new Error(`nobody asks for ${what}`);
    await found(request, response, argument, name);
  } catch {
    // The client is gone, and knows that, or finds out now.
    response.destroy();
  }
}
