/** What programs do with undici, whose connector calls `tls.connect`. */
import { text } from "node:stream/consumers";
import { Agent, Client, type Dispatcher, interceptors, request } from "undici";
import { input, runCases } from "./cases.ts";
import type { WebClientInput } from "./web.ts";
import { inTurn, type Question, readCutOff, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "https", ask, (setting) => ({
    async "a hundred requests over one connection"() {
      const dispatcher = new Agent({ connect: setting.trust, connections: 1 });
      const answers = await inTurn(100, () => answer(`${setting.origin}/connection`, dispatcher));
      return new Set(answers).size;
    },
    async "sessions resumed"() {
      // An agent forgets servers, and their sessions, when it has no connection to them.
      const client = new Client(setting.origin, { connect: setting.trust, pipelining: 0 });
      const answers = await inTurn(10, () => answer(`${setting.origin}/connection`, client));
      return answers.map((text) => JSON.parse(text)[1]);
    },
    "a redirection": () =>
      answer(
        `${setting.origin}/redirect`,
        new Agent({ connect: setting.trust }).compose(interceptors.redirect({ maxRedirections: 1 })),
      ),
    async "fifty requests at once by HTTP/2"() {
      const dispatcher = new Agent({ connect: setting.trust, connections: 1 });
      const url = `https://localhost:${given.ports.http2}`;
      const first = await answer(`${url}/hello`, dispatcher);
      const answers = await Promise.all(Array.from({ length: 50 }, () => answer(`${url}/bytes/100000`, dispatcher)));
      return [first, answers.length, new Set(answers).size];
    },
    "an answer that takes too long": () =>
      answer(`${setting.origin}/never`, new Agent({ connect: setting.trust, headersTimeout: 50 })),
    "an answer without a length that is cut off": () =>
      readCutOff(`unframed-${setting.trust.minVersion}-${process.pid}`, "", setting, ask),
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
