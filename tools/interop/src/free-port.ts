import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** How often other ports are tried: another program may take one that was free a moment ago. */
const tries = 5;

/** Starts what has to be told its port. `start` gives nothing where the port was taken. */
export async function onFreePort<T>(start: (port: number) => Promise<T | undefined>): Promise<T> {
  return await onFreePorts(1, ([port = 0]) => start(port));
}

/** Starts what has to be told its ports. `start` gives nothing where one was taken. */
export async function onFreePorts<T>(
  count: number,
  start: (ports: readonly number[]) => Promise<T | undefined>,
): Promise<T> {
  for (let left = tries; left > 0; left -= 1) {
    const started = await start(await freePorts(count));
    if (started !== undefined) return started;
  }
  throw new Error(`ports that were free were taken, ${tries} times`);
}

async function freePorts(count: number): Promise<readonly number[]> {
  // Together, so that they differ.
  const servers = await Promise.all(Array.from({ length: count }, listening));
  return await Promise.all(servers.map(closed));
}

async function listening(): Promise<Server> {
  const server = createServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  return server;
}

/** Its port, when it doesn't listen there any more. */
async function closed(server: Server): Promise<number> {
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server listens on no port");
  return address.port;
}
