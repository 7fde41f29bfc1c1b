/** The one name that a fleet has: passes each connection on to the next server that is there: `node balancer.ts PORT…`. */
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";

let ports: readonly number[] = process.argv.slice(2).map(Number);
let next = 0;

// Whoever runs it says, in a line, which servers there are from now on.
createInterface({ input: process.stdin }).on("line", (line) => {
  ports = line.split(" ").map(Number);
  console.log(`passing on to ${line}`);
});

const balancer = createServer({ allowHalfOpen: true, noDelay: true }, (client) => pass(client, ports.length));
balancer.listen(0, "127.0.0.1", () => {
  const address = balancer.address();
  if (typeof address === "object") console.log(`listening on ${address?.port}`);
});

/** @param tries how many servers are tried: one may be gone. */
function pass(client: Socket, tries: number): void {
  const port = ports[next % ports.length];
  next += 1;
  if (port === undefined || tries === 0) return void client.destroy();
  const server = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
  const another = (): void => pass(client, tries - 1);
  server.once("error", another);
  server.once("connect", () => {
    server.off("error", another);
    pipeline(client, server, client, () => undefined); // an error of either ends both
  });
}
