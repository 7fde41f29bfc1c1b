import { nodeProvider } from "@tlskit/crypto-node";
import { earlierScansIn, jsonReport, type ScannedTarget, type ScanOptions, scan } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import type { RunningServer, ScannedServer } from "./scanned-server.ts";

/**
 * Milliseconds without an answer that are silence: in this process and on this machine whoever answers does so sooner. Of a
 * server that is silent about what it can't stand as many are spent as there is that it can't stand.
 */
const silence = { inMemory: 500, onPort: 2000 } as const;

const day = 86_400_000;

/** Starts a server, scans it, with what tries its patience too, and stops it. */
export async function scanServer(server: ScannedServer): Promise<ScannedTarget> {
  const running = await server.start();
  try {
    const first = await scanOnce(server, running, {});
    const { daysBetweenScans } = server;
    if (daysBetweenScans === undefined) return first;
    return await scanOnce(server, running, {
      earlier: earlierScansIn(jsonReport([first]))(running.target),
      clock: () => Date.now() + daysBetweenScans * day,
    });
  } finally {
    await running.stop();
  }
}

async function scanOnce(
  { name, checks, maxConnections }: ScannedServer,
  { target, anchors, publicRoots, transport }: RunningServer,
  options: Pick<ScanOptions, "earlier" | "clock">,
): Promise<ScannedTarget> {
  const report = await scan(target, {
    transport: transport ?? nodeTransport(),
    provider: nodeProvider,
    anchors,
    publicRoots,
    checks,
    maxConnections,
    intrusive: { renegotiation: true, earlyDataReplay: true, flaws: true },
    timeouts: { silence: transport === undefined ? silence.onPort : silence.inMemory },
    ...options,
  });
  if (report.state === "scanned") return report;
  throw new Error(`${name} was not reached: ${report.reason}`);
}
