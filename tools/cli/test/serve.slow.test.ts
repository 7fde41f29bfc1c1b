import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import { dirname } from "node:path";
import * as tls from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { connect } from "@tlskit/node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { maxRequests } from "../src/limits.ts";
import { Command, file, served, tlskit } from "./helpers/command.ts";

async function page(
  port: number,
  ca: string,
  options: tls.ConnectionOptions = {},
  agent: Agent | false = false,
  over: (socket: Socket) => void = () => undefined,
): Promise<string> {
  const request = get({ host: "localhost", port, ca: readFileSync(ca), agent, ...options });
  const [response] = await once(request, "response");
  over(response.socket);
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}

describe("tlskit serve", () => {
  test("answers Node's own HTTPS client with what was negotiated", async () => {
    const { port, ca } = await served();
    const text = await page(port, ca, { ecdhCurve: "P-256" });
    expect(text).toMatch(/^version +TLSv1\.3$/m);
    expect(text).toMatch(/^group +secp256r1$/m);
    expect(text).toMatch(/^server name +localhost$/m);
  });

  test("has TLS 1.2 as well, or alone if it is told so, or not at all", async () => {
    const { port, ca } = await served();
    expect(await page(port, ca)).toMatch(/^version +TLSv1\.3$/m);
    const older = await page(port, ca, { maxVersion: "TLSv1.2" });
    expect(older).toMatch(/^version +TLSv1\.2$/m);
    expect(older).toMatch(/^cipher suite +TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256$/m);
    const alone = await served("--tls", "1.2", "--cipher", "ECDHE-ECDSA-AES256-SHA384");
    expect(await page(alone.port, alone.ca)).toMatch(/^cipher suite +TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384$/m);
    const to = ["connect", `localhost:${alone.port}`, "--ca", alone.ca, "--json", "--http", "/"];
    const connected = await tlskit([...to, "--tls", "1.3", "--tls", "1.2", "--cipher", "ECDHE-ECDSA-AES256-SHA384"]);
    expect(JSON.parse(connected.stderr)).toMatchObject({
      version: "TLSv1.2",
      cipherSuite: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    });
    expect(connected.stdout).toContain("tlskit: it works");
    expect(await tlskit(to)).toMatchObject({ stderr: expect.stringContaining("handshake_failure") });
    const newer = await served("--tls", "1.3");
    const refused = await tlskit(["connect", `localhost:${newer.port}`, "--ca", newer.ca, "--tls", "1.2"]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("protocol_version") });
  });

  test.each([
    ["ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "x25519"],
    ["DHE-RSA-AES256-SHA256", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "ffdhe2048"],
    ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", null],
    ["DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", null],
  ])("has a cipher suite of TLS 1.2 by whatever name, with what it needs: %s", async (named, cipherSuite, group) => {
    const choice = ["--tls", "1.2", "--cipher", named];
    const { port, ca } = await served(...choice);
    const to = ["connect", `localhost:${port}`, "--ca", ca, "--json", "--http", "/"];
    const { stdout, stderr } = await tlskit([...to, ...choice]);
    expect(JSON.parse(stderr)).toMatchObject({ version: "TLSv1.2", cipherSuite, group });
    expect(stdout).toContain(cipherSuite);
  });

  test("has block ciphers and Diffie-Hellman in finite fields also in JavaScript alone", async () => {
    const choice = ["--tls", "1.2", "--cipher", "DHE-RSA-AES128-SHA", "--provider", "noble"];
    const { port, ca } = await served(...choice);
    const to = ["connect", `localhost:${port}`, "--ca", ca, "--json", "--http", "/"];
    const { stderr } = await tlskit([...to, ...choice]);
    expect(JSON.parse(stderr)).toMatchObject({ cipherSuite: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", group: "ffdhe2048" });
  });

  test.each([
    ["1.1", "TLSv1.1", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", []],
    ["1.0", "TLSv1.0", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", []],
    ["1.1", "TLSv1.1", "TLS_RSA_WITH_AES_128_CBC_SHA", ["--cipher", "AES128-SHA"]],
    ["1.0", "TLSv1.0", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", ["--cipher", "DES-CBC3-SHA"]],
    ["1.0", "TLSv1.0", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", ["--cipher", "DHE-RSA-AES256-SHA"]],
  ])("has TLS %s where it is told so, with what that needs: %s, %s", async (name, version, cipherSuite, choice) => {
    const { port, ca } = await served("--tls", name, ...choice);
    const to = ["connect", `localhost:${port}`, "--ca", ca, "--json", "--http", "/"];
    const { stdout, stderr } = await tlskit([...to, "--tls", "1.3,1.2", "--tls", "1.1", "--tls", "1.0", ...choice]);
    expect(JSON.parse(stderr)).toMatchObject({ version, cipherSuite });
    expect(stdout).toContain(cipherSuite);
    expect(await tlskit(to)).toMatchObject({ code: 1, stderr: expect.stringContaining("protocol_version") });
  });

  test("serves suites of TLS 1.2 with each kind of certificate's key", async () => {
    const { port, ca } = await served("--tls", "1.3,1.2", "--cipher", "ECDHE-ECDSA-AES128-SHA:AES256-SHA");
    const only = { maxVersion: "TLSv1.2" } as const;
    expect(await page(port, ca, { ...only, ciphers: "AES256-SHA" })).toContain("TLS_RSA_WITH_AES_256_CBC_SHA");
    expect(await page(port, ca, only)).toContain("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
    expect(await page(port, ca)).toMatch(/^version +TLSv1\.3$/m);
  });

  test("serves many connections at once", async () => {
    const { port, ca } = await served();
    const pages = await Promise.all(Array.from({ length: 50 }, () => page(port, ca)));
    expect(new Set(pages).size).toBe(1);
  });

  test("listens on this machine's loopback alone unless told", async () => {
    const { command } = await served();
    expect(command.stdout).toMatch(/^CA certificate: .*\nlistening on \d+\n$/);
    const elsewhere = new Command(["serve", "--port", "0", "--host", "127.0.0.2"]);
    const [, port] = await elsewhere.says("stdout", /^listening on (\d+)$/m);
    const refused = connectTcp({ host: "127.0.0.1", port: Number(port) });
    const [error] = await once(refused, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("takes a certificate of one's own, and the choices of the negotiation", async () => {
    const { root, certificate } = throwawayPki(
      nodeProvider,
      (length) => crypto.getRandomValues(new Uint8Array(length)),
      ["own.example"],
      Date.now(),
    );
    const cert = file("cert.pem", certificatesToPem(...certificate.chain));
    const key = file("key.pem", privateKeyToPem(certificate.key));
    const choices = ["--cipher", "TLS_AES_256_GCM_SHA384", "--group", "P-384", "--alpn", "http/1.1"];
    const { port, command } = await served("--cert", cert, "--key", key, ...choices);
    expect(command.stdout).toBe(`listening on ${port}\n`);
    const ca = file("ca.pem", certificatesToPem(root.certificate));
    const { stderr } = await tlskit([
      ...["connect", `127.0.0.1:${port}`, "--servername", "own.example", "--ca", ca, "--json"],
      ...["--alpn", "http/1.1"],
    ]);
    expect(JSON.parse(stderr)).toMatchObject({
      cipherSuite: "TLS_AES_256_GCM_SHA384",
      group: "secp384r1",
      alpn: "http/1.1",
    });
  });

  test("says so when the port is taken, and exits with 1", async () => {
    const { port } = await served();
    const { code, stderr, stdout } = await tlskit(["serve", "--port", String(port)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tlskit: .*EADDRINUSE/);
    const [, ca = ""] = /^CA certificate: (.*)$/m.exec(stdout) ?? [];
    expect(ca).not.toBe("");
    expect(existsSync(dirname(ca))).toBe(false);
  });

  test("--trace tells whose messages they are", async () => {
    const { port, ca, command } = await served("--trace");
    await page(port, ca);
    await command.says("stderr", /^127\.0\.0\.1:\d+\n← ClientHello \(/m);
    await command.says("stderr", /^→ Finished \(/m);
  });

  describe("closes a connection after its time", () => {
    /** Connected and verified; tells when the server has closed it. */
    async function established(port: number, ca: string): Promise<tls.TLSSocket> {
      const socket = tls.connect({ host: "127.0.0.1", port, servername: "localhost", ca: readFileSync(ca) });
      socket.on("error", () => undefined);
      socket.resume();
      await once(socket, "secureConnect");
      return socket;
    }

    test("that sends nothing at all", async () => {
      const { port, command } = await served("--timeout", "0.2");
      const raw = connectTcp({ host: "127.0.0.1", port });
      raw.resume();
      await once(raw, "close");
      await command.says("stderr", /the handshake took more than 200 ms/);
    });

    test("that is established and asks for nothing", async () => {
      const { port, ca } = await served("--timeout", "0.2");
      await once(await established(port, ca), "close");
    });

    test("that never comes to the end of its request", async () => {
      const { port, ca } = await served("--timeout", "0.2");
      const socket = await established(port, ca);
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nA: ");
      const slowly = setInterval(() => socket.write("a"), 20);
      await once(socket, "close");
      clearInterval(slowly);
    });

    test("that is echoed and falls silent", async () => {
      const { port, ca } = await served("--echo", "--timeout", "0.2");
      await once(await established(port, ca), "close");
    });

    test("but not one that asks again and again", async () => {
      const { port, ca } = await served("--timeout", "3");
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ports = new Set<number | undefined>();
      for (let i = 0; i < 4; i += 1) {
        await page(port, ca, {}, agent, (socket) => ports.add(socket.localPort));
        await new Promise((resolve) => setTimeout(resolve, 1200));
      }
      agent.destroy();
      expect(ports.size).toBe(1);
    });
  });

  describe("says close_notify before it closes a connection", () => {
    const get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** The status of each answer, when the server has ended the connection; an end without close_notify is an error. */
    async function answers(port: number, ca: string, said: string): Promise<readonly (string | undefined)[]> {
      const socket = connect({ host: "localhost", port, ca: readFileSync(ca, "utf8") });
      onTestFinished(() => void socket.destroy());
      socket.write(said);
      let text = "";
      for await (const chunk of socket) text += chunk;
      return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    }

    // The time is the handshake's as well.
    test.each([
      ["that asks for nothing", "", ["408"]],
      ["that asks for nothing more", get, ["200"]],
      ["whose request never ends", "GET / HTTP/1.1\r\n", ["408"]],
    ])("%s", async (_which, said, expected) => {
      const { port, ca } = await served("--timeout", "1");
      expect(await answers(port, ca, said)).toEqual(expected);
    });

    test.each([
      ["that speaks no HTTP", "HELO\r\n\r\n", ["400"]],
      ["with too large a header", `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, ["431"]],
    ])("%s", async (_which, said, expected) => {
      const { port, ca } = await served();
      expect(await answers(port, ca, said)).toEqual(expected);
    });

    test("that asks once more than it may, in one go", async () => {
      const { port, ca } = await served();
      expect(await answers(port, ca, get.repeat(maxRequests + 1))).toEqual(Array(maxRequests).fill("200"));
    });

    test("that is echoed and falls silent", async () => {
      const { port, ca } = await served("--echo", "--timeout", "1");
      const socket = connect({ host: "localhost", port, ca: readFileSync(ca, "utf8") });
      onTestFinished(() => void socket.destroy());
      socket.write("hello");
      let text = "";
      for await (const chunk of socket) text += chunk;
      expect(text).toBe("hello");
    });
  });

  test("takes a request too many on another connection", async () => {
    const { port, ca } = await served();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports: (number | undefined)[] = [];
    for (let i = 0; i < maxRequests + 1; i += 1) {
      await page(port, ca, {}, agent, (socket) => ports.push(socket.localPort));
    }
    expect(new Set(ports.slice(0, maxRequests)).size).toBe(1);
    expect(new Set(ports).size).toBe(2);
  });

  describe("when it is told to", () => {
    test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s, ends with exit 0, its folder gone", async (signal) => {
      const { command, ca } = await served();
      expect(existsSync(ca)).toBe(true);
      command.child.kill(signal);
      expect((await command.ended()).code).toBe(0);
      expect(existsSync(dirname(ca))).toBe(false);
    });

    test("closes what is idle with a close_notify", async () => {
      const { command, port, ca } = await served();
      const socket = connect({ host: "localhost", port, ca: readFileSync(ca, "utf8") });
      onTestFinished(() => void socket.destroy());
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await once(socket, "data");
      const ended = once(socket.resume(), "end");
      command.child.kill("SIGTERM");
      await ended;
      expect((await command.ended()).code).toBe(0);
    });

    test("closes echoed connections with a close_notify", async () => {
      const { command, port, ca } = await served("--echo");
      const socket = connect({ host: "localhost", port, ca: readFileSync(ca, "utf8") });
      onTestFinished(() => void socket.destroy());
      socket.write("hello");
      await once(socket, "data");
      const ended = once(socket.resume(), "end");
      command.child.kill("SIGTERM");
      await ended;
      expect((await command.ended()).code).toBe(0);
    });

    test("doesn't wait for whoever takes his time, in a handshake or in a request", async () => {
      const { command, port, ca } = await served();
      const raw = connectTcp({ host: "127.0.0.1", port });
      raw.on("error", () => undefined);
      const socket = connect({ host: "localhost", port, ca: readFileSync(ca, "utf8") });
      socket.on("error", () => undefined);
      onTestFinished(() => {
        raw.destroy();
        socket.destroy();
      });
      socket.write("GET / HT");
      await socket.established;
      command.child.kill("SIGTERM");
      expect((await command.ended()).code).toBe(0);
    });
  });

  test("never dies of what a peer sends", { timeout: 60_000 }, async () => {
    const { port, ca, command } = await served("--echo");
    const hello = Buffer.from("16030100050100000100", "hex");
    const openings: readonly Buffer[] = [
      Buffer.alloc(0),
      Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      Buffer.from("SSH-2.0-OpenSSH_9.6\r\n"),
      Buffer.from("80460103010000", "hex"),
      hello,
      Buffer.from("15030100020100", "hex"),
      Buffer.from("15030100020228", "hex"),
      Buffer.from("1403010001011403010001011403010001", "hex"),
      Buffer.from("1703030010", "hex"),
      Buffer.from("16030140010100", "hex"),
      Buffer.alloc(100_000),
      ...Array.from({ length: 60 }, (_, seed) => garbage(seed)),
    ];
    for (const bytes of openings) {
      for (const end of ["end", "reset", "wait"] as const) {
        const raw = connectTcp({ host: "127.0.0.1", port });
        raw.on("error", () => undefined);
        await once(raw, "connect");
        raw.write(bytes);
        if (end === "end") raw.end();
        else if (end === "reset") setImmediate(() => raw.resetAndDestroy());
        raw.resume();
        if (end === "end") await once(raw, "close");
      }
    }
    // A handshake that is broken off at each of its steps.
    for (let i = 0; i < 10; i += 1) {
      const socket = tls.connect({ host: "127.0.0.1", port, servername: "localhost", ca: readFileSync(ca) });
      socket.on("error", () => undefined);
      setTimeout(() => socket.destroy(), i);
      await once(socket, "close");
    }
    expect(command.child.exitCode).toBeNull();
    expect(await tlskit(["connect", `localhost:${port}`, "--ca", ca], "still there\n")).toMatchObject({
      code: 0,
      stdout: "still there\n",
    });
    expect(command.stderr).not.toMatch(/^ {4}at /m);
  });
});

/** Bytes that look like a handshake record for as long as a seed makes them. */
function garbage(seed: number): Buffer {
  let state = seed + 1;
  const bytes = Buffer.from(
    Array.from({ length: 20 + seed * 5 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state >> 16;
    }),
  );
  Buffer.from([22, 3, 1, 0, bytes.length - 5, 1, 0, 0, bytes.length - 9]).copy(bytes, 0, 0, 1 + (seed % 9));
  return bytes;
}
