/** What programs do with axios, which takes an agent of node:https. */
import { Agent } from "node:https";
import axios from "axios";
import { input, runCases } from "./cases.ts";
import type { WebClientInput } from "./web.ts";
import { inTurn, type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "https", ask, ({ trust, origin }) => {
    const client = axios.create({
      baseURL: origin,
      httpsAgent: new Agent({ ...trust, keepAlive: true, maxSockets: 1 }),
    });
    return {
      async "a hundred requests over one connection"() {
        const answers = await inTurn(100, async () => (await client.get("/connection")).data);
        return new Set(answers.map(String)).size;
      },
      async "a redirection"() {
        const { request, data } = await client.get("/redirect");
        return [request.path, data];
      },
      "a redirection that isn't followed": async () =>
        (await client.get("/redirect", { maxRedirects: 0, validateStatus: null })).status,
      "an answer that takes too long": () => client.get("/never", { timeout: 50 }),
    };
  }),
);

async function ask({ url, trust, body, signal }: Question) {
  const { data } = await axios({
    url,
    httpsAgent: new Agent(trust),
    responseType: "stream",
    ...(body && { method: "POST", data: body, maxRedirects: 0 }),
    ...(signal && { signal }),
  });
  return data;
}
