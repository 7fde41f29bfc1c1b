import { smtp } from "@tlskit/starttls";
import { tls12 } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { http } from "../../src/checks/http.ts";
import { InMemoryScanning, type ScanningOptions } from "../helpers/in-memory-scanning.ts";
import { connectionTo, type ServerEnd, serverContext } from "../helpers/in-memory-server.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A server that answers with this, and what it was asked. */
function answering(answer: (server: ServerEnd, said: string) => void, options: ScanningOptions = {}) {
  const said: string[] = [];
  const context = serverContext({ alpnProtocols: ["http/1.1"] });
  const scanning = new InMemoryScanning(
    () =>
      connectionTo(context, {
        answer: (bytes, server) => {
          said.push(text(bytes));
          answer(server, text(bytes));
        },
      }),
    options,
  );
  return { said, scanning };
}

const head = (...lines: readonly string[]) => asciiBytes([...lines, "", ""].join("\r\n"));

const found = async (...lines: readonly string[]) => {
  const { scanning } = answering((server) => server.send(head("HTTP/1.1 200 OK", ...lines)));
  const outcome = await scanning.outcomeOf(http);
  return outcome.state === "found" ? outcome.value : outcome;
};

describe("the check of HTTP", () => {
  it("asks for the page that everybody gets, in one connection, and tells what was said", async () => {
    const { scanning, said } = answering((server) => server.send(head("HTTP/1.1 204 No Content", "Server: x")));
    const outcome = await scanning.outcomeOf(http);
    expect(outcome).toMatchObject({ state: "found", value: { status: 204, server: "x", cookiesWithoutSecure: [] } });
    expect(said).toEqual([
      "GET / HTTP/1.1\r\nHost: server.example\r\nUser-Agent: tlskit-scan\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nConnection: close\r\n\r\n",
    ]);
    expect(scanning.connections).toBe(1);
    const data = scanning.evidence.flatMap(({ messages }) =>
      messages.filter(({ type }) => type === "application_data"),
    );
    expect(data.map(({ from }) => from)).toEqual(["client", "server"]);
  });

  it("names the port where that isn't HTTPS' own, and an address in brackets", async () => {
    const { scanning, said } = answering((server) => server.send(head("HTTP/1.0 200 OK")), {
      target: { host: "2001:db8::1", port: 8443 },
    });
    await scanning.outcomeOf(http);
    expect(said[0]).toContain("\r\nHost: [2001:db8::1]:8443\r\n");
  });

  it("tells of a redirect", async () => {
    const { scanning } = answering((server) =>
      server.send(head("HTTP/1.1 301 Moved Permanently", "location: http://www.example/")),
    );
    expect(await scanning.outcomeOf(http)).toMatchObject({
      value: { status: 301, location: "http://www.example/", hsts: undefined },
    });
  });

  it("tells by what the answer was compressed", async () => {
    expect(await found("Content-Encoding: gzip")).toMatchObject({ contentEncoding: "gzip" });
    expect(await found()).toMatchObject({ contentEncoding: undefined });
  });

  it("tells of HSTS, by the first of several fields", async () => {
    expect(await found("Strict-Transport-Security: max-age=300; includeSubDomains")).toMatchObject({
      hsts: { header: "max-age=300; includeSubDomains", maxAgeSeconds: 300, includeSubDomains: true, preload: false },
    });
    expect(await found("Strict-Transport-Security: max-age=300", "strict-transport-security: max-age=1")).toMatchObject(
      { hsts: { maxAgeSeconds: 300, repeated: true, problem: undefined } },
    );
  });

  it("tells that HSTS doesn't count for an address", async () => {
    const { scanning } = answering(
      (server) => server.send(head("HTTP/1.1 200 OK", "Strict-Transport-Security: max-age=300")),
      { target: { host: "192.0.2.1" } },
    );
    expect(await scanning.outcomeOf(http)).toMatchObject({
      value: { hsts: { maxAgeSeconds: 0, problem: expect.stringContaining("address") } },
    });
  });

  it("tells which cookies have no Secure, by name alone", async () => {
    const cookies = ["Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; HttpOnly; secure", "set-cookie: c=3"];
    expect(await found(...cookies)).toMatchObject({ cookiesWithoutSecure: ["a", "c"] });
  });

  it("reads a head that comes in pieces, behind announcements", async () => {
    const { scanning } = answering((server) => {
      server.send(asciiBytes("HTTP/1.1 103 Early Hints\r\nServer: early\r\n"));
      server.send(asciiBytes("\r\nHTTP/1.1 200 OK\r\nSer"));
      server.send(asciiBytes("ver: late\r\n\r\n<p>"));
    });
    expect(await scanning.outcomeOf(http)).toMatchObject({ value: { status: 200, server: "late" } });
  });

  it.each([
    ["says something else", (server: ServerEnd) => server.send(asciiBytes("220 mail.example ESMTP\r\n")), /isn't HTTP/],
    ["never comes to an end", (server: ServerEnd) => server.send(new Uint8Array(70_000).fill(72)), /isn't HTTP/],
  ] as const)("says so where a server %s", async (_, answer, reason) => {
    const { scanning } = answering(answer);
    expect(await scanning.outcomeOf(http)).toMatchObject({ state: "skipped", reason: expect.stringMatching(reason) });
  });

  it("waits as long for a server that says nothing as it is told to", async () => {
    const { scanning } = answering(() => {}, { silence: 50 });
    expect(await scanning.outcomeOf(http)).toMatchObject({
      state: "failed",
      code: "no_response",
      reason: "it didn't answer an HTTP request within 0.05 seconds",
    });
  });

  it.each([
    ["that agreed to it", ["http/1.1"], 8443, ""],
    ["of its port", [], 443, ""],
    ["that began to", [], 8443, "HTTP/1.1 200 OK\r\nServer: x"],
  ])("isn't known of a server %s and ends too early", async (_, alpnProtocols, port, said) => {
    const context = serverContext({ alpnProtocols });
    const answer = (_: Uint8Array, server: ServerEnd): void => {
      server.send(asciiBytes(said));
      server.close();
    };
    const scanning = new InMemoryScanning(() => connectionTo(context, { answer }), { target: { port } });
    expect(await scanning.outcomeOf(http)).toMatchObject({ state: "failed", code: "no_response" });
  });

  it("doesn't apply to a server of another port that ends without a word", async () => {
    const answer = (_: Uint8Array, server: ServerEnd): void => server.close();
    const context = serverContext({ alpnProtocols: [] });
    const scanning = new InMemoryScanning(() => connectionTo(context, { answer }), { target: { port: 6379 } });
    expect(await scanning.outcomeOf(http)).toMatchObject({ state: "skipped", why: "inapplicable" });
  });

  it("isn't known of a server that speaks HTTP/2 alone", async () => {
    const context = serverContext({ alpnProtocols: ["h2"] });
    const scanning = new InMemoryScanning(() => connectionTo(context));
    const alpn = { state: "found", value: { accepted: ["h2"], unknown: "refused" }, evidence: [] } as const;
    expect(await scanning.outcomeOf(http, { alpn })).toMatchObject({ state: "failed", code: "no_response" });
  });

  it("fails where a head is too long", async () => {
    const { scanning } = answering((server) => server.send(asciiBytes(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`)));
    expect(await scanning.outcomeOf(http)).toMatchObject({ state: "failed", code: "response_too_long" });
  });

  it("asks no server that wants to speak something else", async () => {
    const context = serverContext({ alpnProtocols: ["imap"] });
    const scanning = new InMemoryScanning(() => connectionTo(context));
    expect(await scanning.outcomeOf(http)).toMatchObject({
      state: "skipped",
      reason: "it refuses http/1.1 (no_application_protocol)",
    });
    expect(scanning.connections).toBe(2);
  });

  it("asks nothing behind STARTTLS", async () => {
    const { scanning } = answering(() => {}, { target: { startTls: smtp } });
    expect(await scanning.outcomeOf(http)).toMatchObject({ state: "skipped", reason: "it speaks smtp" });
    expect(scanning.connections).toBe(0);
  });

  it("asks in TLS 1.2 where there is nothing newer", async () => {
    const context = serverContext({ versions: [tls12] });
    const scanning = new InMemoryScanning(() =>
      connectionTo(context, { answer: (_, server) => server.send(head("HTTP/1.1 200 OK")) }),
    );
    expect(await scanning.outcomeOf(http)).toMatchObject({ value: { status: 200 } });
    expect(scanning.connections).toBe(1);
  });
});
