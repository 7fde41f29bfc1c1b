/** What programs do with undici, whose connector calls `tls.connect`. */
import { text } from "node:stream/consumers";
import { Agent, Client, type Dispatcher, interceptors, request } from "undici";
import { input, runCases } from "./cases.ts";
import type { WebClientInput } from "./web.ts";
import { inTurn, type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "https", ask, ({ trust, origin }) => ({
    async "a hundred requests over one connection"() {
      const dispatcher = new Agent({ connect: trust, connections: 1 });
      const answers = await inTurn(100, () => answer(`${origin}/connection`, dispatcher));
      return new Set(answers).size;
    },
    async "sessions resumed"() {
      // An agent forgets servers, and their sessions, when it has no connection to them.
      const client = new Client(origin, { connect: trust, pipelining: 0 });
      const answers = await inTurn(5, () => answer(`${origin}/connection`, client));
      return answers.map((text) => JSON.parse(text)[1]);
    },
    "a redirection": () =>
      answer(
        `${origin}/redirect`,
        new Agent({ connect: trust }).compose(interceptors.redirect({ maxRedirections: 1 })),
      ),
    async "fifty requests at once by HTTP/2"() {
      const dispatcher = new Agent({ connect: trust, connections: 1 });
      const url = `https://localhost:${given.ports.http2}`;
      const first = await answer(`${url}/hello`, dispatcher);
      const answers = await Promise.all(Array.from({ length: 50 }, () => answer(`${url}/bytes/100000`, dispatcher)));
      return [first, answers.length, new Set(answers).size];
    },
    "an answer that takes too long": () => answer(`${origin}/never`, new Agent({ connect: trust, headersTimeout: 50 })),
  })),
);

async function ask({ url, trust, body, signal }: Question) {
  const answered = await request(url, {
    dispatcher: new Agent({ connect: trust }),
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
