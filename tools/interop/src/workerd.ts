import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { commandOutput } from "./command-output.ts";
import { Program } from "./program.ts";
import { scratchFolder } from "./scratch.ts";

/** The package's module: where its program for this machine is, and the newest date whose behaviour it has. */
interface Installed {
  readonly default: string;
  readonly compatibilityDate: string;
}

const installed: Installed | undefined = found();

function found(): Installed | undefined {
  try {
    // The package has no types; this is what its module exports. It throws where it has no program for a machine.
    return createRequire(import.meta.url)("workerd") as Installed;
  } catch {
    return undefined;
  }
}

/** As it says itself; nothing if it doesn't run here. */
export const workerdVersion: string | undefined =
  installed && /\d+(-\d+)+/.exec(commandOutput(installed.default, "--version") ?? "")?.[0];

/** What keeps workerd from being used; nothing if it can be. */
export const noWorkerd: string | undefined =
  workerdVersion === undefined ? "workerd doesn't run on this machine" : undefined;

/** What a Worker consists of. */
export interface Worker {
  /** Its modules by name, the first one first: that exports the handlers. */
  readonly modules: Readonly<Record<string, string>>;
  /** What its handlers have in `env`: texts. */
  readonly bindings?: Readonly<Record<string, string>>;
}

/** Milliseconds that it may take to evaluate a Worker's modules: much more than it should on a busy machine. */
const patience = 60_000;

/** Cloudflare's runtime with a single Worker, as it would be on their network today; but it may connect to this machine. */
export class Workerd {
  /** Where it takes requests, on 127.0.0.1. */
  readonly port: number;
  readonly #program: Program;

  private constructor(program: Program, port: number) {
    this.#program = program;
    this.port = port;
  }

  static async start({ modules, bindings = {} }: Worker): Promise<Workerd> {
    const folder = scratchFolder("workerd");
    let count = 0;
    /** Refers to a file with that content: what a configuration can say itself has quotation marks. */
    const embedded = (content: string): string => {
      count += 1;
      writeFileSync(join(folder, `${count}.txt`), content);
      return `embed "${count}.txt"`;
    };
    const list = (contents: Readonly<Record<string, string>>, kind: string): string =>
      Object.entries(contents)
        .map(([name, content]) => `(name = ${JSON.stringify(name)}, ${kind} = ${embedded(content)})`)
        .join(", ");
    const config = `
      using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [
          (name = "worker", worker = .worker),
          (name = "network", network = (allow = ["private"])),
        ],
        sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
      );
      const worker :Workerd.Worker = (
        modules = [${list(modules, "esModule")}],
        bindings = [${list(bindings, "text")}],
        compatibilityDate = "${installed?.compatibilityDate ?? ""}",
        globalOutbound = "network",
      );`;
    writeFileSync(join(folder, "config.capnp"), config);
    return await Workerd.serve(join(folder, "config.capnp"));
  }

  /**
   * What a configuration says, but on a free port.
   * @param config a file whose one socket is called `http`.
   */
  static async serve(config: string, environment: Readonly<Record<string, string>> = {}): Promise<Workerd> {
    if (installed === undefined) throw new Error(noWorkerd);
    const program = new Program(
      installed.default,
      ["serve", "--control-fd=1", "--socket-addr=http=127.0.0.1:0", config],
      { environment },
    );
    const [, port] = await program.waitForLine(/"event":"listen".*"port":(\d+)/, 0, patience);
    return new Workerd(program, Number(port));
  }

  /** What it has written: what a Worker tells its console, and what it threw. */
  get lines(): readonly string[] {
    return this.#program.lines;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}
