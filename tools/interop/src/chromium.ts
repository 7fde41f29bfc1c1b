import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { commandOutput } from "./command-output.ts";
import { DevTools } from "./dev-tools.ts";
import { Program } from "./program.ts";
import { scratchFile, scratchFolder } from "./scratch.ts";

/** What keeps Chromium from being used; nothing if it can be. */
export const noChromium: string | undefined = reasonAgainstChromium();

function reasonAgainstChromium(): string | undefined {
  if (commandOutput("chromium", "--version") === undefined) return "the command chromium is not on this machine";
  if (commandOutput("certutil", "-H") !== undefined) return undefined;
  return "the command certutil (libnss3-tools) is not on this machine";
}

/** A page that was loaded, or wasn't. */
export interface Page {
  /** `net::ERR_…`, of a page that can't be shown. */
  readonly error: string | undefined;
  /** As Chromium has it, `TLS 1.3`. */
  readonly protocol: string | undefined;
  /** Evaluates an expression there, and waits for the promise that it may be. */
  evaluate(expression: string): Promise<unknown>;
  /** Shows it to somebody else from now on. */
  show(viewer: Viewer): Promise<void>;
  /** What there is to see of the whole page, as PNG. */
  screenshot(): Promise<Uint8Array>;
}

/** Whom a page is shown to. */
export interface Viewer {
  /** Of the window, in CSS pixels. */
  readonly width: number;
  readonly scheme: "light" | "dark";
  readonly media: "screen" | "print";
}

/** As the protocol has it. */
interface Response {
  readonly securityDetails?: { readonly protocol: string };
}

/** A browser without a window, which may trust one authority besides those that it came with. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #devTools: DevTools;

  private constructor(child: ChildProcess, devTools: DevTools) {
    this.#process = child;
    this.#devTools = devTools;
  }

  /**
   * @param authority in PEM, if there is to be one.
   * @param options for its command line.
   */
  static async start(authority: string | undefined, ...options: readonly string[]): Promise<Chromium> {
    const home = scratchFolder("chromium");
    if (authority !== undefined) await trust(home, authority);
    const all = [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--no-proxy-server"],
      ...[`--user-data-dir=${join(home, "profile")}`, "--remote-debugging-pipe"],
    ];
    const child = spawn("chromium", [...all, ...options], {
      env: { ...process.env, HOME: home },
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    // What it reads and writes there are pipes.
    const [, , , input, output] = child.stdio as readonly unknown[] as readonly [null, null, null, Writable, Readable];
    const devTools = new DevTools(input, output);
    await devTools.call("Browser.getVersion", {});
    return new Chromium(child, devTools);
  }

  /** Loads a page for which nothing is there yet: no connection, no session, nothing cached. */
  async load(url: string): Promise<Page> {
    const devTools = this.#devTools;
    const { browserContextId } = await devTools.call("Target.createBrowserContext", {});
    const { targetId } = await devTools.call("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await devTools.call("Target.attachToTarget", { targetId, flatten: true });
    const session = String(sessionId);
    await devTools.call("Network.enable", {}, session);
    await devTools.call("Page.enable", {}, session);
    let protocol: string | undefined;
    devTools.once("Network.responseReceived", session, ({ response }) => {
      ({ protocol } = (response as Response).securityDetails ?? {});
    });
    const loaded = new Promise<unknown>((resolve) => devTools.once("Page.loadEventFired", session, resolve));
    const { errorText } = await devTools.call("Page.navigate", { url }, session);
    if (errorText === undefined) await loaded;
    return {
      error: errorText === undefined ? undefined : String(errorText),
      protocol,
      evaluate: async (expression) => {
        const asked = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await devTools.call("Runtime.evaluate", asked, session);
        if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
        return (result as { readonly value: unknown }).value;
      },
      show: async ({ width, scheme, media }) => {
        const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
        await devTools.call("Emulation.setDeviceMetricsOverride", metrics, session);
        const features = [{ name: "prefers-color-scheme", value: scheme }];
        await devTools.call("Emulation.setEmulatedMedia", { media, features }, session);
      },
      screenshot: async () => {
        const { data } = await devTools.call("Page.captureScreenshot", { captureBeyondViewport: true }, session);
        return Buffer.from(String(data), "base64");
      },
    };
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}

/** Puts an authority into the store of a user whose home that is. */
async function trust(home: string, authority: string): Promise<void> {
  const folder = join(home, ".pki", "nssdb");
  mkdirSync(folder, { recursive: true });
  const file = scratchFile("authority.pem", authority);
  const database = ["-d", `sql:${folder}`];
  for (const args of [
    ["-N", "--empty-password"],
    ["-A", "-n", "authority", "-t", "C,,", "-i", file],
  ]) {
    const program = new Program("certutil", [...database, ...args]);
    if ((await program.ended()) !== 0) throw new Error(`certutil: ${program.lines.join("\n")}`);
  }
}
