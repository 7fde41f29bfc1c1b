import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Relay } from "@tlskit/relay";
import type { Prepared } from "./hosted-suite.ts";
import { joiner } from "./peers/joiner.ts";
import type { JoiningRelay } from "./peers/web-socket.ts";
import type { RunningRuntime } from "./runtimes/runtime.ts";

/** A relay that leads to somebody who joins connections, for a runtime that runs. */
export async function joiningRelay({ origin }: RunningRuntime): Promise<Prepared> {
  const sockets = new Set<Socket>();
  const join = joiner();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket.on("error", () => {}));
    join(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  const relay = new Relay({
    targets: [`127.0.0.1:${port}`],
    origins: origin === undefined ? [] : [origin],
    allowWithoutOrigin: origin === undefined,
  });
  const listening = await relay.listen(0, "127.0.0.1");
  const given: JoiningRelay = { url: `ws://127.0.0.1:${listening.port}`, port };
  return {
    given,
    stop: async () => {
      await relay.close();
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
