import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { Chromium, noChromium, type Page } from "@tlskit/interop/chromium";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { openssl } from "@tlskit/interop/openssl";
import { Program } from "@tlskit/interop/program";
import { scratchFile, scratchFolder } from "@tlskit/interop/scratch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundled } from "./helpers/bundled.ts";
import { startExample } from "./helpers/example.ts";

const missing =
  noChromium ?? (openssl === undefined ? "the command openssl, 3.0 or later, is not on this machine" : undefined);

describeUnless(missing, "the example of a TLS server in a page", () => {
  let chromium: Chromium;
  let page: Page;
  let url: string;
  let tcpPort: string;
  let authority: string;

  beforeAll(async () => {
    const folder = scratchFolder("page");
    for (const name of ["index.html", "frame.html"]) {
      copyFileSync(new URL(`../tls-server-in-a-page/${name}`, import.meta.url), join(folder, name));
    }
    for (const name of ["page", "frame"]) {
      writeFileSync(join(folder, `${name}.js`), await bundled(`tls-server-in-a-page/${name}.ts`));
    }
    const bridge = startExample("tls-server-in-a-page/bridge.ts", [folder, "0", "0"]);
    [, url = "", tcpPort = ""] = await bridge.waitForLine(/^(http:.*) serves clients of port (\d+)$/);
    chromium = await Chromium.start(undefined);
    page = await chromium.load(url);
    authority = scratchFile("page.pem", await shown("#certificate"));
  }, 120_000);
  afterAll(() => chromium?.stop());

  /** What an element of the page says, as soon as it says anything. */
  async function shown(element: string): Promise<string> {
    const said = `document.querySelector(${JSON.stringify(element)}).textContent`;
    return String(
      await page.evaluate(`new Promise((resolve) => {
        const look = () => { if (${said} !== "") resolve(${said}); else setTimeout(look, 10); };
        look();
      })`),
    );
  }

  /** `openssl s_client`, which verifies the page for a name. */
  function client(name: string): Program {
    const verification = ["-CAfile", authority, "-verify_return_error", "-verify_hostname", name];
    return new Program("openssl", ["s_client", "-connect", `127.0.0.1:${tcpPort}`, "-quiet", ...verification]);
  }

  it("serves openssl s_client over TCP, several times and at once", async () => {
    const clients = Array.from({ length: 6 }, () => client("page.example"));
    await Promise.all(
      clients.map(async (one) => {
        one.write("hello\n");
        await one.waitForLine(/^hello to you, from a page$/);
        await one.stop();
      }),
    );
  });

  it("isn't taken for anybody else", async () => {
    const one = client("another.example");
    await one.waitForLine(/hostname mismatch/i);
    await one.ended();
  });

  it("serves a frame of another origin, over a MessagePort", async () => {
    expect(await shown("#answer")).toBe("hello to you, from a page\n");
  });

  it("alone has the bridge's clients: no page of another site whose name leads there", async () => {
    const { origin, port } = new URL(url);
    expect(await asked(origin)).toBe(101);
    expect(await asked(`http://evil.example:${port}`)).toBe(401);
  });

  /** What the bridge answers a page of that origin that wants clients. */
  async function asked(origin: string): Promise<number | undefined> {
    const { host } = new URL(origin);
    const upgrade = { connection: "upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const headers = { ...upgrade, "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", origin, host };
    const sent = request(new URL("/clients", url), { headers }).end();
    const [response, socket] = (await Promise.race([once(sent, "upgrade"), once(sent, "response")])) as [
      IncomingMessage,
      Socket?,
    ];
    socket?.destroy();
    response.destroy();
    return response.statusCode;
  }
});
