import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { Chromium, noChromium, type Page } from "@tlskit/interop/chromium";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostgresServer, postgres, postgresUser } from "@tlskit/interop/postgres";
import { Program } from "@tlskit/interop/program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "./helpers/bundled.ts";

const certificate = identity("P-256");
const alice = clientIdentity(postgresUser);
const stranger = clientIdentity(postgresUser, "P-256", "under P-256");
const relayCommand = fileURLToPath(new URL("../../../packages/relay/src/main.ts", import.meta.url));

const missing = noChromium ?? (typeof postgres === "string" ? postgres : undefined);

describeUnless(missing, "through a relay, with PostgreSQL behind it,", () => {
  let server: PostgresServer;
  let site: Server;
  let origin: string;
  let relay: Program;
  let relayUrl: string;
  let chromium: Chromium;
  let page: Page;

  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = await PostgresServer.start(postgres, certificate, { clients: alice });
    const files: Readonly<Record<string, readonly [string, string]>> = {
      "/": ["text/html", readFileSync(new URL("../postgres-from-a-page/index.html", import.meta.url), "utf8")],
      "/page.js": ["text/javascript", await bundled("postgres-from-a-page/page.ts")],
      "/scan": ["text/html", readFileSync(new URL("../scan-from-a-page/index.html", import.meta.url), "utf8")],
      "/scan.js": ["text/javascript", await bundled("scan-from-a-page/page.ts")],
    };
    site = createServer(({ url = "" }, response) => {
      const [type = "text/plain", content] = files[url] ?? [];
      response.writeHead(content === undefined ? 404 : 200, { "content-type": type }).end(content);
    });
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const target = `localhost:${server.port}`;
    relay = new Program(process.execPath, [relayCommand, "--target", target, "--origin", origin, "--port", "0"]);
    const [, port = ""] = await relay.waitForLine(/"listening".*"port":(\d+)/);
    relayUrl = `ws://127.0.0.1:${port}`;
    chromium = await Chromium.start(undefined);
    page = await chromium.load(origin);
  }, 120_000);
  afterAll(async () => {
    await chromium?.stop();
    await relay?.stop();
    site?.close();
    await server?.stop();
  });

  /** What the page answers to somebody who fills its form. */
  async function answer(client: Identity, authority: Identity, sql: string): Promise<string> {
    const fields = {
      ...{
        relay: relayUrl,
        host: "localhost",
        port: String(server.port),
        user: postgresUser,
        database: "postgres",
        sql,
      },
      ...{ authority: authority.rootPem, certificate: client.chainPem, key: client.keyPem },
    };
    return String(
      await page.evaluate(`new Promise((resolve) => {
        const form = document.querySelector("form");
        for (const [name, value] of Object.entries(${JSON.stringify(fields)})) form.elements[name].value = value;
        form.requestSubmit();
        const look = () => {
          const { value } = document.querySelector("output");
          if (value === "") setTimeout(look, 10);
          else resolve(value);
        };
        setTimeout(look, 10);
      })`),
    );
  }

  const whoAmI = "SELECT version, client_dn, current_user FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  describe("the example of PostgreSQL from a page", () => {
    it("is let in by its certificate, over TLS that begins in the page", async () => {
      expect(await answer(alice, certificate, whoAmI)).toBe(`TLSv1.3 | /CN=${postgresUser} | ${postgresUser}`);
    });

    it("gets more than a window of the relay's", async () => {
      const rows = await answer(alice, certificate, "SELECT i, repeat('x', 1000) FROM generate_series(1, 1000) i");
      const lines = rows.split("\n");
      expect(lines.length).toBe(1000);
      expect(lines[999]).toBe(`1000 | ${"x".repeat(1000)}`);
    });

    it("says what the server says", async () => {
      expect(await answer(alice, certificate, "SELECT nothing")).toBe('Error: column "nothing" does not exist');
    });

    it("isn't let in by a certificate of another authority", async () => {
      const refusal = "Error: connection requires a valid client certificate";
      // It isn't even shown: the server names the authorities whose certificates it takes.
      expect(await answer(stranger, certificate, whoAmI)).toBe(refusal);
    });

    it("refuses a server of another authority", async () => {
      expect(await answer(alice, alice, whoAmI)).toMatch(/^TlsError: .*issuer/);
    });

    it("tells nobody on the way what was asked", () => {
      expect(relay.lines.join("\n")).toContain('"event":"closed"');
      expect(relay.lines.join("\n")).not.toMatch(/SELECT|PRIVATE KEY/);
    });
  });

  it("the example of a scan from a page tells what the server's TLS is", async () => {
    const scanning = await chromium.load(`${origin}/scan`);
    const { port } = server;
    const fields = { relay: relayUrl, host: "localhost", port, starttls: "postgres", authority: certificate.rootPem };
    const report = await scanning.evaluate(`new Promise((resolve) => {
      const form = document.querySelector("form");
      for (const [name, value] of Object.entries(${JSON.stringify(fields)})) form.elements[name].value = value;
      new MutationObserver(() => {
        const { value } = document.querySelector("output");
        if (value === "done") resolve(document.querySelector("iframe").srcdoc);
        else if (/Error/.test(value)) resolve(value);
      }).observe(document.querySelector("output"), { childList: true, subtree: true, characterData: true });
      form.requestSubmit();
    })`);
    expect(report).toContain("by STARTTLS of postgres");
    expect(report).toContain("TLS_AES_256_GCM_SHA384");
    // It is found to be for the name, and trusted by the authority that was given.
    expect(report).toContain("<dt>Trusted</dt><dd>yes");
    expect(report).not.toMatch(/failed: |Not reached/);
  });
});
