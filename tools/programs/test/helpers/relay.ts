import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";

/**
 * A port of its own in front of a server, which knows nothing of TLS. Whoever comes to its other port cuts everybody off, as
 * a server does that crashes: nobody says that it is the end.
 */
export class Relay {
  readonly #server: Server;
  readonly #cutter: Server;
  readonly #clients = new Set<Socket>();

  private constructor(portOfServer: () => Promise<number>) {
    this.#server = createServer(async (client) => {
      this.#clients.add(client);
      client.once("close", () => this.#clients.delete(client));
      const server = connect(await portOfServer(), "127.0.0.1");
      pipeline(client, server, client, () => undefined);
    });
    this.#cutter = createServer((socket) => {
      for (const client of this.#clients) client.destroy();
      socket.destroy();
    });
  }

  static async listen(portOfServer: () => Promise<number>): Promise<Relay> {
    const relay = new Relay(portOfServer);
    await Promise.all([relay.#server, relay.#cutter].map((server) => once(server.listen(0, "127.0.0.1"), "listening")));
    return relay;
  }

  get port(): number {
    return portOf(this.#server);
  }

  get cutPort(): number {
    return portOf(this.#cutter);
  }

  close(): void {
    this.#server.close();
    this.#cutter.close();
    for (const client of this.#clients) client.destroy();
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens
}
