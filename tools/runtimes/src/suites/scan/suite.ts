import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { createServer } from "node:tls";
import { identity } from "@tlskit/interop/certificates";
import { besides, type HostedSuite, type Prepared } from "../../hosted-suite.ts";
import type { ScanGiven } from "./cases.ts";

/** A server of Node's own, and a port on which nobody listens. */
async function servers(): Promise<Prepared> {
  const { chainPem, keyPem, rootPem } = identity("P-256");
  const server = createServer({ cert: chainPem, key: keyPem }, (socket) => void socket.on("error", () => {}).end());
  server.listen(0, "127.0.0.1");
  const closed = createTcpServer().listen(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(closed, "listening")]);
  // They listen on ports.
  const { port } = server.address() as AddressInfo;
  const { port: closedPort } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, "close");
  const given: ScanGiven = { port, closedPort, rootPem };
  return {
    given,
    stop: async () => {
      server.close();
    },
  };
}

export const scan: HostedSuite = {
  name: "`@tlskit/scan`",
  about: "a server scanned over TCP",
  module: besides(import.meta.url),
  on: ({ name }) => /Node|Deno|Bun/.test(name),
  prepare: servers,
};
