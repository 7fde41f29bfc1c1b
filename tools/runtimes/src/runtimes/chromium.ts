import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Chromium, noChromium, type Page } from "@tlskit/interop/chromium";
import { commandOutput } from "@tlskit/interop/command-output";
import type { Result } from "../suite.ts";
import { type RunningRuntime, type Runtime, suitePatience } from "./runtime.ts";

/**
 * A page that has what a secure context has, for it comes from this machine. Results are fetched from it while it runs: the
 * browser answers a question for them within moments, however long a suite takes.
 */
const page = `<!doctype html><meta charset="utf-8"><title>A suite</title><script>
  const told = [];
  let over = false;
  let wake = () => {};
  const tell = (result) => { told.push(result); wake(); };
  const begin = async (path, given) => {
    const { run } = await import(path);
    await run(given, tell);
  };
  const start = (path, given) => {
    begin(path, given)
      .catch((error) => tell({ name: "the suite runs", outcome: "failed", why: String(error?.stack ?? error), milliseconds: 0 }))
      .finally(() => { over = true; wake(); });
  };
  const next = async () => {
    if (told.length === 0 && !over) await new Promise((done) => { wake = done; setTimeout(done, 5000); });
    return { results: told.splice(0), over };
  };
</script>`;

export const chromium: Runtime = {
  name: "Chromium",
  missing: noChromium,
  pinned: false,
  version: () => /\d+(\.\d+)+/.exec(commandOutput("chromium", "--version") ?? "")?.[0] ?? "",
  start: async () => {
    const served = new Map<string, string>();
    const server = createServer((request, response) => {
      const bundle = served.get(request.url ?? "");
      if (bundle === undefined) response.setHeader("content-type", "text/html").end(page);
      else response.setHeader("content-type", "text/javascript; charset=utf-8").end(bundle);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new RunningChromium(await Chromium.start(undefined), server, origin, served);
  },
};

class RunningChromium implements RunningRuntime {
  readonly origin: string;
  readonly #browser: Chromium;
  readonly #server: Server;
  readonly #served: Map<string, string>;

  constructor(browser: Chromium, server: Server, origin: string, served: Map<string, string>) {
    this.origin = origin;
    this.#browser = browser;
    this.#server = server;
    this.#served = served;
  }

  async run(bundle: string, given: unknown): Promise<readonly Result[]> {
    const path = `/suites/${this.#served.size}.js`;
    this.#served.set(path, bundle);
    const page = await this.#browser.load(`${this.origin}/`);
    await page.evaluate(`start(${JSON.stringify(path)}, ${JSON.stringify(given ?? null)})`);
    const results: Result[] = [];
    const last = Date.now() + suitePatience;
    for (;;) {
      const news = await asked(page, results.at(-1));
      results.push(...news.results);
      if (news.over) return results;
      if (Date.now() > last) throw new Error(`waited ${suitePatience} ms for Chromium, after ${results.at(-1)?.name}`);
    }
  }

  async stop(): Promise<void> {
    await this.#browser.stop();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What the page above tells next. */
interface News {
  readonly results: readonly Result[];
  readonly over: boolean;
}

/** @throws {Error} if the page has no turn left to answer in, so that the browser gives up on it */
async function asked(page: Page, last: Result | undefined): Promise<News> {
  try {
    // As the page has it.
    return (await page.evaluate("next()")) as News;
  } catch (error) {
    throw new Error(`Chromium doesn't answer any more, behind ${last?.name ?? "nothing"}`, { cause: error });
  }
}
