import { openAsBlob } from "node:fs";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { nginx } from "@tlskit/interop/nginx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NginxProxy, startNginxProxy } from "./helpers/nginx-proxy.ts";
import { type Outcomes, timeOfProgram } from "./helpers/run-program.ts";
import { ways } from "./helpers/ways.ts";
import { digestOfLarge, large, type RunningServer, runWebClient, startServer } from "./helpers/web-servers.ts";
import type { WebPorts } from "./programs/web.ts";
import { inTurn } from "./programs/web-cases.ts";

const versions = ["TLSv1.2", "TLSv1.3"];
/** By the protocol that they speak with one that has both. */
const clients: Readonly<Record<string, readonly [file: string, protocol: string]>> = {
  "node:https": ["https.ts", "HTTP/1.1"],
  "node:http2": ["http2.ts", "HTTP/2.0"],
  undici: ["undici.ts", "HTTP/2.0"],
  fetch: ["fetch.ts", "HTTP/2.0"],
  axios: ["axios.ts", "HTTP/1.1"],
};

describeUnless(nginx === undefined ? "the command nginx is not on this machine" : undefined, "nginx", () => {
  describe.each(ways)("and servers over %s", (_name, way) => {
    let running: RunningServer<WebPorts>;
    let proxy: NginxProxy;
    beforeAll(async () => {
      running = await startServer<WebPorts>("web-server.ts", way);
      proxy = await startNginxProxy(nginx ?? "nginx", running.ports);
    }, timeOfProgram);
    afterAll(() => running.stop());

    describe.each(versions)("that it asks in %s", (version) => {
      const ask = async (path: string, options?: RequestInit): Promise<Response> =>
        await fetch(`http://127.0.0.1:${proxy.plainPort}/${path}`, options);
      const answer = async (path: string, options?: RequestInit): Promise<string> =>
        await (await ask(path, options)).text();

      it("are verified, and answer", async () => {
        expect(await answer(`usual/${version}/hello`)).toBe(`hello by HTTP/1.1 over ${version}`);
      });

      it("know it by its certificate", async () => {
        expect(await answer(`alice/${version}/who`)).toBe("alice true ");
        expect(await answer(`usual/${version}/who`)).toBe("undefined false UNABLE_TO_GET_ISSUER_CERT");
      });

      it("refuse it without one where they demand one", async () => {
        expect((await ask(`nobody/${version}/who`)).status).toBe(502);
      });

      it.each(["stranger", "expired", "misnamed"])("are refused: %s", async (name) => {
        expect((await ask(`${name}/${version}/hello`)).status).toBe(502);
        const reason = name === "misnamed" ? 'does not match "localhost"' : "upstream SSL certificate verify error";
        await proxy.program.waitForLine(new RegExp(`${reason}.*"GET /${name}/${version}/hello`));
      });

      it("get large bodies and give them", async () => {
        const body = await openAsBlob(large);
        expect(await answer(`usual/${version}/digest`, { method: "POST", body })).toBe(digestOfLarge);
        expect((await (await ask(`usual/${version}/bytes/5000000`)).arrayBuffer()).byteLength).toBe(5_000_000);
      });

      it("resume its sessions", async () => {
        const answers = await inTurn(2, async () => JSON.parse(await answer(`resuming/${version}/connection`)));
        expect(answers.map(([, resumed]) => resumed)).toEqual([false, true]);
      });

      it("keep its connection", async () => {
        const answers = await inTurn(10, async () => await answer(`kept/${version}/connection`));
        expect(new Set(answers).size).toBe(1);
      });
    });
  });

  describe.each(ways)("as the server of clients over %s", (_name, way) => {
    let running: RunningServer<WebPorts>;
    let proxy: NginxProxy;
    beforeAll(async () => {
      running = await startServer<WebPorts>("web-server.ts", way);
      proxy = await startNginxProxy(nginx ?? "nginx", running.ports);
    }, timeOfProgram);
    afterAll(() => running.stop());

    describe.each(Object.entries(clients))("by %s", (_client, [file, protocol]) => {
      let outcomes: Outcomes;
      beforeAll(async () => {
        outcomes = await runWebClient(file, way, running.ports, proxy.securePort);
      }, timeOfProgram);

      it.each(versions)("in %s", (version) => {
        const value = (name: string): unknown => outcomes[`${version}: ${name}`];
        expect(value("a request")).toEqual({ value: `${protocol} ${version} NONE ` });
        expect(value("a certificate that is asked for")).toEqual({ value: `${protocol} ${version} SUCCESS CN=alice` });
        expect(value("a large download")).toEqual({ value: digestOfLarge });
        expect(value("a large upload")).toEqual({ value: digestOfLarge });
      });
    });
  });
});
