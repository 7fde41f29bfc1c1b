/** What programs do with the `fetch` of Node, over connections of the package undici. */
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { setDefaultCACertificates } from "node:tls";
import { Agent } from "undici";
import { input, runCases } from "./cases.ts";
import type { Trust, WebClientInput } from "./web.ts";
import { inTurn, type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();
setDefaultCACertificates([given.ca]);

await runCases(
  webCases(given, "http2", ask, ({ trust, origin }) => {
    const over = connectionsOf(trust);
    return {
      async "a hundred requests over one connection"() {
        const answers = await inTurn(100, async () => await (await fetch(`${origin}/connection`, over)).text());
        return new Set(answers).size;
      },
      async "a redirection"() {
        const response = await fetch(`${origin}/redirect`, over);
        return [response.redirected, await response.text()];
      },
      "over Node's own connections": async () => await (await fetch(`${origin}/hello`)).text(),
      "an answer that takes too long": () => fetch(`${origin}/never`, { ...over, signal: AbortSignal.timeout(50) }),
    };
  }),
);

async function ask({ url, trust, body, signal }: Question) {
  const response = await fetch(url, {
    ...connectionsOf(trust),
    ...(body && { method: "POST", body, duplex: "half" }),
    ...(signal && { signal }),
  });
  // It locks the body: fetch gives one up when nobody has its response any more. Nothing asked here has an empty one.
  return Readable.fromWeb(response.body as ReadableStream);
}

function connectionsOf(trust: Trust): Pick<RequestInit, "dispatcher"> {
  // The types of Node have those of the version that it brings along.
  return { dispatcher: new Agent({ connect: trust }) as unknown as NonNullable<RequestInit["dispatcher"]> };
}
