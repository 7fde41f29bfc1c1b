import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absent } from "@tlskit/vectors";
import { createClient } from "redis";
import { onTestFinished, type TestContext } from "vitest";

export type Client = ReturnType<typeof clientOf>;

/** A Redis for one test: on a Unix socket, in a temporary folder, with nothing that it hasn't been told. */
export class RedisServer {
  readonly path: string;
  readonly #folder: string;
  readonly #listens: boolean;
  #port = 0;
  #process: ChildProcess | undefined;

  private constructor(folder: string, listens: boolean) {
    this.#folder = folder;
    this.path = join(folder, "redis.sock");
    this.#listens = listens;
  }

  /**
   * Ends the test if this machine has no Redis.
   * @param options `listens` for one that others are to be replicas of.
   */
  static async start(context: TestContext, { listens = false } = {}): Promise<RedisServer> {
    try {
      execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    } catch {
      absent(context, "the command redis-server is not on this machine");
    }
    const folder = mkdtempSync(join(tmpdir(), "tlskit-redis-"));
    const server = new RedisServer(folder, listens);
    onTestFinished(async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** Again, from what it has saved. */
  async start(): Promise<void> {
    for (let left = 10; ; left -= 1) {
      if (this.#listens) this.#port = await freePort();
      try {
        await this.#run();
        return;
      } catch (error) {
        // Another program may have taken the port meanwhile.
        if (!this.#listens || left === 0) throw error;
      }
    }
  }

  async #run(): Promise<void> {
    const settings = { port: this.#port, bind: "127.0.0.1", unixsocket: this.path, dir: this.#folder, save: "" };
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn("redis-server", [...options, "--repl-diskless-sync-delay", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = server;
    await new Promise<void>((resolve, reject) => {
      let log = "";
      server.stdout.on("data", (text) => {
        log += text;
        if (/ready to accept connections at/.test(log)) resolve();
      });
      server.once("error", reject);
      server.once("exit", () => reject(new Error(`redis-server ended: ${log}`)));
    });
  }

  /** Without notice: what isn't saved is lost. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const over = once(server, "exit");
    server.kill("SIGKILL");
    await over;
  }

  /** It lives, and answers nobody until it goes on. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#process?.kill("SIGCONT");
  }

  /** A client as users have one, that comes back soon. */
  async client(): Promise<Client> {
    const client = clientOf(this.path);
    client.on("error", () => {});
    onTestFinished(() => client.destroy());
    await client.connect();
    return client;
  }
}

function clientOf(path: string) {
  return createClient({ socket: { path, tls: false, reconnectStrategy: 20 } });
}

/** When a client is connected again. */
export async function connectedAgain(client: Client): Promise<void> {
  while (!client.isReady) await once(client, "ready");
}

/** When a client has noticed that its Redis is gone. */
export async function disconnected(client: Client): Promise<void> {
  while (client.isReady) await once(client, "error");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("a server listens on no port");
  return address.port;
}
