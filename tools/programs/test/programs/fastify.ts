/** A server by Fastify, with its options `https` and `http2`. */
import fastify, { type FastifyInstance, type RawServerBase } from "fastify";
import { page, script, style } from "./page.ts";
import { hello, printPorts, tlsOptions, who } from "./servers.ts";
import { bytes, digest } from "./web.ts";

printPorts({
  https: await portOf(fastify({ https: tlsOptions() })),
  http2: await portOf(fastify({ http2: true, https: { ...tlsOptions(), allowHTTP1: true } })),
});

async function portOf<Server extends RawServerBase>(app: FastifyInstance<Server>): Promise<number> {
  app.get("/", (_request, reply) => reply.type("text/html").send(page));
  app.get("/style.css", (_request, reply) => reply.type("text/css").send(style));
  app.get("/script.js", (_request, reply) => reply.type("text/javascript").send(script));
  app.get("/hello", (request) => hello(request.raw));
  app.get("/who", (request) => who(request.raw));
  app.get<{ Params: { length: string } }>("/bytes/:length", (request) => bytes(Number(request.params.length)));
  // Bodies are for who handles a request to read.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.post("/digest", (request) => digest(request.raw));
  return Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
}
