import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { privateKeyToPem, toPem } from "@tlskit/x509";
import type { Certified } from "./authority.ts";
import { inside, www } from "./places.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A folder with a configuration, and the files that it names; gone with `remove`. */
export class Folder {
  readonly path: string = mkdtempSync(join(tmpdir(), "tlskit-keyless-"));

  constructor(keyServer: Certified = inside.certify("key-server.internal")) {
    this.write("server.pem", keyServer.chain.map(({ der }) => toPem("CERTIFICATE", der)).join(""));
    this.write("server.key", privateKeyToPem(keyServer.key));
    this.write("clients.pem", toPem("CERTIFICATE", inside.certificate.der));
    this.write("www.key", privateKeyToPem(www.key));
  }

  write(name: string, contents: string): string {
    const path = join(this.path, name);
    writeFileSync(path, contents);
    return path;
  }

  /** Writes the configuration, with what is changed. */
  configure(changes: Readonly<Record<string, unknown>> = {}): string {
    return this.write("keyless.json", this.configuration(changes));
  }

  configuration(changes: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({
      ...{ port: 0, host: "127.0.0.1", cert: "server.pem", key: "server.key", ca: "clients.pem" },
      keys: { www: { key: "www.key", clients: ["frontend.internal"] } },
      ...changes,
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A key server in a process of its own, which is listening. */
export class KeyServerProcess {
  readonly #child: ChildProcess;
  readonly port: number;
  /** What it told, a line each. */
  readonly lines: Readonly<Record<string, unknown>>[];

  private constructor(child: ChildProcess, port: number, lines: Readonly<Record<string, unknown>>[]) {
    this.#child = child;
    this.port = port;
    this.lines = lines;
  }

  static async start(configuration: string): Promise<KeyServerProcess> {
    const child = spawn(process.execPath, [main, configuration], { stdio: ["ignore", "pipe", "inherit"] });
    const lines: Readonly<Record<string, unknown>>[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on("line", (line) => lines.push(JSON.parse(line)));
    await once(reader, "line");
    return new KeyServerProcess(child, Number(lines[0]?.["port"]), lines);
  }

  /** How it ends: the exit code, and the signal. */
  async end(signal: NodeJS.Signals): Promise<readonly [number | null, NodeJS.Signals | null]> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return [this.#child.exitCode, this.#child.signalCode];
    }
    const exited = once(this.#child, "close");
    this.#child.kill(signal);
    const [code, by] = await exited;
    return [code, by];
  }
}

/** What a command that ends by itself says. */
export async function runCommand(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const [code] = await once(child, "close");
  return { code, out, errors };
}
