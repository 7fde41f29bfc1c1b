import { once } from "node:events";
import { createServer } from "node:net";

/** How often another port is tried: another program may take the one that was free a moment ago. */
const tries = 5;

/** Starts what has to be told its port. `start` gives nothing where the port was taken. */
export async function onFreePort<T>(start: (port: number) => Promise<T | undefined>): Promise<T> {
  for (let left = tries; left > 0; left -= 1) {
    const started = await start(await freePort());
    if (started !== undefined) return started;
  }
  throw new Error(`${tries} ports that were free were taken`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server listens on no port");
  return address.port;
}
