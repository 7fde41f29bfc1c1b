/** A server of web pages by node:https and node:http2, with the WebSockets of ws: for the clients that people have. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { constants, createSecureServer, type Http2ServerRequest } from "node:http2";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { input } from "./cases.ts";
import { bytes, digest, type WebServerInput } from "./web.ts";

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
  hello: (request, response) =>
    response.end(`hello by HTTP/${request.httpVersion} over ${tlsOf(request).getProtocol()}`),
  who: (request, response) => response.end(String(tlsOf(request).getPeerCertificate().subject.CN)),
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

  /** Reads nothing until it is told to. */
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
  cut(request, response) {
    response.setHeader("content-length", 10);
    response.write("half ", () => {
      if ("stream" in request) request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      else request.socket.destroy();
    });
  },
};

const { good, expired, misnamed, clients } = input<WebServerInput>();

console.log(
  JSON.stringify({
    https: await listening(createServer(good, answer)),
    http2: await listening(withHttp2(good)),
    expired: await listening(withHttp2(expired)),
    misnamed: await listening(withHttp2(misnamed)),
    demanding: await listening(withHttp2({ ...good, requestCert: true, ca: clients })),
  }),
);

function happening(name: string): PromiseWithResolvers<void> {
  const found = happenings.get(name) ?? Promise.withResolvers<void>();
  happenings.set(name, found);
  return found;
}

function withHttp2(options: ServerOptions): Server {
  return createSecureServer({ ...options, allowHTTP1: true }, answer);
}

async function listening(server: Server): Promise<number> {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => {
      if (String(data) === "close") socket.close(4000, "as you wish");
      else socket.send(data, { binary: isBinary });
    });
  });
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
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

function tlsOf({ socket }: Request): TLSSocket {
  // HTTP/2 shows what stands for one.
  return socket as TLSSocket;
}
