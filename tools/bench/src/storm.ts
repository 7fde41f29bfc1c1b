/**
 * Clients that connect by `node:tls` again and again, in a process of their own: `storm.ts`. Gets a port to connect to,
 * with the CA; the server closes each connection when its handshake is done.
 */
import { fork } from "node:child_process";
import { connect, createSecureContext } from "node:tls";
import { fileURLToPath } from "node:url";
import { whenMeasured } from "./closing.ts";
import { discard } from "./traffic.ts";

/** How many connect at once: as many wait for the server as it takes to keep it busy. */
const clients = 16;

/** @internal What it is told. */
interface StormTarget {
  readonly port: number;
  readonly ca: string;
}

/** Starts it. It lasts until everything is measured. */
export function startStorm(target: StormTarget): void {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  child.send(target);
  whenMeasured(() => child.disconnect());
}

async function connectForEver({ port, ca }: StormTarget): Promise<void> {
  const secureContext = createSecureContext({ ca, minVersion: "TLSv1.3", ecdhCurve: "X25519" });
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port, servername: "localhost", secureContext });
    discard(socket);
    await new Promise((closed) => socket.once("close", closed));
  }
}

if (process.argv[1] === import.meta.filename) {
  process.once("message", (target: StormTarget) => {
    for (let client = 0; client < clients; client += 1) void connectForEver(target);
  });
  process.once("disconnect", () => process.exit());
}
