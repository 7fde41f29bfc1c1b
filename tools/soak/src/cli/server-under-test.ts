import { Inspector } from "./inspector.ts";
import { Tlskit } from "./tlskit.ts";

/** What a process takes. */
export interface Footprint {
  /** Bytes of its memory that are resident. */
  readonly resident: number;
  /** Bytes of its heap in use after a garbage collection, with those of its buffers. */
  readonly heap: number;
  readonly sockets: number;
  readonly timers: number;
}

/** What `tlskit serve` does with what it is sent. */
export type Service = "page" | "echo";

/** Where a server is, and whom to trust for it. */
export interface Target {
  readonly service: Service;
  readonly port: number;
  /** The file with its authority's certificate. */
  readonly ca: string;
  /** Seconds that it gives to a handshake, and then to a request. */
  readonly timeout: number;
  /** How many times as long as on a machine of its own everything may take. */
  readonly slack: number;
}

/** A `tlskit serve` that can be looked into. */
export class ServerUnderTest {
  readonly target: Target;
  readonly process: Tlskit;
  readonly #inspector: Inspector;

  private constructor(target: Target, process: Tlskit, inspector: Inspector) {
    this.target = target;
    this.process = process;
    this.#inspector = inspector;
  }

  static async start(service: Service, timeout: number, slack: number): Promise<ServerUnderTest> {
    const args = ["serve", "--port", "0", "--timeout", `${timeout}`, ...(service === "echo" ? ["--echo"] : [])];
    const process = new Tlskit(args, ["--inspect=127.0.0.1:0"]);
    const inspector = await Inspector.open(await process.says("stderr", /^Debugger listening on (\S+)$/m));
    const port = Number(await process.says("stdout", /^listening on (\d+)$/m));
    const ca = await process.says("stdout", /^CA certificate: (.*)$/m);
    return new ServerUnderTest({ service, port, ca, timeout, slack }, process, inspector);
  }

  get running(): boolean {
    return this.process.child.exitCode === null && this.process.child.signalCode === null;
  }

  async footprint(): Promise<Footprint> {
    // What a first collection finalizes, buffers among it, is free after a second.
    await this.#inspector.collectGarbage();
    await this.#inspector.collectGarbage();
    const value = await this.#inspector.evaluate(`(() => {
      const { rss, heapUsed, external } = process.memoryUsage();
      const resources = process.getActiveResourcesInfo();
      const count = (name) => resources.filter((resource) => resource === name).length;
      return { resident: rss, heap: heapUsed + external, sockets: count("TCPSocketWrap"), timers: count("Timeout") };
    })()`);
    return value as Footprint; // just made
  }

  /** Tells it to stop; its exit code. */
  async stop(): Promise<number | null> {
    this.#inspector.close();
    this.process.child.kill("SIGTERM");
    return await this.process.ended;
  }
}
