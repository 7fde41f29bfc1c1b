// Run as a thread of its own: a server by node:tls that demands a certificate of each client, and tells by shared memory
// how many connections it has closed, so that whoever waits for that need not let anything be read.
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { parentPort, workerData } from "node:worker_threads";

const { cert, key, ca, closed } = workerData as JudgingServerData;
const count = new Int32Array(closed);

/** What the thread is given. */
export interface JudgingServerData {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly closed: SharedArrayBuffer;
}

const server = tls.createServer({ cert, key, ca, minVersion: "TLSv1.3", requestCert: true, rejectUnauthorized: true });
server.on("tlsClientError", (_error, socket) => {
  socket.on("close", () => {
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  });
});
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
