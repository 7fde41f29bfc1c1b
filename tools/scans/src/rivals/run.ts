import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { scratchFolder } from "@tlskit/interop/scratch";
import type { Configuration } from "./configuration.ts";
import { DelayingRelay, type Traffic } from "./delaying-relay.ts";
import type { Scanner } from "./scanner.ts";

/** What came of a scanner's scan of a configuration. */
export interface Run {
  readonly seconds: number;
  readonly traffic: Traffic;
  readonly output: string;
}

/** Milliseconds from a peer to the other and back: within a continent. */
export const roundTrip = 50;

/** Milliseconds that a scan may take: several times what the slowest takes. */
const patience = 1_800_000;

/** Starts the server, and has it scanned through a relay that makes it far away. */
export async function run(scanner: Scanner, configuration: Configuration): Promise<Run> {
  const server = await configuration.start();
  try {
    await using relay = await DelayingRelay.before(server.port, roundTrip);
    const { startTls } = configuration;
    const out = `${scratchFolder("rival")}/found.json`;
    const [command = "", ...args] = scanner.command({ port: relay.port, rootFile: server.rootFile, startTls }, out);
    const start = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], timeout: patience });
    const [printed] = await Promise.all([text(child.stdout), once(child, "close")]);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, traffic: relay.traffic, output: existsSync(out) ? readFileSync(out, "utf8") : printed };
  } finally {
    await server.stop();
  }
}
