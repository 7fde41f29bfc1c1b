/** A server by Express: over node:https, and over node:http2. */
import { createSecureServer, Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { createServer } from "node:https";
import express, { type Express } from "express";
import { page, script, style } from "./page.ts";
import { hello, portOf, printPorts, tlsOptions, who } from "./servers.ts";
import { bytes, digest } from "./web.ts";

printPorts({
  https: await portOf(createServer(tlsOptions(), application())),
  http2: await portOf(createSecureServer(tlsOptions(), forHttp2(application()) as never)),
});

function application(): Express {
  const app = express();
  app.get("/", (_request, response) => response.send(page));
  app.get("/style.css", (_request, response) => response.type("css").send(style));
  app.get("/script.js", (_request, response) => response.type("js").send(script));
  app.get("/hello", (request, response) => response.send(hello(request)));
  app.get("/who", (request, response) => response.send(who(request)));
  app.get("/bytes/:length", (request, response) => bytes(Number(request.params.length)).pipe(response));
  app.post("/digest", async (request, response) => response.send(await digest(request)));
  return app;
}

/** Express gives its methods to the requests and responses of HTTP/1.1: here to those of HTTP/2. */
function forHttp2(app: Express): Express {
  const { getOwnPropertyDescriptors } = Object;
  const request = { ...getOwnPropertyDescriptors(express.request), ...getOwnPropertyDescriptors(app.request) };
  const response = { ...getOwnPropertyDescriptors(express.response), ...getOwnPropertyDescriptors(app.response) };
  app.request = Object.create(Http2ServerRequest.prototype, request);
  app.response = Object.create(Http2ServerResponse.prototype, response);
  return app;
}
