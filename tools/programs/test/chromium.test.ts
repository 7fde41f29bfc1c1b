import { createHash } from "node:crypto";
import { identity } from "@tlskit/interop/certificates";
import { Chromium, noChromium, type Page } from "@tlskit/interop/chromium";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timeOfProgram } from "./helpers/run-program.ts";
import { ways } from "./helpers/ways.ts";
import { type RunningServer, server, startServer } from "./helpers/web-servers.ts";
import type { ServerPorts, WebPorts } from "./programs/web.ts";

const nodes = "web-server.ts";
const nodesOwn: Readonly<Record<string, string>> = { "node:https and node:http2": nodes };
const servers: Readonly<Record<string, string>> = {
  ...nodesOwn,
  Express: "express.ts",
  Fastify: "fastify.ts",
  Koa: "koa.ts",
};
const protocols = [
  ["h2", "HTTP/2.0", "http2"],
  ["http/1.1", "HTTP/1.1", "https"],
] as const;
const others = identity("P-256", "signed by PKCS#1 v1.5");
const uploaded = createHash("sha256").update(Buffer.alloc(5_000_000, "x")).digest("hex");

describeUnless(noChromium, "Chromium", () => {
  describe.each([
    ["TLS 1.3", "TLSv1.3", "tls1.3", servers],
    // What frameworks add is the same in both.
    ["TLS 1.2", "TLSv1.2", "tls1.2", nodesOwn],
  ])("in %s,", (protocol, version, newest, those) => {
    let chromium: Chromium;
    beforeAll(async () => {
      chromium = await Chromium.start(server.rootPem, `--ssl-version-max=${newest}`);
    }, timeOfProgram);
    afterAll(() => chromium.stop());

    describe.each(ways)("with a server over %s", (_name, way) => {
      describe.each(Object.entries(those))("by %s,", (_server, file) => {
        let running: RunningServer<ServerPorts>;
        beforeAll(async () => {
          running = await startServer(file, way);
        }, timeOfProgram);
        afterAll(() => running.stop());

        describe.each(protocols)("by %s", (alpn, http, listener) => {
          let page: Page;
          beforeAll(async () => {
            page = await chromium.load(`https://localhost:${running.ports[listener]}/`);
          }, timeOfProgram);

          it("shows a page with what belongs to it", async () => {
            expect(page).toMatchObject({ error: undefined, protocol });
            expect(await page.evaluate("loaded()")).toEqual({ style: "321px", protocols: [alpn] });
            expect(await page.evaluate("hello()")).toBe(`hello by ${http} over ${version}`);
          });

          it("asks for many things at once", async () => {
            expect(await page.evaluate("many()")).toBe("20 1");
          });

          if (file !== nodes) return;

          it("downloads and uploads", async () => {
            expect(await page.evaluate("download()")).toBe(5_000_000);
            expect(await page.evaluate("upload()")).toBe(`5000000 ${uploaded}`);
          });

          it("speaks over a WebSocket", async () => {
            expect(await page.evaluate("overWebSocket()")).toBe("600000 4000 as you wish");
          });
        });
      });

      describe("of which some are wrong,", () => {
        let running: RunningServer<WebPorts>;
        beforeAll(async () => {
          running = await startServer<WebPorts>(nodes, way);
        }, timeOfProgram);
        afterAll(() => running.stop());

        it.each([
          ["an expired certificate", "expired", "net::ERR_CERT_DATE_INVALID"],
          ["a certificate for another name", "misnamed", "net::ERR_CERT_COMMON_NAME_INVALID"],
        ] as const)("refuses %s", async (_what, listener, error) => {
          expect(await chromium.load(`https://localhost:${running.ports[listener]}/`)).toMatchObject({ error });
        });
      });
    });
  });

  describe.each(ways)("with a server over %s", (_name, way) => {
    it("refuses an authority that it doesn't know", async () => {
      const [chromium, { ports, stop }] = await Promise.all([
        Chromium.start(others.rootPem),
        startServer<WebPorts>(nodes, way),
      ]);
      const { error } = await chromium.load(`https://localhost:${ports.http2}/`);
      await Promise.all([chromium.stop(), stop()]);
      expect(error).toBe("net::ERR_CERT_AUTHORITY_INVALID");
    });
  });
});
