import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { acceptStartTls, smtp } from "@tlskit/node/starttls";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Command, file, type Outcome, tlskit } from "./helpers/command.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const pki = throwawayPki(nodeProvider, random, "localhost", Date.now());
const own = pki.certificateOf("P-256");

/** A server of Node's own, and how many connections it has had. */
let server: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  const options = { cert: certificatesToPem(...own.chain), key: privateKeyToPem(own.key) };
  server = createTlsServer(options, (socket) => {
    socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  server.on("connection", () => {
    connections += 1;
  });
  port = await listening(server);
});
afterAll(() => void server.close());

async function listening(some: Server): Promise<number> {
  some.listen(0, "127.0.0.1");
  await once(some, "listening");
  return (some.address() as AddressInfo).port; // it listens on a port
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const some = createTcpServer();
  const free = await listening(some);
  some.close();
  await once(some, "close");
  return free;
}

/** A server that takes connections and never says anything. */
async function silentServer(): Promise<number> {
  const some = createTcpServer((socket) => void socket.on("error", () => undefined));
  onTestFinished(() => void some.close());
  return await listening(some);
}

/** One that says in the clear that it speaks SMTP, and goes over to TLS. */
async function smtpServer(): Promise<number> {
  const some = createTcpServer((raw) => {
    acceptStartTls(
      raw.on("error", () => undefined),
      { protocol: smtp, host: "localhost", certificates: [own] },
    ).then(
      (socket) => socket.on("error", () => undefined).resume(),
      () => raw.destroy(),
    );
  });
  onTestFinished(() => void some.close());
  return await listening(some);
}

function authority(): string {
  return file("ca.pem", certificatesToPem(pki.root.certificate));
}

async function scan(...args: readonly string[]): Promise<Outcome> {
  return await tlskit(["scan", ...args]);
}

/** What is read of a report's JSON. */
interface Report {
  readonly targets: readonly {
    readonly state: string;
    readonly code?: string;
    readonly target: { readonly host: string; readonly port: number; readonly startTls?: string };
    readonly address?: string;
    readonly facts: Readonly<Record<string, { readonly state: string; readonly why?: string }>>;
    readonly findings: readonly { readonly id: string }[];
  }[];
}

function reportOf({ stdout }: Outcome): Report {
  return JSON.parse(stdout);
}

describe("one target", () => {
  test("is reported on stdout, and what is done meanwhile on stderr, as a file takes it", async () => {
    const { code, stdout, stderr } = await scan(`localhost:${port}`, "--ca", authority());
    expect(code).toBe(0);
    expect(stdout).toContain(`localhost:${port}`);
    expect(stdout).toContain("TLS 1.3");
    expect(stderr).toMatch(/^localhost:\d+: begun\nlocalhost:\d+: scanned in [\d.]+ s by \d+ connections\n$/);
    for (const text of [stdout, stderr]) expect(text).not.toContain("\x1b");
  });

  test("is asked what is wanted, and nothing else", async () => {
    const before = connections;
    const outcome = await scan(`localhost:${port}`, "--only", "versions", "--json", "--quiet");
    expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
    const [target] = reportOf(outcome).targets;
    expect(target?.facts["versions"]).toMatchObject({ state: "found" });
    expect(target?.facts["certificates"]).toMatchObject({ state: "skipped", why: "left out" });
    expect(connections - before).toBeLessThan(10);
  });

  test("that isn't what is required is told, with exit 1; what it is is enough elsewhere, with exit 0", async () => {
    const policy = file("policy.json", '{ "name": "ours", "versions": { "required": ["TLS 1.3"] } }');
    const only = ["--only", "versions"];
    const modern = await scan(`localhost:${port}`, "--require", "modern", ...only);
    expect([modern.code, modern.stdout]).toEqual([1, expect.stringContaining("modern")]);
    const ours = await scan(`localhost:${port}`, "--require", policy, ...only);
    expect([ours.code, ours.stdout]).toEqual([0, expect.stringContaining("ours")]);
  });

  test("that nobody serves is told, with exit 3", async () => {
    const { code, stdout } = await scan(`localhost:${await closedPort()}`, "--retries", "0");
    expect([code, stdout]).toEqual([3, expect.stringContaining("not reached")]);
  });

  test("that says nothing is waited for no longer than was told", async () => {
    const outcome = await scan(`localhost:${await silentServer()}`, "--timeout", "0.05", "--json");
    expect(outcome.code).toBe(3);
    expect(reportOf(outcome).targets[0]).toMatchObject({ state: "unreached" });
  });

  test("is a page too, where that is wanted", async () => {
    const page = file("report.html", "an earlier one");
    const { code, stdout } = await scan(`localhost:${port}`, "--only", "versions", "--html", page);
    expect([code, stdout]).toEqual([0, expect.stringContaining("TLS 1.3")]);
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/i);
  });
});

describe("several targets", () => {
  test("are in one report, in their order, also those that couldn't be reached, with exit 3", async () => {
    const closed = await closedPort();
    const list = file("targets", `# these too\nlocalhost:${port}\nlocalhost:${closed} smtp\n`);
    const only = ["--only", "versions", "--json"];
    const outcome = await scan(`localhost:${await smtpServer()}`, "--starttls", "smtp", ...only);
    expect(outcome.code).toBe(0);
    expect(reportOf(outcome).targets[0]?.target).toMatchObject({ startTls: "smtp" });

    const several = await scan("--file", list, ...only);
    expect(several.code).toBe(3);
    const [first, second] = reportOf(several).targets;
    expect(first).toMatchObject({ state: "scanned", target: { host: "localhost", port } });
    expect(second).toMatchObject({ state: "unreached", code: "refused", target: { port: closed, startTls: "smtp" } });
  });

  test("are a summary at the end of a text", async () => {
    const { stdout } = await scan(`localhost:${port}`, `127.0.0.1:${port}`, "--only", "versions");
    expect(stdout).toContain("Summary of 2 targets");
  });

  test("are all addresses of a name, if that is wanted", async () => {
    const { stdout, stderr } = await scan(`localhost:${port}`, "--all", "--only", "versions", "--retries", "0");
    expect(stdout).toContain("127.0.0.1");
    expect(stderr).toMatch(/^localhost:\d+ at 127\.0\.0\.1: scanned/m);
  });
});

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it at once, without a report", async (signal, code) => {
    const command = new Command(["scan", `localhost:${await silentServer()}`, "--timeout", "300"]);
    await command.says("stderr", /: begun\n/);
    command.child.kill(signal);
    const ended = await command.ended();
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(ended.stderr).toContain("tlskit: interrupted: nothing is reported (0 of 1 were scanned)");
  });

  test("reports the targets that were done, and says which weren't", async () => {
    const silent = await silentServer();
    const args = [
      "scan",
      `localhost:${port}`,
      `127.0.0.1:${silent}`,
      "--only",
      "versions",
      "--timeout",
      "300",
      "--json",
    ];
    const command = new Command(args);
    await command.says("stderr", /: scanned in .*\(1 of 2\)\n/);
    command.child.kill("SIGINT");
    const ended = await command.ended();
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      targets: [{ state: "scanned", target: { port } }],
      unfinished: [{ host: "127.0.0.1", port: silent }],
    });
    expect(ended.stderr).toContain("tlskit: interrupted: what was done is reported (1 of 2 were scanned)");
  });
});
