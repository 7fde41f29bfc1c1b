import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Random } from "@tlskit/crypto";
import { type HostileServer, hostileServers } from "./hostile-servers.ts";
import type { Target } from "./server-under-test.ts";
import { Tlskit } from "./tlskit.ts";

/** Runs `tlskit connect` against a hostile server. What is wrong with how it ended, if anything. */
export async function checkConnect(
  hostile: HostileServer,
  honest: Target,
  random: Random,
): Promise<string | undefined> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    hostile.serve(socket, random, honest.port);
    if (!socket.destroyed) socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  const options = ["--servername", "localhost", "--ca", honest.ca, "--timeout", `${honest.timeout}`];
  const tlskit = new Tlskit(["connect", `127.0.0.1:${port}`, ...options]);
  tlskit.child.stdin.end("never sent\n");
  const code = await tlskit.ended;
  server.close();
  const { stdout, stderr } = tlskit;
  const asItShould = code === 1 && stdout === "" && /^tlskit: [^\n]*\n$/.test(stderr) && hostile.reason.test(stderr);
  return asItShould
    ? undefined
    : `tlskit connect to a server that ${hostile.name}: exit ${code}, stdout ${JSON.stringify(stdout)}, stderr ${JSON.stringify(stderr)}`;
}

/** What came of running it against one after the other. */
export interface ConnectChecks {
  readonly count: number;
  readonly failures: readonly string[];
}

/** How many processes run at a time: most of them wait. */
const atOnce = 4;

/** Goes through the hostileServers, over and over, until told to stop; through all of them at least once. */
export async function keepConnecting(honest: Target, random: Random, stop: AbortSignal): Promise<ConnectChecks> {
  const failures: string[] = [];
  let count = 0;
  const work = async (): Promise<void> => {
    while (count < hostileServers.length || !stop.aborted) {
      const server = hostileServers[count % hostileServers.length];
      count += 1;
      const failure = server && (await checkConnect(server, honest, random));
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { count, failures };
}
