import { clientIdentity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { identityFiles } from "@tlskit/interop/scratch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curl, noCurl } from "./helpers/curl.ts";
import { timeOfProgram } from "./helpers/run-program.ts";
import { ways } from "./helpers/ways.ts";
import { alice, digestOfLarge, large, type RunningServer, server, startServer } from "./helpers/web-servers.ts";
import type { ServerPorts, WebPorts } from "./programs/web.ts";

/** By what they serve with; what Express gives its methods to is of HTTP/1.1 or of HTTP/2. */
const servers: Readonly<Record<string, { readonly file: string; readonly http1BesideHttp2: boolean }>> = {
  "node:https and node:http2": { file: "web-server.ts", http1BesideHttp2: true },
  Express: { file: "express.ts", http1BesideHttp2: false },
  Fastify: { file: "fastify.ts", http1BesideHttp2: true },
  Koa: { file: "koa.ts", http1BesideHttp2: true },
};

const versions = [
  ["TLSv1.2", ["--tlsv1.2", "--tls-max", "1.2"]],
  ["TLSv1.3", ["--tlsv1.3"]],
] as const;

const trusting = ["--cacert", identityFiles(server).root];
const eve = clientIdentity("eve", "P-256", "under P-256");
const asEve = ["--cert", identityFiles(eve).chain, "--key", identityFiles(eve).key];
const asAlice = ["--cert", identityFiles(alice).chain, "--key", identityFiles(alice).key];
const length = 5_000_000;

/**
 * What curl exits with when a connection fails: which one of these depends on how far it had come when the alert did. HTTP2,
 * PARTIAL_FILE, SSL_CONNECT_ERROR, GOT_NOTHING, SEND_ERROR, RECV_ERROR, HTTP2_STREAM.
 */
const connectionFailures = [16, 18, 35, 52, 55, 56, 92];

describeUnless(noCurl, "curl", () => {
  describe.each(ways)("with servers over %s,", (_name, way) => {
    describe.each(Object.entries(servers))("by %s,", (_server, { file, http1BesideHttp2 }) => {
      let running: RunningServer<ServerPorts>;
      beforeAll(async () => {
        running = await startServer(file, way);
      }, timeOfProgram);
      afterAll(() => running.stop());

      const protocols = [
        ["HTTP/1.1", "--http1.1", "https"],
        ["HTTP/2.0", "--http2", "http2"],
        ...(http1BesideHttp2 ? [["HTTP/1.1", "--http1.1", "http2"] as const] : []),
      ] as const;
      describe.each(
        versions.flatMap(([version, choice]) =>
          protocols.map(([http, option, listener]) => ({ version, http, listener, options: [...choice, option] })),
        ),
      )("$http over $version at the listener of $listener", ({ version, http, listener, options }) => {
        const ask = (path: string, ...others: readonly string[]) =>
          curl(...trusting, ...options, ...others, `https://localhost:${running.ports[listener]}${path}`);

        it("is answered", async () => {
          expect(await ask("/hello")).toEqual({ output: `hello by ${http} over ${version}`, exitCode: 0 });
        });

        it("shows a certificate", async () => {
          expect(await ask("/who", ...asAlice)).toEqual({ output: "alice true ", exitCode: 0 });
        });

        it("shows none", async () => {
          expect(await ask("/who")).toEqual({ output: "undefined false UNABLE_TO_GET_ISSUER_CERT", exitCode: 0 });
        });

        it("uploads", async () => {
          const upload = ["--request", "POST", "--upload-file", large];
          expect(await ask("/digest", ...upload)).toEqual({ output: digestOfLarge, exitCode: 0 });
        });

        it("downloads", async () => {
          const download = ["--output", "/dev/null", "--write-out", "%{size_download}"];
          expect(await ask(`/bytes/${length}`, ...download)).toEqual({ output: String(length), exitCode: 0 });
        });
      });
    });

    describe("of which some are wrong,", () => {
      let running: RunningServer<WebPorts>;
      beforeAll(async () => {
        running = await startServer("web-server.ts", way);
      }, timeOfProgram);
      afterAll(() => running.stop());

      describe.each(versions)("over %s", (_version, options) => {
        const ask = (listener: keyof WebPorts, ...others: readonly string[]) =>
          curl(...trusting, ...options, ...others, `https://localhost:${running.ports[listener]}/who`);

        it("refuses another authority", async () => {
          const others = ["--cacert", identityFiles(alice).root];
          expect(await ask("https", ...others)).toMatchObject({
            output: expect.stringContaining("unable to get local issuer certificate"),
            exitCode: 60,
          });
        });

        it("refuses an expired certificate", async () => {
          expect(await ask("expired")).toMatchObject({
            output: expect.stringContaining("certificate has expired"),
            exitCode: 60,
          });
        });

        it("refuses a certificate for another name", async () => {
          expect(await ask("misnamed")).toMatchObject({
            output: expect.stringContaining("subject name matches target host name 'localhost'"),
            exitCode: 60,
          });
        });

        it("is known where certificates are demanded", async () => {
          expect(await ask("demanding", ...asAlice)).toEqual({ output: "alice true ", exitCode: 0 });
        });

        it.each([
          ["without one", []],
          ["with one by another authority", asEve],
        ])("is refused there %s", async (_what, shown) => {
          expect(connectionFailures).toContain((await ask("demanding", ...shown)).exitCode);
        });

        // With the root, which curl knows by --cacert and shows.
        it("isn't who it says where whoever comes is let in", async () => {
          expect(await ask("https", ...asEve)).toEqual({
            output: "eve false SELF_SIGNED_CERT_IN_CHAIN",
            exitCode: 0,
          });
        });
      });

      it("resumes its session in TLS 1.3", async () => {
        const url = `https://localhost:${running.ports.https}/connection`;
        const { output } = await curl(...trusting, "--tlsv1.3", "--header", "Connection: close", url, url);
        expect(output).toMatch(/^\[\d+,false\]\[\d+,true\]$/);
      });
    });
  });
});
