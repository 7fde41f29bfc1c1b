/** A server by Koa: over node:https, and over node:http2. */
import { createSecureServer } from "node:http2";
import { createServer } from "node:https";
import Koa, { type Context } from "koa";
import { page, script, style } from "./page.ts";
import { hello, portOf, printPorts, tlsOptions, who } from "./servers.ts";
import { bytes, digest } from "./web.ts";

const app = new Koa();
app.use(async (context) => {
  const [, what = "", argument] = context.path.split("/");
  const answer = answers[what];
  if (answer !== undefined) await answer(context, argument);
});

const answers: Readonly<Record<string, (context: Context, argument: string | undefined) => unknown>> = {
  "": (context) => Object.assign(context, { type: "html", body: page }),
  "style.css": (context) => Object.assign(context, { type: "css", body: style }),
  "script.js": (context) => Object.assign(context, { type: "js", body: script }),
  hello: (context) => Object.assign(context, { body: hello(context.req) }),
  who: (context) => Object.assign(context, { body: who(context.req) }),
  bytes: (context, length) => Object.assign(context, { body: bytes(Number(length)) }),
  digest: async (context) => Object.assign(context, { body: await digest(context.req) }),
};

printPorts({
  https: await portOf(createServer(tlsOptions(), app.callback())),
  http2: await portOf(createSecureServer({ ...tlsOptions(), allowHTTP1: true }, app.callback() as never)),
});
