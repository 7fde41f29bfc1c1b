/** What programs do with undici over the connections of @tlskit/undici. */
import { text } from "node:stream/consumers";
import { connector } from "@tlskit/undici";
import { Agent, type Dispatcher, fetch, interceptors, request } from "undici";
import { input, runCases } from "./cases.ts";
import type { Trust, WebClientInput } from "./web.ts";
import { inTurn, type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "http2", ask, ({ trust, origin }) => ({
    async "a hundred requests over one connection"() {
      const dispatcher = agent(trust);
      const answers = await inTurn(100, () => answer(`${origin}/connection`, dispatcher));
      return new Set(answers).size;
    },
    "HTTP/1.1": () => answer(`https://localhost:${given.ports.https}/hello`, agent(trust)),
    "a redirection": () =>
      answer(`${origin}/redirect`, agent(trust).compose(interceptors.redirect({ maxRedirections: 1 }))),
    async "undici's own fetch"() {
      const response = await fetch(`${origin}/redirect`, { dispatcher: agent(trust) });
      return [response.redirected, await response.text()];
    },
  })),
);

function agent(trust: Trust): Agent {
  return new Agent({ connect: connector(trust), connections: 1 });
}

async function ask({ url, trust, body, signal }: Question) {
  const answered = await request(url, {
    dispatcher: agent(trust),
    method: body === undefined ? "GET" : "POST",
    body: body ?? null,
    signal: signal ?? null,
  });
  return answered.body;
}

async function answer(url: string, dispatcher: Dispatcher): Promise<string> {
  const { body } = await request(url, { dispatcher });
  return await text(body);
}
