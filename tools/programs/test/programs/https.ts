/** What programs do with node:https. */
import { once } from "node:events";
import { Agent, get, request } from "node:https";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { input, runCases } from "./cases.ts";
import type { WebClientInput } from "./web.ts";
import { inTurn, type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "https", ask, ({ trust, origin, get: getText }) => ({
    "a server that has HTTP/2 too": () => getText(`https://localhost:${given.ports.http2}/hello`),
    async "a hundred requests over one connection"() {
      const agent = new Agent({ ...trust, keepAlive: true, maxSockets: 1 });
      const answers = await inTurn(100, async () => await answer(get(`${origin}/connection`, { agent })));
      agent.destroy();
      return new Set(answers).size;
    },
    async "sessions resumed"() {
      const agent = new Agent(trust);
      const answers = await inTurn(5, async () => await answer(get(`${origin}/connection`, { agent })));
      return answers.map((text) => JSON.parse(text)[1]);
    },
    async "an answer that takes too long"() {
      const sent = get(`${origin}/never`, { ...trust, timeout: 50 });
      sent.once("timeout", () => sent.destroy(new Error("too long")));
      return await answer(sent);
    },
  })),
);

async function ask({ url, trust, body, signal }: Question) {
  const sent = request(url, { ...trust, method: body === undefined ? "GET" : "POST", ...(signal && { signal }) });
  const [[response]] = await Promise.all([
    once(sent, "response"),
    body === undefined ? sent.end() : pipeline(body, sent),
  ]);
  return response;
}

async function answer(sent: ReturnType<typeof get>): Promise<string> {
  const [response] = await once(sent, "response");
  return await text(response);
}
