import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this machine has the command `redis-server`. */
export function redisPresent(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A Redis of one's own: on a Unix socket, in a temporary folder, saving nothing. */
export class RedisServer {
  readonly path: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess) {
    this.#folder = folder;
    this.path = join(folder, "redis.sock");
    this.#process = process;
  }

  static async start(): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "tlskit-replays-"));
    const settings = { port: "0", unixsocket: join(folder, "redis.sock"), dir: folder, save: "" };
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
    process.once("exit", () => server.kill("SIGKILL"));
    await new Promise<void>((resolve, reject) => {
      let log = "";
      server.stdout.on("data", (text) => {
        log += text;
        if (log.includes("ready to accept connections at")) resolve();
      });
      server.once("error", reject);
      server.once("exit", () => reject(new Error(`redis-server ended: ${log}`)));
    });
    return new RedisServer(folder, server);
  }

  /** Without notice. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const over = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await over;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
