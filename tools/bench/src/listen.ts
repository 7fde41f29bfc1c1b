import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import type { Listening } from "./implementation.ts";

/** Has a server listen on a free port of the loopback address. */
export async function listen(server: Server): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Of a server that listens on a port, it is not a string.
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
