import { createServer as createSite } from "node:http";
import { createServer as createHttps } from "node:https";
import { fileURLToPath } from "node:url";
import { Chromium, noChromium, type Page } from "@tlskit/interop/chromium";
import { Relay } from "@tlskit/relay";
import { rolldown } from "rolldown";
import { whenMeasured } from "../closing.ts";
import { listen } from "../listen.ts";
import { makePki } from "../pki.ts";
import type { Absence } from "../row.ts";
import type { Places, Way } from "./in-page.ts";

/** Gives milliseconds of a page that measures. */
export type InPage = (what: "connecting" | "downloading", way: Way) => Promise<number>;

/**
 * Chromium, which trusts the authority, a relay, and an HTTPS server of Node's behind it: these two in the process that
 * measures.
 * @param size bytes of what the server has to give.
 * @returns gives a page that has been loaded, its module run, and that hasn't connected to anybody
 */
export async function benchPages(size: number): Promise<(() => Promise<InPage>) | Absence> {
  if (noChromium !== undefined) return { absent: noChromium };
  const { ca, cert, key } = makePki();
  const content = Buffer.alloc(size, "tlskit");
  const server = await listen(
    createHttps({ cert, key }, (_request, response) => {
      response.writeHead(200, { "access-control-allow-origin": "*", connection: "close" }).end(content);
    }),
  );
  const module = await bundled();
  const site = await listen(
    createSite(({ url }, response) => {
      const [type, text] = url === "/page.js" ? ["text/javascript", module] : ["text/html", "<!doctype html>"];
      response.writeHead(200, { "content-type": type }).end(text);
    }),
  );
  const origin = `http://127.0.0.1:${site.port}`;
  const relay = new Relay({ targets: [`localhost:${server.port}`], origins: [origin] });
  const { port } = await relay.listen(0, "127.0.0.1");
  const chromium = await Chromium.start(ca);
  whenMeasured(() => relay.close());
  whenMeasured(() => chromium.stop());
  const places: Places = { authority: ca, relay: `ws://127.0.0.1:${port}`, port: server.port, size };
  return async () => {
    const page = await chromium.load(origin);
    await page.evaluate(`import("/page.js").then(() => undefined)`);
    return (what, way) => measured(page, what, way, places);
  };
}

async function measured(page: Page, what: string, way: Way, places: Places): Promise<number> {
  const given = JSON.stringify([way, places]).slice(1, -1);
  return Number(await page.evaluate(`import("/page.js").then((page) => page.${what}(${given}))`));
}

async function bundled(): Promise<string> {
  const build = await rolldown({ input: fileURLToPath(new URL("in-page.ts", import.meta.url)), platform: "browser" });
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  await build.close();
  return output[0].code;
}
