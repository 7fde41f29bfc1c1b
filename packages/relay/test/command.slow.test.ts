import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Page } from "./helpers/page.ts";
import { echo, origin, TargetServer } from "./helpers/places.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tlskit-relay-"));
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const { certificate } = throwawayPki(nodeProvider, random, "localhost", Date.now());
let target: TargetServer;

beforeAll(async () => {
  target = await TargetServer.start(echo);
});
afterAll(() => {
  target.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const cert = file("relay.pem", certificatesToPem(...certificate.chain));
const key = file("relay.key", privateKeyToPem(certificate.key));

/** A relay in a process of its own, which is listening. */
class RelayProcess {
  readonly #child: ChildProcess;
  readonly port: number;
  readonly lines: Readonly<Record<string, unknown>>[];

  private constructor(child: ChildProcess, port: number, lines: Readonly<Record<string, unknown>>[]) {
    this.#child = child;
    this.port = port;
    this.lines = lines;
  }

  static async start(...args: readonly string[]): Promise<RelayProcess> {
    const child = spawn(process.execPath, [main, "--port", "0", ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const lines: Readonly<Record<string, unknown>>[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on("line", (line) => lines.push(JSON.parse(line)));
    await once(reader, "line");
    return new RelayProcess(child, Number(lines[0]?.["port"]), lines);
  }

  /** How it ends: the exit code, and the signal. */
  async end(signal: NodeJS.Signals): Promise<readonly [number | null, NodeJS.Signals | null]> {
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    const [code, by] = await closed;
    return [code, by];
  }
}

/** What a command that ends by itself says. */
async function runCommand(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const [code] = await once(child, "close");
  return { code, out, errors };
}

describe("tlskit-relay", { timeout: 60_000 }, () => {
  it("relays to its targets, says what it does, and ends when it is told to", async () => {
    const relay = await RelayProcess.start("--target", target.name, "--origin", origin);
    const url = `ws://127.0.0.1:${relay.port}/${target.name}`;
    const page = await new Page(url, "tlskit-relay", origin).open();
    page.say({ grant: 100 });
    page.send("topsecret");
    await page.until(() => page.data.length === 9);
    expect(await new Page(url, "tlskit-relay", "https://x.example").refused()).toBe(403);
    expect(await relay.end("SIGTERM")).toEqual([0, null]);
    expect(await page.closed).toEqual([1001, "goingAway"]);
    const common = { address: "127.0.0.1", at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) };
    expect(relay.lines).toEqual([
      { event: "listening", port: relay.port, ...common },
      { event: "opened", id: 1, target: target.name, origin, credits: true, ...common },
      {
        event: "refused",
        reason: "origin_not_allowed",
        target: `/${target.name}`,
        origin: "https://x.example",
        ...common,
      },
      { event: "ending", signal: "SIGTERM", at: common.at },
      { event: "closed", id: 1, code: 1001, reason: "goingAway", bytesToTarget: 9, bytesToPage: 9, at: common.at },
    ]);
  });

  it("speaks wss with a certificate of its own", async () => {
    const files = ["--cert", cert, "--key", key];
    const relay = await RelayProcess.start("--target", target.name, "--allow-without-origin", ...files);
    const page = await new Page(`wss://127.0.0.1:${relay.port}/${target.name}`, "tlskit-relay").open();
    page.say({ grant: 200_000 });
    const data = Buffer.alloc(60_000, "x");
    for (let i = 0; i < 3; i += 1) page.send(data);
    await page.until(() => page.data.length === 180_000);
    page.say({ end: true });
    expect(await page.closed).toEqual([1000, "normal"]);
    expect(await relay.end("SIGINT")).toEqual([0, null]);
    expect(relay.lines[1]).toMatchObject({ event: "opened", address: "127.0.0.1" });
  });

  it("says which one it is", async () => {
    expect(await runCommand("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it("says what is wrong with how it is called", async () => {
    const { code, out, errors } = await runCommand("--origin", origin);
    expect({ code, out, errors }).toEqual({ code: 2, out: "", errors: expect.stringContaining("no --target") });
  });
});
