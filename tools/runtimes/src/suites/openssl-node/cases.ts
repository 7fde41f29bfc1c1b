import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { nodeClient, nodeServer } from "../../peers/node.ts";
import { Queue } from "../../peers/queue.ts";
import type { Cases } from "../../suite.ts";
import { opensslCases } from "../openssl/cases.ts";
import type { Given } from "../openssl/given.ts";

const host = "127.0.0.1";
const settings = { allowHalfOpen: true, noDelay: true };

export const cases: Cases<Given> = (given) =>
  opensslCases(
    {
      client: async (wishes) => {
        const over = nodeClient(wishes);
        return (port, attempt) => over(connect({ host, port, ...settings }), attempt);
      },
      listen: async (wishes) => {
        const over = nodeServer(wishes);
        const sockets = new Queue<Socket>();
        const server = createServer(settings, (socket) => sockets.put(socket));
        server.listen(0, host);
        await once(server, "listening");
        const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
        return { port, next: async () => over(await sockets.take()), close: () => server.close() };
      },
    },
    given,
  );
